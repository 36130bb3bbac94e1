"""Where rate limits count: fixed windows in memory, by a clock that nobody can turn.

A storage of `limits`, of one process. Where several serve the same people, `fresh` is what the
others should hear of, and `hear` takes in what they spent.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from limits.storage import Storage

from manciple.kit.clock import Clock

# Windows of those who are gone; of more the eldest are forgotten, and counted anew.
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls under a key in its window: those of everybody, or the fresh ones of one process.

    `until_s` is when the window of `window_s` seconds ends, by the machine's monotonic clock.
    """

    key: str
    window_s: int
    calls: int
    until_s: float


@dataclass(slots=True)
class _Window:
    window_s: int
    until_s: float
    used: int = 0
    fresh: int = 0


class Windows(Storage):
    """Counts by key; `on_fresh` is called when some calls were that others may hear of."""

    STORAGE_SCHEME = None
    base_exceptions = ()

    def __init__(self, clock: Clock, on_fresh: Callable[[], None]) -> None:
        super().__init__()
        self._clock = clock
        self._on_fresh = on_fresh
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._fresh: set[str] = set()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counts `amount` in a window of `expiry` seconds; all that it holds now."""
        window = self._live(key)
        if window is None:
            if len(self._windows) >= _MOST_KEPT:
                self._fresh.discard(self._windows.popitem(last=False)[0])
            window = self._windows[key] = _Window(expiry, self._clock.monotonic() + expiry)
        window.used += amount
        window.fresh += amount
        self._fresh.add(key)
        self._on_fresh()
        return window.used

    def get(self, key: str) -> int:
        """What the window of a key holds."""
        window = self._live(key)
        return 0 if window is None else window.used

    def get_expiry(self, key: str) -> float:
        """When the window of a key ends, by the monotonic clock; now where there is none."""
        window = self._live(key)
        return self._clock.monotonic() if window is None else window.until_s

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forgets every window, and tells how many they were."""
        count = len(self._windows)
        self._windows.clear()
        self._fresh.clear()
        return count

    def clear(self, key: str) -> None:
        """Forgets the window of a key."""
        self._windows.pop(key, None)
        self._fresh.discard(key)

    def fresh(self) -> Sequence[Spent]:
        """What was spent here that others have not heard of."""
        pairs = [(key, self._live(key)) for key in tuple(self._fresh)]
        return [
            Spent(key, window.window_s, window.fresh, window.until_s)
            for key, window in pairs
            if window is not None
        ]

    def hear(self, told: Spent, everybody: Spent) -> None:
        """Takes in what all have spent, once the others were `told` what was here."""
        window = self._windows.get(told.key)
        if window is None:
            return
        window.fresh -= told.calls
        window.used = everybody.calls + window.fresh
        window.until_s = everybody.until_s
        if not window.fresh:
            self._fresh.discard(told.key)

    def _live(self, key: str) -> _Window | None:
        window = self._windows.get(key)
        if window is not None and window.until_s <= self._clock.monotonic():
            self.clear(key)
            return None
        return window
