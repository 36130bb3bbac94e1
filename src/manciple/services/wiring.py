"""The whole house: every room of it, and everything that can be asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.api.app_router import ROUTERS
from manciple.kit.clock import Clock
from manciple.services.house import House, Progress, Room, open_rooms
from manciple.services.rooms.agent import agent_room
from manciple.services.rooms.catalog import catalog_room
from manciple.services.rooms.finding import finding_room
from manciple.services.rooms.language import language_room
from manciple.services.rooms.mesh import mesh_room
from manciple.services.rooms.monitor import monitor_room
from manciple.services.rooms.notifications import notifications_room
from manciple.services.rooms.people import people_room
from manciple.services.rooms.prices import prices_room
from manciple.services.rooms.shopping import shopping_room
from manciple.services.rooms.warming import warming_room
from manciple.services.rooms.webhooks import webhooks_room
from manciple.services.settings import Settings

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
