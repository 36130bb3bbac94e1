"""What a product's observed prices say together; no forecast, only what was seen."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

import msgspec

from manciple.grocery.domain.products import Price
from manciple.grocery.domain.units import half_up

# Fewer say nothing about what is usual.
ENOUGH = 3


class PriceStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """Figures over observations in one currency.

    `cheaper_percent` is how many percent of them were dearer than the newest one; None below
    `ENOUGH` observations.
    """

    count: int
    currency: str
    newest_cents: int
    least_cents: int
    most_cents: int
    mean_cents: int
    median_cents: int
    low_cents: int
    high_cents: int
    first_at: datetime
    last_at: datetime
    cheaper_percent: int | None


def statistics(prices: Sequence[Price]) -> PriceStatistics | None:
    """The figures over `prices` (newest first) in the newest one's currency; None for none."""
    if not prices:
        return None
    newest = prices[0]
    same = [price for price in prices if price.currency == newest.currency]
    cents = sorted(price.cents for price in same)
    dearer = sum(one > newest.cents for one in cents)
    return PriceStatistics(
        count=len(cents),
        currency=newest.currency,
        newest_cents=newest.cents,
        least_cents=cents[0],
        most_cents=cents[-1],
        mean_cents=half_up(Fraction(sum(cents), len(cents))),
        median_cents=percentile(cents, 50),
        low_cents=percentile(cents, 10),
        high_cents=percentile(cents, 90),
        first_at=same[-1].observed_at,
        last_at=newest.observed_at,
        cheaper_percent=dearer * 100 // len(cents) if len(cents) >= ENOUGH else None,
    )


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The value below which so many percent lie, between neighbors in proportion; rounded once.

    `ordered` rises and is not empty.
    """
    place = Fraction((len(ordered) - 1) * percent, 100)
    lower = int(place)
    upper = min(lower + 1, len(ordered) - 1)
    return half_up(ordered[lower] + (place - lower) * (ordered[upper] - ordered[lower]))
