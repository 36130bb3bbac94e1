"""Warming: what people use is asked before they ask again. Nothing moves here by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.warm import Budget, WarmCache
from manciple.services.house import House
from manciple.services.warm_places import WarmPlaces


@asynccontextmanager
async def warming_room(house: House) -> AsyncIterator[None]:
    """Sets the warmer; the service of that name lets it go its rounds."""
    own = house.settings.cache_warmer
    places = WarmPlaces(house)
    budget = Budget(
        searches=own.searches, products=own.products, calls=own.calls, seconds=own.seconds
    )
    house.warmer = WarmCache(
        house.stores, house.clock, places.find, budget=budget, every_s=float(own.every_s)
    )
    try:
        yield
    finally:
        await places.close()
