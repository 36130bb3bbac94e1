"""Budgets: an envelope of money for each month, for everything or for one category.

An envelope holds from its first month until another is set for the same category. A limit of
None closes it. Spending counts in its own category's envelope and in the one for everything.
"""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from manciple.kit.errors import InvalidInput

# The envelope for all spending together.
EVERYTHING = ""
# 100 % and more is crossed; at 80 % there is still time to choose otherwise.
NEAR_PERCENT = 80
MAX_CATEGORY_CHARS = 100
# A hundred thousand dollars a month feeds a company; more is a slip of the finger.
MAX_CENTS = 10_000_000

_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")


class Level(StrEnum):
    """How full an envelope is."""

    FINE = "fine"
    NEAR = "near"
    CROSSED = "crossed"


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A limit on one category (or everything) from a month on; None: no limit from then on."""

    category: str
    from_month: str
    limit_cents: int | None


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """Money spent in one category; `source` says by what, and counts once for each category."""

    spending_id: str
    month: str
    category: str
    cents: int
    note: str | None
    source: str
    at: datetime


class EnvelopeState(msgspec.Struct, frozen=True, kw_only=True):
    """An envelope in one month. `planned_cents` is what is about to be spent besides."""

    category: str
    limit_cents: int
    spent_cents: int
    planned_cents: int
    left_cents: int
    level: Level


def month_of(at: datetime) -> str:
    """The month of an instant, in UTC: "2026-11"."""
    return f"{at.year:04d}-{at.month:02d}"


def checked_month(month: str) -> str:
    """The month, if it is one.

    Raises:
        InvalidInput: it is not written like "2026-11".
    """
    if not _MONTH.fullmatch(month):
        raise InvalidInput.at("month", "must be a month such as 2026-11")
    return month


def checked_cents(where: str, cents: int, *, least: int = 0) -> int:
    """The amount, if it is one that somebody can mean.

    Raises:
        InvalidInput: it is below `least` or absurdly large.
    """
    if not least <= cents <= MAX_CENTS:
        raise InvalidInput.at(where, f"must be from {least / 100:.2f} to {MAX_CENTS // 100}")
    return cents


def category_key(category: str | None) -> str:
    """The name of a category as envelopes keep it; "" stands for everything.

    Raises:
        InvalidInput: it is too long.
    """
    clean = " ".join((category or "").split())
    if len(clean) > MAX_CATEGORY_CHARS:
        raise InvalidInput.at("category", f"must have at most {MAX_CATEGORY_CHARS} characters")
    return clean


def states(
    envelopes: Iterable[Envelope],
    spendings: Iterable[Spending],
    *,
    month: str,
    planned: Iterable[tuple[str, int]] = (),
) -> tuple[EnvelopeState, ...]:
    """Every open envelope in `month`, the one for everything first, then by name.

    `planned` are categories with what is about to be spent in them.
    """
    open_now: dict[str, tuple[str, int | None]] = {}
    for envelope in sorted(envelopes, key=lambda one: one.from_month):
        if envelope.from_month <= month:
            open_now[envelope.category.casefold()] = (envelope.category, envelope.limit_cents)
    spent = _by_category((one.category, one.cents) for one in spendings if one.month == month)
    coming = _by_category(planned)
    return tuple(
        _state(category, limit, spent=spent.get(key, 0), planned=coming.get(key, 0))
        for key, (category, limit) in sorted(open_now.items())
        if limit is not None
    )


def crossings(states_now: Iterable[EnvelopeState]) -> tuple[str, ...]:
    """A warning for each envelope that is nearly full or crossed."""
    return tuple(_warning(one) for one in states_now if one.level is not Level.FINE)


def crossed_now(
    states_now: Iterable[EnvelopeState], told: Collection[str]
) -> tuple[tuple[EnvelopeState, ...], tuple[str, ...]]:
    """The envelopes to tell of as crossed, and the categories that may be told of again.

    `told` are the categories that were told of. One that trembles around its limit is told once:
    only below the warning line does it count as filled up again.
    """
    by_name = {one.category: one for one in states_now}
    fresh = tuple(
        one for one in by_name.values() if one.level is Level.CROSSED and one.category not in told
    )
    rested = tuple(
        name for name in told if name not in by_name or by_name[name].level is Level.FINE
    )
    return fresh, rested


def _by_category(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums = {EVERYTHING: 0}
    for category, cents in amounts:
        sums[EVERYTHING] += cents
        if category != EVERYTHING:
            key = category.casefold()
            sums[key] = sums.get(key, 0) + cents
    return sums


def _state(category: str, limit: int, *, spent: int, planned: int) -> EnvelopeState:
    used = spent + planned
    level = Level.FINE
    if used > limit:
        level = Level.CROSSED
    elif used * 100 >= limit * NEAR_PERCENT:
        level = Level.NEAR
    return EnvelopeState(
        category=category,
        limit_cents=limit,
        spent_cents=spent,
        planned_cents=planned,
        left_cents=limit - used,
        level=level,
    )


def _warning(one: EnvelopeState) -> str:
    name = one.category or "everything"
    if one.level is Level.CROSSED:
        return f"The budget for {name} is crossed by {_dollars(-one.left_cents)}"
    return f"The budget for {name} has {_dollars(one.left_cents)} left"


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"
