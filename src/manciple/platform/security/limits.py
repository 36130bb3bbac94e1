"""Rate limits: so many calls in a window, by whoever asks.

A principal with a large limit takes a handful of calls at once and spends them without counting.
The answer is exact where the limit is small.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

from manciple.kit.clock import Clock
from manciple.kit.errors import TooMany
from manciple.kit.late import Late

if TYPE_CHECKING:
    import limits
    from limits import strategies

    from manciple.platform.security import rate_windows
else:
    # Loaded with the first call that is counted: most processes of a mesh rest.
    limits = Late("limits")
    strategies = Late("limits.strategies")
    rate_windows = Late("manciple.platform.security.rate_windows")

# One in five hundred of a limit may be taken ahead.
_AHEAD = 500
# Purses of principals who are gone; more are forgotten, and only counting again is lost.
_MOST_PURSES = 10_000


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


class RateLimits:
    """Counts calls by policy and key; `on_fresh` is called when some were that others may hear."""

    def __init__(self, clock: Clock, on_fresh: Callable[[], None] = lambda: None) -> None:
        self.on_fresh = on_fresh
        self._clock = clock
        self._items: dict[Policy, limits.RateLimitItemPerSecond] = {}
        self._purses: dict[tuple[str, str], Purse] = {}

    @cached_property
    def windows(self) -> "rate_windows.Windows":
        """Where calls are counted."""
        return rate_windows.Windows(self._clock, self.on_fresh)

    @cached_property
    def _limiter(self) -> "strategies.FixedWindowRateLimiter":
        return strategies.FixedWindowRateLimiter(self.windows)

    def spend(self, policy: Policy, key: str, *, calls: int = 1) -> None:
        """Counts `calls`.

        Raises:
            TooMany: they are more than the limit leaves.
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
            if len(self._purses) >= _MOST_PURSES:
                self._purses.clear()
            purse = self._purses[slot] = Purse(self, policy, key)
        return purse

    def standing(self, policy: Policy, key: str) -> Standing:
        """How a key stands, for headers."""
        until_s, left = self._limiter.get_window_stats(self._item(policy), key)
        return Standing(policy, left, max(0, ceil(until_s - self._clock.monotonic())))

    def take(self, policy: Policy, key: str, calls: int) -> None:
        """Counts `calls` in their window.

        Raises:
            TooMany: they are more than the limit leaves; whoever is over it is not counted on.
        """
        item = self._item(policy)
        is_over = self.windows.get(item.key_for(key)) > policy.most
        if is_over or not self._limiter.hit(item, key, cost=calls):
            raise TooMany(wait_s=max(1, self.standing(policy, key).resets_in_s))

    def _item(self, policy: Policy) -> "limits.RateLimitItemPerSecond":
        item = self._items.get(policy)
        if item is None:
            made = limits.RateLimitItemPerSecond(policy.most, policy.window_s, policy.name)
            item = self._items[policy] = made
        return item


class Purse:
    """Calls that were counted already and not made yet."""

    __slots__ = ("_ahead", "_key", "_left", "_policy", "_rates", "said")

    def __init__(self, rates: RateLimits, policy: Policy, key: str) -> None:
        self._rates = rates
        self._policy = policy
        self._key = key
        self._ahead = policy.most // _AHEAD
        self._left = 0
        # What was said of the limit, and in which second: saying it anew costs more than a call.
        self.said = (-1, b"")

    def spend(self, calls: int = 1) -> None:
        """Makes `calls`, counting a handful more where too few are left.

        Raises:
            TooMany: the limit does not leave them.
        """
        if self._left < calls:
            self._rates.take(self._policy, self._key, calls + self._ahead)
            self._left += calls + self._ahead
        self._left -= calls
