"""What a product's observed prices say together; no forecast, only what was seen."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

import msgspec

from manciple.grocery.domain.price_days import PriceDay, all_looks, percentile
from manciple.grocery.domain.products import Price
from manciple.grocery.domain.units import half_up

# Fewer say nothing about what is usual.
ENOUGH = 3


class PriceStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """Figures over looks in one currency.

    `least` and `most` are the prices of all time, as they were last seen. `cheaper_percent` is how
    many percent of the looks were dearer than the newest one; None below `ENOUGH` looks.
    """

    count: int
    currency: str
    newest: Price
    least: Price
    most: Price
    mean_cents: int
    median_cents: int
    low_cents: int
    high_cents: int
    first_at: datetime
    last_at: datetime
    cheaper_percent: int | None
    sources: tuple[str, ...]


def statistics(days: Sequence[PriceDay]) -> PriceStatistics | None:
    """The figures over `days` in the newest price's currency; None for none."""
    if not days:
        return None
    newest = max(days, key=lambda day: day.last.observed_at).last
    same = [day for day in days if day.last.currency == newest.currency]
    looks = all_looks(same)
    count = sum(times for _, times in looks)
    dearer = sum(times for cents, times in looks if cents > newest.cents)
    return PriceStatistics(
        count=count,
        currency=newest.currency,
        newest=newest,
        least=min((day.low for day in same), key=lambda one: (one.cents, -_age(one))),
        most=max((day.high for day in same), key=lambda one: (one.cents, _age(one))),
        mean_cents=half_up(Fraction(sum(cents * times for cents, times in looks), count)),
        median_cents=percentile(looks, 50),
        low_cents=percentile(looks, 10),
        high_cents=percentile(looks, 90),
        first_at=min(day.first.observed_at for day in same),
        last_at=newest.observed_at,
        cheaper_percent=dearer * 100 // count if count >= ENOUGH else None,
        sources=tuple(sorted({day.last.source for day in same})),
    )


def _age(price: Price) -> float:
    return price.observed_at.timestamp()
