"""How long calls take, told from histograms. Pure."""

import math
from collections.abc import Sequence

import msgspec


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """Counts by bucket, those slower than every bound last, and the sum of all seconds."""

    bounds_s: tuple[float, ...]
    counts: tuple[float, ...]
    sum_s: float

    @property
    def count(self) -> int:
        """How many there are."""
        return int(sum(self.counts))

    @property
    def mean_s(self) -> float | None:
        """Their mean; None where there are none."""
        return self.sum_s / self.count if self.count else None

    def quantile_s(self, share: float) -> float | None:
        """What `share` of them stay within, as exactly as the buckets tell; None without any.

        Within a bucket they count as evenly spread, as Prometheus has it; of what is slower than
        every bound only the largest bound is known.
        """
        if not self.count:
            return None
        rank, below, lower_s = share * self.count, 0.0, 0.0
        for bound_s, count in zip(self.bounds_s, self.counts, strict=False):
            if count and below + count >= rank:
                return lower_s + (bound_s - lower_s) * (rank - below) / count
            below, lower_s = below + count, bound_s
        return self.bounds_s[-1]


def together(histograms: Sequence[Histogram]) -> Histogram:
    """Several with the same bounds as one."""
    first = histograms[0]
    return Histogram(
        bounds_s=first.bounds_s,
        counts=tuple(map(math.fsum, zip(*(one.counts for one in histograms), strict=True))),
        sum_s=math.fsum(one.sum_s for one in histograms),
    )
