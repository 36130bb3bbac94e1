"""Rate limits: so many calls in a window, by whoever asks. In memory; others may be told and heard.

A principal with a large limit takes a handful of calls at once and spends them without counting.
The answer is exact where the limit is small. Where several processes serve the same people, `fresh`
is what the others should hear of, and `hear` takes in what they spent.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from manciple.kit.clock import Clock
from manciple.kit.errors import TooMany

# One in five hundred of a limit may be taken ahead.
_AHEAD = 500
# Windows and purses of those who are gone; of more the eldest are forgotten, and counted anew.
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Policy:
    """A limit by its name: `most` calls in `window_s` seconds."""

    name: str
    most: int
    window_s: int

    def header(self) -> bytes:
        """The value of `RateLimit-Policy`."""
        return f'"{self.name}";q={self.most};w={self.window_s}'.encode()


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of a limit is left, and in how many seconds it is whole again."""

    policy: Policy
    left: int
    resets_in_s: int

    def header(self) -> bytes:
        """The value of `RateLimit`."""
        return f'"{self.policy.name}";r={self.left};t={self.resets_in_s}'.encode()


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls of a key in its window: those of everybody, or the fresh ones of one process.

    `until_s` is when the window ends, by the machine's monotonic clock.
    """

    policy: Policy
    key: str
    calls: int
    until_s: float


@dataclass(slots=True)
class _Window:
    until_s: float
    used: int = 0
    fresh: int = 0


class RateLimits:
    """Counts calls by policy and key; `on_fresh` is called when some were that others may hear."""

    def __init__(self, clock: Clock, on_fresh: Callable[[], None] = lambda: None) -> None:
        self.on_fresh = on_fresh
        self._clock = clock
        self._windows: OrderedDict[tuple[Policy, str], _Window] = OrderedDict()
        self._fresh: set[tuple[Policy, str]] = set()
        self._purses: dict[tuple[str, str], Purse] = {}

    def spend(self, policy: Policy, key: str, *, calls: int = 1) -> None:
        """Counts `calls`.

        Raises:
            TooMany: they are more than the limit leaves; they count all the same.
        """
        if policy.most < _AHEAD:
            self.take(policy, key, calls)
        else:
            self.purse(policy, key).spend(calls)

    def purse(self, policy: Policy, key: str) -> "Purse":
        """What calls by `key` are spent from."""
        slot = (policy.name, key)
        purse = self._purses.get(slot)
        if purse is None:
            if len(self._purses) >= _MOST_KEPT:
                self._purses.clear()
            purse = self._purses[slot] = Purse(self, policy, key)
        return purse

    def standing(self, policy: Policy, key: str) -> Standing:
        """How a key stands, for headers."""
        now_s = self._clock.monotonic()
        window = self._windows.get((policy, key))
        if window is None or window.until_s <= now_s:
            return Standing(policy, policy.most, 0)
        return Standing(policy, max(0, policy.most - window.used), ceil(window.until_s - now_s))

    def take(self, policy: Policy, key: str, calls: int) -> None:
        """Counts `calls` in their window.

        Raises:
            TooMany: they are more than the limit leaves; they count all the same.
        """
        window = self._window(policy, key)
        was_over = window.used > policy.most
        window.used += calls
        if not was_over:
            # Who is over the limit already is so for everybody who has heard of it.
            window.fresh += calls
            self._fresh.add((policy, key))
            self.on_fresh()
        if window.used > policy.most:
            raise TooMany(wait_s=max(1, ceil(window.until_s - self._clock.monotonic())))

    def fresh(self) -> Sequence[Spent]:
        """What was spent here that others have not heard of."""
        found = []
        for policy, key in self._fresh:
            window = self._windows.get((policy, key))
            if window is not None and window.fresh:
                found.append(Spent(policy, key, window.fresh, window.until_s))
        return found

    def hear(self, told: Spent, everybody: Spent) -> None:
        """Takes in what all have spent, once the others were `told` what was here."""
        slot = (told.policy, told.key)
        window = self._windows.get(slot)
        if window is None:
            return
        window.fresh -= told.calls
        window.used = everybody.calls + window.fresh
        window.until_s = everybody.until_s
        if not window.fresh:
            self._fresh.discard(slot)

    def _window(self, policy: Policy, key: str) -> _Window:
        slot, now_s = (policy, key), self._clock.monotonic()
        window = self._windows.get(slot)
        if window is None or window.until_s <= now_s:
            self._windows.pop(slot, None)
            self._fresh.discard(slot)
            if len(self._windows) >= _MOST_KEPT:
                self._fresh.discard(self._windows.popitem(last=False)[0])
            window = self._windows[slot] = _Window(now_s + policy.window_s)
        return window


class Purse:
    """Calls that were counted already and not made yet."""

    __slots__ = ("_ahead", "_key", "_left", "_policy", "_rates")

    def __init__(self, rates: RateLimits, policy: Policy, key: str) -> None:
        self._rates = rates
        self._policy = policy
        self._key = key
        self._ahead = policy.most // _AHEAD
        self._left = 0

    def spend(self, calls: int = 1) -> None:
        """Makes `calls`, counting a handful more where too few are left.

        Raises:
            TooMany: the limit does not leave them.
        """
        if self._left < calls:
            self._rates.take(self._policy, self._key, calls + self._ahead)
            self._left += calls + self._ahead
        self._left -= calls
