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
            if len(self._purses) >= _MAX_PURSES:
                self._purses.clear()
            purse = self._purses[slot] = Purse(self, policy, key)
        return purse

    def standing(self, policy: Policy, key: str) -> Standing:
        """How a key stands, for headers."""
        reset_at, left = self._limiter.get_window_stats(self._item(policy), key)
        now_s = self._clock.now().timestamp()
        return Standing(policy, left, max(0, min(policy.window_s, round(reset_at - now_s))))

    def take(self, policy: Policy, key: str, calls: int) -> None:
        """Counts `calls` with the limiter itself.

        Raises:
            TooMany: they are more than the limit leaves; they count all the same.
        """
        if not self._limiter.hit(self._item(policy), key, cost=calls):
            raise TooMany(wait_s=max(1, self.standing(policy, key).resets_in_s))

    def _item(self, policy: Policy) -> RateLimitItemPerSecond:
        item = self._items.get(policy)
        if item is None:
            item = RateLimitItemPerSecond(policy.most, policy.window_s, policy.name)
            self._items[policy] = item
        return item


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
