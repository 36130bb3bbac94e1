"""The cache warmer: goes its rounds, and looks out for instances that are new and cold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.api import cache_warmer
from manciple.kit.looper import Looper
from manciple.services.doors.service_door import service_door
from manciple.services.house import House
from manciple.services.rooms.warming import warming_room
from manciple.services.service import Service
from manciple.services.table import spec_of

# An instance that has just begun is asked by people within seconds.
_LOOK_EVERY_S = 10.0


@asynccontextmanager
async def _duties(house: House) -> AsyncIterator[None]:
    """Rounds by the clock, the first after one interval; newcomers within seconds."""
    warmer, clock = house.warmer, house.clock

    async def rounds() -> None:
        await clock.sleep(warmer.every_s)
        await warmer.warm()

    async with (
        Looper("cache-warmer", rounds, every_s=0.0, clock=clock),
        Looper("cache-warmer-look", warmer.warm_newcomers, every_s=_LOOK_EVERY_S, clock=clock),
    ):
        yield


SERVICE = Service(
    spec=spec_of("walmart-cache-warmer"),
    section="cache_warmer",
    rooms=(warming_room,),
    routers=(cache_warmer.router,),
    duties=_duties,
    door=service_door(),
)
