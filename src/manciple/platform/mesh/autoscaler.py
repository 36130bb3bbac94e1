"""How many instances a service should have. Pure: figures and time in, a number out.

desired = ceil(current × the worst of cpu, memory and calls against their targets), with a dead
band, a limited step up, and a window that a step down has to wait for.
"""

import math
from collections import deque

import msgspec

# Under a tenth over or below the target nothing happens.
DEAD_BAND = 0.1
STEP_UP_S = 15.0
DOWN_WINDOW_S = 300.0


class Targets(msgspec.Struct, frozen=True, kw_only=True):
    """What an instance should be used to: shares of its processor, memory and capacity."""

    cpu: float = 0.7
    memory: float = 0.8
    in_flight: float = 0.7


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """The fewest and the most instances, and whether figures may change their number at all."""

    least: int = 1
    most: int = 3
    is_automatic: bool = True


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Means over the ready instances, each as a share: 1.0 is all of it."""

    cpu: float
    memory: float
    in_flight: float


def wanted(current: int, usage: Usage, targets: Targets) -> int:
    """What the figures alone ask for, before bounds and patience."""
    ratios = (
        usage.cpu / targets.cpu,
        usage.memory / targets.memory,
        usage.in_flight / targets.in_flight,
    )
    worst = max(ratios)
    if abs(worst - 1.0) <= DEAD_BAND:
        return current
    return max(1, math.ceil(current * worst - 1e-9))


class Autoscaler:
    """Decides for one service; it remembers what was wanted lately and when it last grew."""

    def __init__(self, bounds: Bounds, targets: Targets | None = None) -> None:
        self._bounds = bounds
        self._targets = targets or Targets()
        self._wanted: deque[tuple[float, int]] = deque()
        self._step_began_s = -math.inf
        self._step_from = 0

    def decide(self, current: int, usage: Usage | None, now_s: float) -> int:
        """How many instances there should be from now on.

        Without figures (`usage` None) the number stays, within its bounds.
        """
        if usage is None or not self._bounds.is_automatic or current == 0:
            return self._within(current)
        if not self._wanted:
            # What runs when watching begins counts as wanted, or it would shrink at first sight.
            self._remember(current, now_s)
        asked = self._within(wanted(current, usage, self._targets))
        self._remember(asked, now_s)
        if asked > current:
            return self._grown(current, asked, now_s)
        # The most that was wanted within the window: a short dip shrinks nothing.
        return max(asked, min(current, max(count for _, count in self._wanted)))

    def _grown(self, current: int, asked: int, now_s: float) -> int:
        """At once, but within one step of 15 s at most to twice as many."""
        if now_s - self._step_began_s >= STEP_UP_S:
            self._step_began_s, self._step_from = now_s, current
        return max(current, min(asked, self._step_from * 2))

    def _remember(self, asked: int, now_s: float) -> None:
        self._wanted.append((now_s, asked))
        while self._wanted[0][0] <= now_s - DOWN_WINDOW_S:
            self._wanted.popleft()

    def _within(self, count: int) -> int:
        return max(self._bounds.least, min(count, self._bounds.most))
