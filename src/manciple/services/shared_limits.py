"""Rate limits that the processes of a mesh share: what one counts, the others hear of soon.

A call is counted in memory and waits for nobody. What was counted is told a fifth of a second later
and all together, and with it comes what the others counted: so a client gets its limit once, and
at most what it can ask elsewhere in that time beyond it. A house that nobody asks writes nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from manciple.grocery.stores.rate_counts import Count
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import Clock
from manciple.kit.errors import Unavailable
from manciple.platform.security.limits import RateLimits
from manciple.platform.security.tokens import fingerprint

if TYPE_CHECKING:
    from manciple.platform.security.rate_windows import Spent

TELL_AFTER_S = 0.2


class SharedLimits:
    """Tells and hears what is counted in `rates`, for as long as it runs."""

    def __init__(self, rates: RateLimits, stores: Stores, clock: Clock) -> None:
        self._rates = rates
        self._stores = stores
        self._clock = clock
        self._has_fresh = asyncio.Event()
        rates.on_fresh = self._has_fresh.set

    async def run(self) -> None:
        """Until cancelled; while the database rests, each process counts for itself."""
        while True:
            await self._has_fresh.wait()
            await self._clock.sleep(TELL_AFTER_S)
            self._has_fresh.clear()
            try:
                await self.tell()
            except Unavailable:
                self._has_fresh.set()

    async def tell(self) -> None:
        """Tells what is fresh, and hears what all have counted under the same keys.

        Raises:
            Unavailable: the database cannot take it; it stays fresh.
        """
        told = self._rates.windows.fresh()
        if not told:
            return
        counts = [_count(one) for one in told]
        now_s = self._clock.monotonic()
        found = await self._stores.write(lambda tx: tx.rate_counts.add(counts, now_s=now_s))
        self._hear(told, found)

    def _hear(self, told: "Sequence[Spent]", found: Sequence[Count]) -> None:
        for one, all_of_it in zip(told, found, strict=True):
            everybody = replace(one, calls=all_of_it.calls, until_s=all_of_it.until_s)
            self._rates.windows.hear(one, everybody)


def _count(spent: "Spent") -> Count:
    return Count(
        key=fingerprint(spent.key),
        window_s=spent.window_s,
        calls=spent.calls,
        until_s=spent.until_s,
    )
