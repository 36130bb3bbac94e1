"""How an attempt at a job ended, and how that is written."""

import random  # house: chance - jitter between attempts
from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Connection

from manciple.kit.errors import MancipleError
from manciple.platform.jobs.job import Job, wait_s
from manciple.platform.jobs.queue import Queue

Effect = Callable[[Connection], Any]
"""What a job changes, in the transaction that ends it; returns the job's result."""


class Ending(msgspec.Struct, eq=False):
    """How an attempt ended, waiting to be committed."""

    job: Job
    effect: Effect | None = None
    result: Any = None
    error: str | None = None
    retry_s: float | None = None
    is_released: bool = False
    is_canceled: bool = False
    trace: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the job ended well and changes nothing more."""
        return self.effect is None and self.error is None and not self.is_released

    def fail(self, error: str) -> None:
        """Notes what went wrong, and when it is tried again if that was not the last attempt."""
        self.error = error
        if not self.job.is_last_attempt:
            self.retry_s = wait_s(self.job.attempt, jitter=random.random())


def write_end(queue: Queue, connection: Connection, ending: Ending) -> None:
    """Writes one ending, with its effect if it has one."""
    job = ending.job
    if ending.is_released:
        queue.release(job, is_canceled=ending.is_canceled)
    elif ending.error is not None:
        queue.fail(job, ending.error, retry_s=ending.retry_s)
    elif ending.effect is not None:
        _finish_with_effect(queue, connection, ending.effect, ending)


def _finish_with_effect(
    queue: Queue, connection: Connection, effect: Effect, ending: Ending
) -> None:
    """The effect and the end of its job, both or neither."""
    job = ending.job
    savepoint = connection.begin_nested()
    try:
        if queue.finish(job, effect(connection)):
            savepoint.commit()
        else:
            savepoint.rollback()
    except Exception as error:  # noqa: BLE001 - one job must not undo the others
        savepoint.rollback()
        said = told(error)
        ending.fail(said)
        queue.fail(job, said, retry_s=ending.retry_s)


def told(error: Exception) -> str:
    """Our own errors speak for themselves; of a defect only its kind is kept."""
    return str(error) if isinstance(error, MancipleError) else f"a defect: {type(error).__name__}"
