"""Whether a product is cheaper in some months, said only where enough was seen. Pure."""

from collections.abc import Mapping, Sequence
from statistics import linear_regression, median
from typing import Literal

import msgspec

from manciple.grocery.domain.price_days import PriceDay, months

Verdict = Literal["seasonal", "not_seasonal", "not_enough"]

# One year shows no season: the same month must have been seen in two.
LEAST_YEARS = 2
# A month that was looked at once says what that day cost.
LEAST_DAYS = 3
# Of twelve: a year with a gap still has a shape, half a year has none.
LEAST_MONTHS = 9
# Months on either side that a season is held against.
_HALF = 6
# Smaller moves are what prices do anyway.
LEAST_PERCENT = 5
# Sample prices are no observations.
_SAMPLES = frozenset({"shelf"})


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A month of the year: its price against what is usual, in percent; 93 is 7 % cheaper."""

    month: int
    percent: int
    years: int


class Seasons(msgspec.Struct, frozen=True, kw_only=True):
    """What the months say; `missing` names what more must be seen where they say nothing yet.

    `cheap` and `dear` are the months that were so in every year that was seen.
    """

    verdict: Verdict
    months: tuple[Month, ...] = ()
    cheap: tuple[int, ...] = ()
    dear: tuple[int, ...] = ()
    missing: str | None = None


def seasons(days: Sequence[PriceDay]) -> Seasons:
    """What the months of the years say, in the newest price's currency."""
    seen = [day for day in days if day.last.source not in _SAMPLES]
    if not seen:
        return Seasons(verdict="not_enough", missing="nobody looked yet")
    currency = max(seen, key=lambda day: day.last.observed_at).last.currency
    medians = {
        month: cents
        for month, (cents, count) in months(
            day for day in seen if day.last.currency == currency
        ).items()
        if count >= LEAST_DAYS and cents > 0
    }
    shares = _shares(medians)
    missing = _missing(shares)
    if missing is not None:
        return Seasons(verdict="not_enough", missing=missing)
    found = tuple(
        Month(month=month, percent=round(sum(each) / len(each) * 100), years=len(each))
        for month, each in sorted(shares.items())
        if len(each) >= LEAST_YEARS
    )
    edge = LEAST_PERCENT / 100
    cheap = tuple(
        one.month
        for one in found
        if max(shares[one.month]) <= 1 - edge and _comes_back(medians, one.month, is_dear=False)
    )
    dear = tuple(
        one.month
        for one in found
        if min(shares[one.month]) >= 1 + edge and _comes_back(medians, one.month, is_dear=True)
    )
    verdict: Verdict = "seasonal" if cheap or dear else "not_seasonal"
    return Seasons(verdict=verdict, months=found, cheap=cheap, dear=dear)


def _shares(medians: Mapping[tuple[int, int], int]) -> dict[int, list[float]]:
    """Each month of the year against the straight line through all of them.

    So prices that only rise, as prices do, make no season.
    """
    points = [(year * 12 + month, cents) for (year, month), cents in medians.items()]
    seen_at = [at for at, _ in points]
    if not seen_at or max(seen_at) - min(seen_at) + 1 < LEAST_YEARS * 12:
        return {}
    line = linear_regression([at for at, _ in points], [cents for _, cents in points])
    shares: dict[int, list[float]] = {}
    for (year, month), cents in medians.items():
        usual = line.intercept + line.slope * (year * 12 + month)
        if usual > 0:
            shares.setdefault(month, []).append(cents / usual)
    return shares


def _comes_back(medians: Mapping[tuple[int, int], int], month: int, *, is_dear: bool) -> bool:
    """Whether the price was beyond that of the months before and after, every time it was seen.

    A price that moves to another level and stays there leaves the line for months, in both years;
    it is beyond one side only.
    """
    prices = {year * 12 + each: cents for (year, each), cents in medians.items()}
    both = 0
    for at in (at for at in prices if (at - 1) % 12 + 1 == month):
        sides = [_usual(prices, at + 1, at + 1 + _HALF), _usual(prices, at - _HALF, at)]
        known = [usual for usual in sides if usual is not None]
        edge = LEAST_PERCENT / 100
        if any(
            prices[at] < usual * (1 + edge) if is_dear else prices[at] > usual * (1 - edge)
            for usual in known
        ):
            return False
        both += len(known) == len(sides)
    return both > 0


def _usual(prices: Mapping[int, int], first: int, beyond: int) -> float | None:
    """The median of some months; None where too few of them were seen."""
    seen = [prices[at] for at in range(first, beyond) if at in prices]
    return median(seen) if len(seen) >= _HALF // 2 else None


def _missing(shares: Mapping[int, Sequence[float]]) -> str | None:
    """What more must be seen, in a sentence; None where it is enough."""
    enough = [month for month, each in shares.items() if len(each) >= LEAST_YEARS]
    if len(enough) >= LEAST_MONTHS:
        return None
    return (
        f"{len(enough)} months of the year were seen on {LEAST_DAYS} days or more in"
        f" {LEAST_YEARS} years; {LEAST_MONTHS} are needed"
    )
