"""Many looks at a product's price as one row a day, from which every figure is still exact. Pure.

A day keeps how often each price was seen, so that sums, medians and percentiles over any span of
days are those of the looks themselves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date
from fractions import Fraction

import msgspec

from manciple.grocery.domain.products import Price
from manciple.grocery.domain.units import Size, half_up

Looks = tuple[tuple[int, int], ...]
"""Prices in cents, rising, each with how often it was seen."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One look: the price, and the size that the product was sold in by what was read."""

    price: Price
    size: Size | None = None


class PriceDay(msgspec.Struct, frozen=True, kw_only=True):
    """What one source said in one way of one size in one store on one day (UTC).

    `low` and `high` stand as they were first seen that day, `first` and `last` as they were.
    """

    day: date
    looks: Looks
    first: Price
    low: Price
    high: Price
    last: Price
    size: Size | None = None

    @property
    def count(self) -> int:
        """How many looks there were."""
        return sum(times for _, times in self.looks)

    @property
    def median_cents(self) -> int:
        """The middle of that day's looks."""
        return percentile(self.looks, 50)

    @property
    def kind(self) -> tuple[date, str, str, str, str, Size | None]:
        """What tells this row from others of its product."""
        last = self.last
        return (self.day, last.source, last.method, last.store or "", last.currency, self.size)


def by_day(seen: Iterable[Seen]) -> list[PriceDay]:
    """The days that the looks make up, newest first."""
    days: dict[tuple[object, ...], PriceDay] = {}
    for look in seen:
        day = day_of(look)
        known = days.get(day.kind)
        days[day.kind] = merged(known, day) if known is not None else day
    return newest_first(days.values())


def newest_first(days: Iterable[PriceDay]) -> list[PriceDay]:
    """The days by when they were seen last."""
    return sorted(days, key=lambda day: day.last.observed_at, reverse=True)


def merged(one: PriceDay, other: PriceDay) -> PriceDay:
    """Two parts of one kind of day together."""
    looks = Counter(dict(one.looks))
    looks.update(dict(other.looks))
    return PriceDay(
        day=one.day,
        looks=tuple(sorted(looks.items())),
        first=min(one.first, other.first, key=lambda price: price.observed_at),
        low=min(one.low, other.low, key=lambda price: (price.cents, price.observed_at)),
        high=min(one.high, other.high, key=lambda price: (-price.cents, price.observed_at)),
        last=max(one.last, other.last, key=lambda price: price.observed_at),
        size=one.size,
    )


def all_looks(days: Iterable[PriceDay]) -> Looks:
    """The looks of several days together."""
    together: Counter[int] = Counter()
    for day in days:
        together.update(dict(day.looks))
    return tuple(sorted(together.items()))


def percentile(looks: Sequence[tuple[int, int]], percent: int) -> int:
    """The price below which so many percent of the looks lie, between neighbors in proportion.

    Rounded once; `looks` rise and are not empty.
    """
    places = sum(times for _, times in looks) - 1
    lower, rest = divmod(places * percent, 100)
    low = _at(looks, lower)
    high = _at(looks, min(lower + 1, places))
    return half_up(low + Fraction(rest, 100) * (high - low))


def months(days: Iterable[PriceDay]) -> Mapping[tuple[int, int], tuple[int, int]]:
    """The median price of each month (year, month), and on how many days it was seen."""
    held: dict[tuple[int, int], list[PriceDay]] = {}
    for day in days:
        held.setdefault((day.day.year, day.day.month), []).append(day)
    return {
        month: (percentile(_of_days(inside), 50), len({day.day for day in inside}))
        for month, inside in sorted(held.items())
    }


def _of_days(days: Sequence[PriceDay]) -> Looks:
    """Every day once by its median, so that a day of many looks weighs no more than another."""
    return tuple(sorted(Counter(day.median_cents for day in days).items()))


def day_of(look: Seen) -> PriceDay:
    """The day that one look makes up."""
    price = look.price
    return PriceDay(
        day=price.observed_at.astimezone(UTC).date(),
        looks=((price.cents, 1),),
        first=price,
        low=price,
        high=price,
        last=price,
        size=look.size,
    )


def _at(looks: Sequence[tuple[int, int]], place: int) -> int:
    for cents, times in looks:
        if place < times:
            return cents
        place -= times
    return looks[-1][0]
