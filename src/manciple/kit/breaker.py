"""A circuit breaker: stops asking what fails or crawls, and tries it again with care.

Pure: it is told the time. A call first asks `admit`; whoever was admitted must `record` how it
went. Faults of the caller itself are recorded as `NEUTRAL` and count for nothing.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from manciple.kit.errors import Unavailable


class State(StrEnum):
    """`HALF_OPEN` lets a few probes through and decides by them."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Outcome(StrEnum):
    """How a call went, as far as it says something about its target."""

    GOOD = "good"
    SLOW = "slow"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerSettings:
    """When a breaker opens and how it closes again.

    Of the last `window` calls within `window_s`, but not of fewer than `least_calls`, more than
    `bad_share` may not fail and more than `slow_share` may not be slow. An open breaker rests for
    `rest_s`, doubling with every failed probe up to `longest_rest_s`; then `probes` calls may try,
    and all of them must go well.
    """

    window: int = 20
    window_s: float = 60.0
    least_calls: int = 5
    bad_share: float = 0.5
    slow_share: float = 0.8
    rest_s: float = 5.0
    longest_rest_s: float = 120.0
    probes: int = 2


@dataclass(frozen=True, slots=True)
class Ticket:
    """An admitted call; `era` tells late answers from an earlier state apart."""

    era: int
    is_probe: bool


class Breaker:
    """One breaker for one target."""

    def __init__(self, target: str, settings: BreakerSettings | None = None) -> None:
        self.target = target
        self._settings = settings or BreakerSettings()
        self._state = State.CLOSED
        self._era = 0
        self._calls: deque[tuple[float, Outcome]] = deque(maxlen=self._settings.window)
        self._opened_at_s = 0.0
        self._rest_s = self._settings.rest_s
        self._probing = 0
        self._probed = 0

    def state(self, now_s: float) -> State:
        """The state at a moment; an open breaker becomes half open by time alone."""
        if self._state is State.OPEN and now_s >= self._opened_at_s + self._rest_s:
            self._change(State.HALF_OPEN)
        return self._state

    def wait_s(self, now_s: float) -> float:
        """Seconds until a call may be admitted; 0 where one may be now."""
        state = self.state(now_s)
        if state is State.OPEN:
            return self._opened_at_s + self._rest_s - now_s
        is_full = state is State.HALF_OPEN and not self._has_room_for_a_probe
        return self._settings.rest_s if is_full else 0.0

    def admit(self, now_s: float) -> Ticket:
        """The right to make one call.

        Raises:
            Unavailable: the breaker is open, or its probes are under way.
        """
        wait_s = self.wait_s(now_s)
        if wait_s > 0:
            raise Unavailable(self.target, wait_s=wait_s)
        is_probe = self._state is State.HALF_OPEN
        self._probing += is_probe
        return Ticket(self._era, is_probe)

    def record(self, ticket: Ticket, outcome: Outcome, now_s: float) -> None:
        """Tells how an admitted call went; one from an earlier state changes nothing."""
        self.state(now_s)
        if ticket.era != self._era:
            return
        if ticket.is_probe:
            self._record_probe(outcome, now_s)
        elif outcome is not Outcome.NEUTRAL:
            self._calls.append((now_s, outcome))
            if self._is_failing(now_s):
                self._open(now_s, self._settings.rest_s)

    @property
    def _has_room_for_a_probe(self) -> bool:
        return self._probing + self._probed < self._settings.probes

    def _record_probe(self, outcome: Outcome, now_s: float) -> None:
        self._probing -= 1
        if outcome is Outcome.NEUTRAL:
            return
        if outcome is not Outcome.GOOD:
            self._open(now_s, min(self._rest_s * 2, self._settings.longest_rest_s))
            return
        self._probed += 1
        if self._probed >= self._settings.probes:
            self._calls.clear()
            self._rest_s = self._settings.rest_s
            self._change(State.CLOSED)

    def _is_failing(self, now_s: float) -> bool:
        oldest_s = now_s - self._settings.window_s
        recent = [outcome for at_s, outcome in self._calls if at_s > oldest_s]
        if len(recent) < self._settings.least_calls:
            return False
        bad = recent.count(Outcome.BAD) / len(recent)
        slow = (recent.count(Outcome.BAD) + recent.count(Outcome.SLOW)) / len(recent)
        return bad > self._settings.bad_share or slow > self._settings.slow_share

    def _open(self, now_s: float, rest_s: float) -> None:
        self._opened_at_s, self._rest_s = now_s, rest_s
        self._change(State.OPEN)

    def _change(self, state: State) -> None:
        self._state = state
        self._era += 1
        self._probing = self._probed = 0
