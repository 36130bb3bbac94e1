"""Whether a figure really grows, or only goes up and down. Pure.

The slope is the median of the slopes between all pairs of points (Theil and Sen): a burst, a
collection of garbage or a cache that fills once moves it little, where a least-squares line bends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# 30 points have 435 pairs: a quarter of a millisecond.
MOST_POINTS = 30
# Of what grows steadily nearly all pairs rise; of what only wavers, half.
_RISING_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Trend:
    """How a figure moves: per second in the middle, and what share of pairs of points rises."""

    slope_per_s: float
    rising: float

    def grown(self, over_s: float) -> float:
        """How much it grows in a time, if it really grows; else 0."""
        is_growing = self.rising >= _RISING_SHARE and self.slope_per_s > 0
        return self.slope_per_s * over_s if is_growing else 0.0


def trend(points: Sequence[tuple[float, float]]) -> Trend:
    """The trend of (seconds, figure) in order of time; of many points, of some spread evenly."""
    chosen = _spread(points)
    slopes = [
        (later - earlier) / (at_s - before_s)
        for place, (at_s, later) in enumerate(chosen)
        for before_s, earlier in chosen[:place]
        if at_s > before_s
    ]
    if not slopes:
        return Trend(0.0, 0.0)
    return Trend(median(slopes), sum(slope > 0 for slope in slopes) / len(slopes))


def _spread(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    if len(points) <= MOST_POINTS:
        return points
    step = (len(points) - 1) / (MOST_POINTS - 1)
    return [points[round(place * step)] for place in range(MOST_POINTS)]
