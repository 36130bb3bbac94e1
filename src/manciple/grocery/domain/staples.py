"""Staples: what a household buys again and again, each at its own interval."""

from datetime import datetime, timedelta

import msgspec

from manciple.kit.errors import InvalidInput

MAX_STAPLES = 500
# Ten years; the calendar of a staple is weeks.
MAX_EVERY_DAYS = 3_650


class Staple(msgspec.Struct, frozen=True, kw_only=True):
    """So much of one thing every so many days; `due_at` is when it is wanted next."""

    staple_id: str
    product_id: str | None
    name: str
    quantity_thousandths: int
    unit: str | None
    every_days: int
    due_at: datetime
    created_at: datetime


def checked_interval(every_days: int) -> int:
    """The interval, if it is one.

    Raises:
        InvalidInput: it is below a day or beyond ten years.
    """
    if not 1 <= every_days <= MAX_EVERY_DAYS:
        raise InvalidInput.at("everyDays", f"must be from 1 to {MAX_EVERY_DAYS}")
    return every_days


def due_after(staple: Staple, at: datetime) -> datetime:
    """The first turn of the staple that lies after `at`; turns that were missed are skipped."""
    if staple.due_at > at:
        return staple.due_at
    turn = timedelta(days=staple.every_days)
    missed = (at - staple.due_at) // turn
    return staple.due_at + (missed + 1) * turn
