"""The pricing service: live quotes, and rounds of looks at watched products."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute, Route

from manciple.api import events, price_checks, price_watches, prices
from manciple.grocery.actions.compact_prices import CompactPrices
from manciple.kit.looper import Looper
from manciple.services.collecting import collecting
from manciple.services.compacting import compacting
from manciple.services.house import House
from manciple.services.plain_paths import Probes
from manciple.services.prices_room import prices_room
from manciple.services.service import Service
from manciple.services.service_door import service_door
from manciple.services.table import spec_of


@asynccontextmanager
async def _duties(house: House) -> AsyncIterator[None]:
    """Rounds of looks, searches that a collector does, and old looks turned into days."""
    stores, clock = house.stores, house.clock
    compact = CompactPrices(stores, clock, keep_days=house.settings.sources.keep_looks_days)
    async with (
        collecting(stores, clock, house.collect),
        compacting(stores, clock, compact),
        _watching(house),
    ):
        yield


@asynccontextmanager
async def _watching(house: House) -> AsyncIterator[None]:
    if not house.live.is_set_up:
        yield
        return
    every_s = house.settings.sources.refresh_s
    turn = house.price_watches.turn
    async with Looper("pricing-watch", turn, every_s=every_s, clock=house.clock):
        yield


def _paths(_house: House, probes: Probes) -> Iterable[BaseRoute]:
    return [Route("/pricing/health", probes.health)]


SERVICE = Service(
    spec=spec_of("walmart-pricing"),
    section="pricing",
    rooms=(prices_room,),
    routers=(prices.router, price_watches.router, price_checks.router, events.price_router),
    duties=_duties,
    door=service_door(_paths),
)
