"""The pricing service: looks at watched products, round after round."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.kit.looper import Looper
from manciple.services.wiring import House

NAME = "walmart-pricing"


@asynccontextmanager
async def watching(house: House) -> AsyncIterator[None]:
    """The rounds go on for the time of the block; without a live source there are none."""
    if not house.live.is_set_up:
        yield
        return
    rounds = Looper(
        "pricing-watch",
        house.price_watches.turn,
        every_s=house.settings.sources.refresh_s,
        clock=house.clock,
    )
    async with rounds:
        house.watch.running.add(NAME)
        try:
            yield
        finally:
            house.watch.running.discard(NAME)
