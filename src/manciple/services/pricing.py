"""The pricing service: live quotes, and rounds of looks at watched products."""

import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute, Route

from manciple.api import events, price_checks, price_watches, prices
from manciple.grocery.actions.compact_prices import CompactPrices
from manciple.kit.looper import Looper
from manciple.platform.jobs.duties import take_duty
from manciple.services.collecting import collecting
from manciple.services.compacting import compacting
from manciple.services.doors.plain_paths import Probes
from manciple.services.doors.price_paths import PricePaths
from manciple.services.doors.service_door import service_door
from manciple.services.house import House
from manciple.services.rooms.prices import prices_room
from manciple.services.service import Service
from manciple.services.table import spec_of

_DUTY = "watch prices"
# One turn that is late takes nothing from whoever does it.
_TURNS_OF_A_LEASE = 1.5


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
    clock, every_s = house.clock, house.settings.sources.refresh_s
    holder = f"pricing-{secrets.token_hex(6)}"

    async def turn() -> None:
        # Of several instances one looks, and the others wait for its lease to be over.
        now, for_s = clock.now(), every_s * _TURNS_OF_A_LEASE
        if await house.stores.database.write(
            lambda c: take_duty(c, _DUTY, holder=holder, now=now, for_s=for_s)
        ):
            await house.price_watches.turn()

    async with Looper("pricing-watch", turn, every_s=every_s, clock=clock):
        yield


def _paths(house: House, probes: Probes) -> Iterable[BaseRoute]:
    return [Route("/pricing/health", probes.health), *PricePaths(house).routes()]


SERVICE = Service(
    spec=spec_of("walmart-pricing"),
    section="pricing",
    rooms=(prices_room,),
    routers=(prices.router, price_watches.router, price_checks.router, events.price_router),
    duties=_duties,
    door=service_door(_paths),
)
