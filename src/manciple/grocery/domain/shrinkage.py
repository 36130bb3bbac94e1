"""Whether a package shrank while its price did not, with the two looks that show it. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from manciple.grocery.domain.price_days import PriceDay
from manciple.grocery.domain.products import Price
from manciple.grocery.domain.units import Size, UnitPrice, half_up, size_text, total, unit_price

Verdict = Literal["shrank", "dearer_by_size", "smaller_and_cheaper", "grew", "same", "unknown"]
"""`shrank`: less in it for the same price or more. `dearer_by_size`: less in it, and the price
fell by less than that. `smaller_and_cheaper`: the price fell with it."""

# 12 oz and 340 g are one package: within 1 % two sizes are the same.
_SAME_PERCENT = 1
_SAMPLES = frozenset({"shelf"})


class SizedLook(msgspec.Struct, frozen=True, kw_only=True):
    """One look of the evidence."""

    size: Size
    size_text: str
    price: Price
    unit_price: UnitPrice | None


class Shrinkage(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict with its evidence: the last look at the old size, the first at the new one.

    Percentages are of the old look, negative for less.
    """

    verdict: Verdict
    reason: str
    before: SizedLook | None = None
    after: SizedLook | None = None
    size_percent: int | None = None
    price_percent: int | None = None


class _Run(msgspec.Struct, kw_only=True):
    """All looks at one size."""

    size: Size
    first: Price
    last: Price


def shrinkage(days: Sequence[PriceDay]) -> Shrinkage:
    """Whether the newest size differs from the one before it, and what that did to the price.

    Only looks that read a size count; samples do not.
    """
    runs = _runs(days)
    if not runs:
        return Shrinkage(verdict="unknown", reason="no look ever read a size with a price")
    if len(runs) == 1:
        at = runs[0].first.observed_at
        reason = f"only {size_text(runs[0].size)} was seen, since {at:%Y-%m-%d}"
        return Shrinkage(verdict="same", reason=reason)
    before, after = runs[-2:]
    if before.last.observed_at >= after.first.observed_at:
        reason = "several sizes are seen in turn, so none replaced another"
        return Shrinkage(verdict="unknown", reason=reason)
    return _judged(before, after)


def _judged(before: _Run, after: _Run) -> Shrinkage:
    size = total(after.size).amount / total(before.size).amount
    price = Fraction(after.first.cents, before.last.cents) if before.last.cents else Fraction(1)
    verdict = _verdict(size, price)
    said = f"{size_text(before.size)} became {size_text(after.size)}"
    return Shrinkage(
        verdict=verdict,
        reason=f"{said}; the price went {_moved(price)}",
        before=_look(before.size, before.last),
        after=_look(after.size, after.first),
        size_percent=half_up((size - 1) * 100),
        price_percent=half_up((price - 1) * 100),
    )


def _verdict(size: Fraction, price: Fraction) -> Verdict:
    if size > 1:
        return "grew"
    if price >= 1:
        return "shrank"
    return "dearer_by_size" if price > size else "smaller_and_cheaper"


def _moved(price: Fraction) -> str:
    if price == 1:
        return "nowhere"
    percent = abs(half_up((price - 1) * 100))
    return f"{'up' if price > 1 else 'down'} " + (f"{percent} %" if percent else "less than 1 %")


def _look(size: Size, price: Price) -> SizedLook:
    each = unit_price(price.cents, size)
    return SizedLook(size=size, size_text=size_text(size), price=price, unit_price=each)


def _runs(days: Sequence[PriceDay]) -> list[_Run]:
    """The sizes in the order in which each was first seen; sizes that hold the same are one.

    Sizes of another kind than the newest (pieces where ounces were) do not compare.
    """
    sized = [day for day in days if _counts(day)]
    sized.sort(key=lambda day: day.first.observed_at)
    if not sized:
        return []
    newest = max(sized, key=lambda day: day.last.observed_at)
    runs: list[_Run] = []
    for day in sized:
        if day.size is None or newest.size is None or not _compares(day.size, newest.size):
            continue
        known = next((run for run in runs if _is_same(run.size, day.size)), None)
        if known is None:
            runs.append(_Run(size=day.size, first=day.first, last=day.last))
        elif day.last.observed_at > known.last.observed_at:
            known.last = day.last
    return runs


def _counts(day: PriceDay) -> bool:
    is_usable = day.size is not None and total(day.size).amount > 0
    return is_usable and day.last.source not in _SAMPLES and day.last.currency == "USD"


def _compares(one: Size, other: Size) -> bool:
    return total(one).dimension is total(other).dimension


def _is_same(one: Size, other: Size) -> bool:
    ratio = total(one).amount / total(other).amount
    return abs(ratio - 1) * 100 <= _SAME_PERCENT
