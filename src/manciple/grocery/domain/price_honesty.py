"""Whether a "was $4.48" is borne out by what was seen, with the evidence. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

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


def check_offer(was_cents: int, prices: Sequence[Price], now: datetime) -> OfferCheck:
    """The verdict on a former price by what was seen (`prices`, newest first) in 90 days."""
    seen = [
        one
        for one in prices
        if one.source not in _SAMPLES and timedelta(0) <= now - one.observed_at <= LOOKED_BACK
    ]
    at_former = sum(one.cents >= was_cents for one in seen)
    verdict, reason = _verdict(seen, at_former)
    return OfferCheck(
        verdict=verdict,
        reason=reason,
        looks=len(seen),
        at_former=at_former,
        first_at=seen[-1].observed_at if seen else None,
        last_at=seen[0].observed_at if seen else None,
        highest=max(seen, key=lambda one: one.cents, default=None),
    )


def _verdict(seen: Sequence[Price], at_former: int) -> tuple[Verdict, str]:
    if len(seen) < LEAST_LOOKS:
        return "unknown", f"seen {len(seen)} times in 90 days; {LEAST_LOOKS} are needed"
    span = seen[0].observed_at - seen[-1].observed_at
    if span < LEAST_SPAN:
        return "unknown", f"seen over {span.days} days only; {LEAST_SPAN.days} are needed"
    said = f"{at_former} of {len(seen)} looks in 90 days found that price or a higher one"
    if at_former * 100 >= len(seen) * LEAST_PERCENT:
        return "borne_out", said
    return "not_borne_out", said
