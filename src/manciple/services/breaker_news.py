"""Tells when a breaker between the house and the outside opens, tries again, and closes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.api.shapes_events import BreakerChanged
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import SystemClock
from manciple.kit.looper import Looper

TOPIC = "system.breaker"
# A breaker rests for five seconds at least: nobody waits long to hear of it.
_EVERY_S = 1.0


class TellBreakers:
    """Writes every change of a breaker as an event, each once and in order."""

    def __init__(self, stores: Stores, fetcher: Fetcher) -> None:
        self._stores = stores
        self._fetcher = fetcher

    async def turn(self) -> None:
        """Tells what changed since the last turn.

        Raises:
            Unavailable: the database cannot take the news; the next turn tells them.
        """
        # An open breaker becomes half open by time alone, when somebody asks.
        self._fetcher.states()
        changes = list(self._fetcher.changes)
        if not changes:
            return

        def tell(tx: Transaction) -> None:
            for one in changes:
                news = BreakerChanged(
                    target=one.target, before=one.before, state=one.after, wait_s=one.wait_s
                )
                tx.outbox.add(TOPIC, news, key=one.target)

        await self._stores.write(tell)
        for _ in changes:
            self._fetcher.changes.popleft()


@asynccontextmanager
async def telling_breakers(stores: Stores, fetcher: Fetcher) -> AsyncIterator[None]:
    """Changes are told for the time of the block, by the time of this machine."""
    teller = TellBreakers(stores, fetcher)
    async with Looper("breaker-news", teller.turn, every_s=_EVERY_S, clock=SystemClock()):
        yield
