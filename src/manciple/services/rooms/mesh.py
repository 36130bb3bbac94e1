"""The mesh, as this process has to do with it: its view of the services, and ways to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.platform.mesh.control import Control
from manciple.platform.mesh.registry import Registry
from manciple.platform.mesh.run_directory import RunDirectory
from manciple.services.gathering import Gathering
from manciple.services.health import Part
from manciple.services.house import House
from manciple.services.house_mesh import HouseMesh
from manciple.services.mesh_lines import MeshLines
from manciple.services.travelling import travelling

_NLP = "walmart-nlp-queue"


@asynccontextmanager
async def mesh_room(house: House) -> AsyncIterator[None]:
    """Sets the mesh, and lets procedures travel; needs the room of prices."""
    clock = house.clock
    registry = Registry(house.stores.database, clock)
    lines = MeshLines(registry, clock, house.security.introductions, lambda: house.table)
    house.gathering = Gathering(registry, house.watch)
    house.mesh = HouseMesh(
        lines,
        house.gathering,
        Control(RunDirectory(house.settings.database.path).control),
        clock,
        database=house.stores.database,
        watch=house.watch,
        address=house.settings.base_url,
    )
    house.divert(lambda table: travelling(table, lines, has_outside=lambda: house.live.is_set_up))
    if await lines.is_member():
        house.watch.set_part("nlp", Part(look=lambda: lines.look(_NLP)))
    try:
        yield
    finally:
        await lines.close()
