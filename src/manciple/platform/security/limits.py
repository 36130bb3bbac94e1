"""Rate limits: so many calls in a window, by whoever asks. In memory, of this process.

Counting a call takes microseconds with locks; a principal with a large limit therefore takes a
handful at once and spends them without counting. The answer is exact where the limit is small.
"""

from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from manciple.kit.clock import Clock
from manciple.kit.errors import TooMany

# One in five hundred of a limit may be taken ahead.
_AHEAD = 500
# Purses of principals who are gone; more are forgotten, and only counting again is lost.
_MAX_PURSES = 10_000


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
    """Counts calls by policy and key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._items: dict[Policy, RateLimitItemPerSecond] = {}
        self._purses: dict[tuple[str, str], int] = {}

    def spend(self, policy: Policy, key: str, *, calls: int = 1) -> None:
        """Counts `calls`.

        Raises:
            TooMany: they are more than the limit leaves; they count all the same.
        """
        ahead = policy.most // _AHEAD
        if not ahead:
            self._take(policy, key, calls)
            return
        slot = (policy.name, key)
        purse = self._purses.get(slot, 0)
        if purse < calls:
            self._take(policy, key, calls + ahead)
            purse += calls + ahead
            if len(self._purses) >= _MAX_PURSES:
                self._purses.clear()
        self._purses[slot] = purse - calls

    def standing(self, policy: Policy, key: str) -> Standing:
        """How a key stands, for headers."""
        reset_at, left = self._limiter.get_window_stats(self._item(policy), key)
        now_s = self._clock.now().timestamp()
        return Standing(policy, left, max(0, min(policy.window_s, round(reset_at - now_s))))

    def _take(self, policy: Policy, key: str, calls: int) -> None:
        if not self._limiter.hit(self._item(policy), key, cost=calls):
            raise TooMany(wait_s=max(1, self.standing(policy, key).resets_in_s))

    def _item(self, policy: Policy) -> RateLimitItemPerSecond:
        item = self._items.get(policy)
        if item is None:
            item = RateLimitItemPerSecond(policy.most, policy.window_s, policy.name)
            self._items[policy] = item
        return item
