"""A place outside: how it is treated, what is remembered of it, and what its answers say of it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec

from manciple.grocery.connectors.pace import Pace, PaceSettings
from manciple.kit.breaker import Breaker, BreakerSettings, Outcome, State
from manciple.kit.errors import TooMany, Upstream

# A call begins a little after its time does: given up after most of it, it has had all of it.
_MOST_OF_TIME = 0.9
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a target answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One place outside and how it is treated.

    `timeout_s` bounds a call with all its waits and attempts; `slow_s` is when an answer counts as
    slow for the breaker; `max_bytes` bounds what is read of a body; `at_once` calls may be under
    way, so that a target which begins to refuse has refused only a few. `refusal` says why an
    answer that looks well is none; such count against the target as failures do.
    """

    name: str
    base_url: str
    timeout_s: float = 20.0
    attempts: int = 3
    slow_s: float = 8.0
    max_bytes: int = 16 << 20
    at_once: int = 8
    pace: PaceSettings = field(default_factory=PaceSettings)
    breaker: BreakerSettings = field(default_factory=BreakerSettings)
    refusal: Callable[[Answer], str | None] | None = None

    @property
    def hangs_s(self) -> float:
        """After so long, a call that is given up says something about the target."""
        return min(self.slow_s, _MOST_OF_TIME * self.timeout_s)


class TargetState(msgspec.Struct, frozen=True, kw_only=True):
    """How a target does, for those who watch the house."""

    name: str
    breaker: State
    calls: int
    failures: int
    wait_s: float


class Retry(Exception):
    """A call went wrong in a way that may be gone in a moment."""

    def __init__(self, error: Exception, wait_s: float | None = None) -> None:
        self.error = error
        self.wait_s = wait_s
        super().__init__(str(error))


class KnownTarget:
    """What is remembered of one target between calls."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.pace = Pace(target.pace)
        self.turns = asyncio.Semaphore(target.at_once)
        self.breaker = Breaker(target.name, target.breaker)
        self.seen = State.CLOSED
        self._calls = 0
        self._failures = 0

    def refusal(self, answer: Answer) -> str | None:
        """Why an answer is none, though its status does not say so."""
        refusal = self.target.refusal
        return None if refusal is None or answer.status in _AGAIN else refusal(answer)

    def judge(self, answer: Answer, took_s: float) -> Outcome:
        """What an answer says about the target; a 4xx is about the caller."""
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Outcome.BAD
        if answer.status >= HTTPStatus.BAD_REQUEST:
            return Outcome.NEUTRAL
        return Outcome.SLOW if took_s > self.target.slow_s else Outcome.GOOD

    def checked(self, answer: Answer, now_s: float) -> Answer:
        """The same answer, unless it asks to come again later.

        Raises:
            Retry: it does.
        """
        if answer.status not in _AGAIN:
            return answer
        wait_s = _retry_after_s(answer)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.pace.refused(now_s, wait_s=wait_s)
            raise Retry(TooMany(wait_s=wait_s or 1.0), wait_s)
        raise Retry(Upstream(self.target.name, f"answered {answer.status}"), wait_s)

    def count(self, outcome: Outcome) -> None:
        """Counts one call."""
        self._calls += 1
        self._failures += outcome is Outcome.BAD

    def state(self, now_s: float) -> TargetState:
        """How the target does."""
        return TargetState(
            name=self.target.name,
            breaker=self.breaker.state(now_s),
            calls=self._calls,
            failures=self._failures,
            wait_s=self.breaker.wait_s(now_s),
        )


def _retry_after_s(answer: Answer) -> float | None:
    """Seconds of `Retry-After`, written as a number or as a date that the answer's own dates."""
    stated = answer.headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated)
    try:
        until = parsedate_to_datetime(stated)
        return max(0.0, (until - parsedate_to_datetime(answer.headers["date"])).total_seconds())
    except (ValueError, KeyError, TypeError):
        return None
