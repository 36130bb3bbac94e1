"""When somebody who watches a product is told: once for each thing that happens. Pure.

Every rule has a way back that is longer than the way there, so that a price which trembles
around a threshold is told once.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from manciple.kit.errors import InvalidInput

# A price must rise 2 % above a threshold before falling below it is news again.
REARM_PERCENT = 2
# Stock counters flicker while shelves are filled; half an hour is a real absence.
LEAST_ABSENCE = timedelta(minutes=30)
MAX_PRIORITY = 9


class AlertKind(StrEnum):
    """What happened."""

    BELOW = "below"
    DROP = "drop"
    BACK_IN_STOCK = "back_in_stock"


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to be told.

    A price at or below an amount, a fall by so many percent from the highest price seen, and that
    the product can be had again.
    """

    below_cents: int | None = None
    drop_percent: int | None = None
    back_in_stock: bool = False


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What a watch remembers between two looks.

    `reference_cents` is the highest price since the last fall that was told; `out_since` when the
    product was first seen missing; looks from before `seen_at` come too late and say nothing.
    """

    is_below: bool = False
    reference_cents: int | None = None
    out_since: datetime | None = None
    seen_at: datetime | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One observation of a product; None is unknown."""

    at: datetime
    cents: int | None = None
    in_stock: bool | None = None


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell; `before_cents` is the threshold, or the price that it fell from."""

    kind: AlertKind
    at: datetime
    cents: int | None
    before_cents: int | None = None


def checked(rules: Rules) -> Rules:
    """The rules.

    Raises:
        InvalidInput: they ask for nothing, or for what cannot be.
    """
    if rules == Rules():
        raise InvalidInput.at("watch", "needs below, dropPercent or backInStock")
    if rules.below_cents is not None and rules.below_cents <= 0:
        raise InvalidInput.at("below", "must be above 0")
    if rules.drop_percent is not None and not 1 <= rules.drop_percent <= 99:  # noqa: PLR2004 - percent
        raise InvalidInput.at("dropPercent", "must be from 1 to 99")
    return rules


def judge(rules: Rules, memory: Memory, look: Look) -> tuple[Memory, tuple[Alert, ...]]:
    """What is remembered after a look, and what it gives to tell."""
    if memory.seen_at is not None and look.at < memory.seen_at:
        return memory, ()
    alerts = tuple(_alerts(rules, memory, look))
    kinds = {alert.kind for alert in alerts}
    after = Memory(
        is_below=_is_below(rules, memory, look),
        reference_cents=_reference(memory, look, has_fallen=AlertKind.DROP in kinds),
        out_since=_out_since(memory, look),
        seen_at=look.at,
    )
    return after, alerts


def _alerts(rules: Rules, memory: Memory, look: Look) -> Iterator[Alert]:
    cents = look.cents
    below, drop, top = rules.below_cents, rules.drop_percent, memory.reference_cents
    if cents is not None and below is not None and cents <= below and not memory.is_below:
        yield Alert(kind=AlertKind.BELOW, at=look.at, cents=cents, before_cents=below)
    if (
        cents is not None
        and drop is not None
        and top is not None
        and cents * 100 <= top * (100 - drop)
    ):
        yield Alert(kind=AlertKind.DROP, at=look.at, cents=cents, before_cents=top)
    absence = look.at - memory.out_since if memory.out_since is not None else timedelta()
    if rules.back_in_stock and look.in_stock and absence >= LEAST_ABSENCE:
        yield Alert(kind=AlertKind.BACK_IN_STOCK, at=look.at, cents=cents)


def _is_below(rules: Rules, memory: Memory, look: Look) -> bool:
    below = rules.below_cents
    if look.cents is None or below is None:
        return memory.is_below
    if look.cents <= below:
        return True
    return memory.is_below and look.cents * 100 < below * (100 + REARM_PERCENT)


def _reference(memory: Memory, look: Look, *, has_fallen: bool) -> int | None:
    """After a fall that was told, the next one counts from there."""
    if look.cents is None:
        return memory.reference_cents
    if has_fallen or memory.reference_cents is None:
        return look.cents
    return max(memory.reference_cents, look.cents)


def _out_since(memory: Memory, look: Look) -> datetime | None:
    if look.in_stock is None:
        return memory.out_since
    return None if look.in_stock else memory.out_since or look.at
