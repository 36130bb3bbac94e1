"""Prices: those that were seen, those asked of the shop just now, and who watches which."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.collect import Collect
from manciple.grocery.actions.live_prices import LivePrices
from manciple.grocery.actions.observe_prices import ObservePrices
from manciple.grocery.actions.watch_prices import WatchPrices
from manciple.services.breaker_news import telling_breakers
from manciple.services.house import House
from manciple.services.metrics import TARGETS
from manciple.services.sources import open_sources


@asynccontextmanager
async def prices_room(house: House) -> AsyncIterator[None]:
    """Sets everything about prices, and the sources outside that the settings name."""
    stores, clock, own = house.stores, house.clock, house.settings.sources
    house.sources = open_sources(own, clock)
    TARGETS.states = house.watch.targets_of = house.sources.targets
    house.watch.set_part("external", house.sources.part())
    house.prices = ObservePrices(stores)
    house.live = LivePrices(stores, clock, house.sources.lookups, fresh_s=own.fresh_s)
    house.collect = Collect(stores, clock, house.sources.collector)
    house.price_watches = WatchPrices(
        stores,
        clock,
        house.live,
        every_s=own.refresh_s,
        requests_per_hour=own.requests_per_hour,
    )
    try:
        async with telling_breakers(stores, house.sources.fetcher):
            yield
    finally:
        await house.live.close()
        await house.sources.fetcher.close()
