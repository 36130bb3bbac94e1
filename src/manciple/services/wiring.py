"""The whole house: every room of it, and everything that can be asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.api.app_router import ROUTERS
from manciple.kit.clock import Clock
from manciple.services.agent_room import agent_room
from manciple.services.catalog_room import catalog_room
from manciple.services.finding_room import finding_room
from manciple.services.house import House, Progress, Room, open_rooms
from manciple.services.language_room import language_room
from manciple.services.mesh_room import mesh_room
from manciple.services.monitor_room import monitor_room
from manciple.services.notifications_room import notifications_room
from manciple.services.people_room import people_room
from manciple.services.prices_room import prices_room
from manciple.services.settings import Settings
from manciple.services.shopping_room import shopping_room
from manciple.services.warming_room import warming_room
from manciple.services.webhooks_room import webhooks_room

# Each after those that it needs.
EVERY_ROOM: tuple[Room, ...] = (
    catalog_room,
    people_room,
    prices_room,
    finding_room,
    shopping_room,
    language_room,
    agent_room,
    mesh_room,
    warming_room,
    monitor_room,
    webhooks_room,
    notifications_room,
)


@asynccontextmanager
async def open_house(
    settings: Settings, *, clock: Clock | None = None, on_stock: Progress = lambda _: None
) -> AsyncIterator[House]:
    """The house, opened; closed again at the end of the block.

    Raises:
        Refused: the database was written by a newer version.
        Unavailable: the database cannot be opened.
    """
    rooms = open_rooms(settings, EVERY_ROOM, routers=ROUTERS, clock=clock, on_stock=on_stock)
    async with rooms as house:
        yield house
