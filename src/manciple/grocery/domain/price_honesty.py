"""Whether a "was $4.48" is borne out by what was seen, with the evidence. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from manciple.grocery.domain.price_days import PriceDay, all_looks, newest_first
from manciple.grocery.domain.products import Price

Verdict = Literal["borne_out", "not_borne_out", "unknown"]

# A price of the last three months is what people remember as the usual one.
LOOKED_BACK = timedelta(days=90)
# Fewer looks, or all within a few days, say nothing of what was usual.
LEAST_LOOKS = 5
LEAST_SPAN = timedelta(days=14)
# Of the looks so many percent must have found the former price, or a higher one.
LEAST_PERCENT = 25
# Sample prices are no observations.
_SAMPLES = frozenset({"shelf"})


class OfferCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of a claimed former price, and on what grounds.

    `at_former` of `looks` found the claimed price or a higher one; `highest` is the dearest price
    that was seen before now.
    """

    verdict: Verdict
    reason: str
    looks: int
    at_former: int
    first_at: datetime | None
    last_at: datetime | None
    highest: Price | None


def check_offer(was_cents: int, days: Sequence[PriceDay], now: datetime) -> OfferCheck:
    """The verdict on a former price by what was seen in the 90 days before `now`."""
    seen = newest_first(
        day
        for day in days
        if day.last.source not in _SAMPLES
        and timedelta(0) <= now - day.last.observed_at <= LOOKED_BACK
    )
    looks = all_looks(seen)
    at_former = sum(times for cents, times in looks if cents >= was_cents)
    first_at = min((day.first.observed_at for day in seen), default=None)
    last_at = seen[0].last.observed_at if seen else None
    span = last_at - first_at if first_at and last_at else timedelta()
    count = sum(times for _, times in looks)
    verdict, reason = _verdict(count, at_former, span)
    return OfferCheck(
        verdict=verdict,
        reason=reason,
        looks=count,
        at_former=at_former,
        first_at=first_at,
        last_at=last_at,
        highest=max((day.high for day in seen), key=lambda one: one.cents, default=None),
    )


def _verdict(looks: int, at_former: int, span: timedelta) -> tuple[Verdict, str]:
    if looks < LEAST_LOOKS:
        return "unknown", f"seen {looks} times in 90 days; {LEAST_LOOKS} are needed"
    if span < LEAST_SPAN:
        return "unknown", f"seen over {span.days} days only; {LEAST_SPAN.days} are needed"
    said = f"{at_former} of {looks} looks in 90 days found that price or a higher one"
    if at_former * 100 >= looks * LEAST_PERCENT:
        return "borne_out", said
    return "not_borne_out", said
