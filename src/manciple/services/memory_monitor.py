"""The memory monitor: looks after what processes use, and keeps the house tidy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.kit.looper import Looper
from manciple.services.house import House
from manciple.services.housekeeping import HEALTH_EVERY_S, ForgetNews, TellHealth
from manciple.services.service import Service
from manciple.services.service_door import service_door
from manciple.services.table import spec_of


@asynccontextmanager
async def _duties(house: House) -> AsyncIterator[None]:
    """Health is told when it changes, and old news are forgotten."""
    stores, clock, own = house.stores, house.clock, house.settings.events
    health = TellHealth(stores, house.watch)
    news = ForgetNews(stores, clock, own)
    async with (
        Looper("tell-health", health.turn, every_s=HEALTH_EVERY_S, clock=clock),
        Looper("forget-news", news.turn, every_s=own.retention_every_s, clock=clock),
    ):
        yield


SERVICE = Service(
    spec=spec_of("walmart-memory-monitor"),
    section="memory_monitor",
    rooms=(),
    routers=(),
    duties=_duties,
    door=service_door(),
)
