"""A job: work kept for later, what it is made of and how long it waits between attempts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

# A hundred bytes of sentence are usual; a job is no place for files.
MAX_PAYLOAD_BYTES = 256 << 10
DEFAULT_ATTEMPTS = 5

_FIRST_WAIT_S = 2.0
_LONGEST_WAIT_S = 3600.0


class State(StrEnum):
    """Where a job stands. `DEAD` is a job that failed too often; it can be replayed."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    CANCELED = "canceled"


class NewJob(msgspec.Struct, frozen=True, kw_only=True):
    """Work to be kept. `payload` is anything msgspec can encode.

    Of the same `queue` and `unique_key` only one job waits or runs at a time. Jobs of higher
    `priority` start first; among equals every `tenant` gets its turn.
    """

    queue: str
    kind: str
    payload: Any = None
    tenant: str = ""
    unique_key: str | None = None
    priority: int = 0
    delay_s: float = 0.0
    max_attempts: int = DEFAULT_ATTEMPTS


class Job(msgspec.Struct, frozen=True, gc=False):
    """A job that a worker holds on lease; `attempt` counts from 1."""

    id: int
    queue: str
    kind: str
    payload: bytes
    tenant: str
    priority: int
    attempt: int
    max_attempts: int
    worker: str
    created_at: datetime

    @property
    def is_last_attempt(self) -> bool:
        """Whether a failure now is final."""
        return self.attempt >= self.max_attempts


class JobStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A job as those who asked for it see it; `result` is JSON."""

    id: int
    queue: str
    kind: str
    tenant: str
    state: State
    attempt: int
    max_attempts: int
    progress_thousandths: int
    progress_note: str | None
    result: bytes | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def wait_s(attempt: int, *, jitter: float) -> float:
    """Seconds before the next attempt: doubling from 2 s to an hour.

    `jitter` from 0 to 1 spreads them over the upper half, so that jobs which failed together do
    not come back together.
    """
    longest = min(_FIRST_WAIT_S * 2.0 ** min(attempt - 1, 30), _LONGEST_WAIT_S)
    return longest * (0.5 + jitter / 2)
