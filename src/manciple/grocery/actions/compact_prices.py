"""Keeps the history of prices small: many looks of a day become one row, and nothing is lost.

Figures, percentiles, lows, plots and checks over the days are those over the looks. Each page of
products is one transaction, so whoever dies in between has lost nothing and begins again.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.platform.jobs.handlers import Running

QUEUE = "prices"
KIND = "prices.compact"
# At night in America, when few look.
CRON = "20 9 * * *"
# A page of products with a week of looks each takes 0.1 s of the one writer.
_AT_ONCE = 20


class CompactPrices:
    """Turns looks that are older than `keep_days` into days."""

    def __init__(self, stores: Stores, clock: Clock, *, keep_days: int) -> None:
        self._stores = stores
        self._clock = clock
        self._keep = timedelta(days=keep_days)

    async def work(self, running: Running | None = None) -> Callable[[Transaction], Any]:
        """Does it; what it came to is the job's result."""
        before = _midnight(self._clock.now() - self._keep)
        looks = days = 0
        after: str | None = None
        while True:
            done = await self._stores.write(
                lambda tx, after=after: tx.prices.compact(  # type: ignore[misc]  # a default binds the loop's value
                    before, after=after, most_products=_AT_ONCE
                )
            )
            looks, days, after = looks + done.looks, days + done.days, done.after
            if running is not None:
                running.note(500, f"{looks} looks")
            if after is None:
                return lambda _tx: {"looks": looks, "days": days}


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
