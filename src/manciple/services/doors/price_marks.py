"""What a plot of prices shows: marks in time, by who said them, and where nobody looked. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

import msgspec

from manciple.grocery.domain.price_days import PriceDay
from manciple.grocery.domain.products import Price

# More marks than that are closer than a dot is wide; then every day is one.
MOST_LOOKS = 150
# Of the sample prices that stand in, only that they exist is shown: they are years old.
_SAMPLES = frozenset({"shelf"})
# Who looks every day or two has left no gap; nor who always looks once a month.
_LEAST_GAP = timedelta(days=3)
_USUAL_GAPS = 4


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One look, or one day of looks from `low` to `high`; `cents` is the last of them."""

    at: datetime
    cents: int
    low: int
    high: int
    looks: int
    said: str


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """The marks of one source, oldest first."""

    source: str
    currency: str
    marks: tuple[Mark, ...]

    @property
    def has_gap(self) -> bool:
        """Whether nobody looked for long somewhere between."""
        gap = self.gap()
        return any(after.at - before.at > gap for before, after in pairwise(self.marks))

    def gap(self) -> timedelta:
        """The time without a look that counts as a gap."""
        between = [(b.at - a.at).total_seconds() for a, b in pairwise(self.marks)]
        usual = timedelta(seconds=median(between)) if between else timedelta()
        return max(_LEAST_GAP, _USUAL_GAPS * usual)


def series_of(prices: Sequence[Price], days: Sequence[PriceDay]) -> tuple[Series, ...]:
    """The series in the newest price's currency, by source; samples are left out.

    A day is shown look by look where all its looks are among `prices`, and there are not too many.
    """
    newest = max((day.last for day in days), key=lambda price: price.observed_at, default=None)
    shown = [
        day
        for day in days
        if newest and day.last.currency == newest.currency and day.last.source not in _SAMPLES
    ]
    single = _single(prices, shown)
    found: dict[str, list[Mark]] = {}
    for day in shown:
        looks = single.get(_kind(day.last, day.day), [])
        marks = [_of_look(price) for price in looks] or [_of_day(day)]
        found.setdefault(day.last.source, []).extend(marks)
    return tuple(
        Series(
            source=source,
            currency=newest.currency if newest else "",
            marks=tuple(sorted(marks, key=lambda mark: mark.at)),
        )
        for source, marks in sorted(found.items())
    )


def samples_of(days: Sequence[PriceDay]) -> list[Price]:
    """The sample prices, one of each amount."""
    samples = {day.last.cents: day.last for day in days if day.last.source in _SAMPLES}
    return list(samples.values())


def _single(
    prices: Sequence[Price], days: Sequence[PriceDay]
) -> dict[tuple[object, ...], list[Price]]:
    """The looks of each kind of day of which all looks are there."""
    looks: dict[tuple[object, ...], list[Price]] = {}
    for price in prices:
        looks.setdefault(_kind(price, price.observed_at.astimezone(UTC).date()), []).append(price)
    wanted: Counter[tuple[object, ...]] = Counter()
    for day in days:
        wanted[_kind(day.last, day.day)] += day.count
    whole = {kind: found for kind, found in looks.items() if len(found) == wanted[kind]}
    return whole if sum(map(len, whole.values())) <= MOST_LOOKS else {}


def _kind(price: Price, day: date) -> tuple[object, ...]:
    return (day, price.source, price.method, price.store, price.currency)


def _of_look(price: Price) -> Mark:
    return Mark(
        at=price.observed_at,
        cents=price.cents,
        low=price.cents,
        high=price.cents,
        looks=1,
        said=f"{price.observed_at:%Y-%m-%d %H:%M} UTC{_where(price)}",
    )


def _of_day(day: PriceDay) -> Mark:
    return Mark(
        at=day.last.observed_at,
        cents=day.last.cents,
        low=day.low.cents,
        high=day.high.cents,
        looks=day.count,
        said=f"{day.day} ({day.count} looks){_where(day.last)}",
    )


def _where(price: Price) -> str:
    store = f", store {price.store}" if price.store else ""
    return f" by {price.source}{store}, confidence {price.confidence:g}"
