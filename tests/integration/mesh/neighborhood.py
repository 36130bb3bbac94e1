"""A house as several services in this process: an API house, and pricing behind a private door."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.proxy import Inside, ServiceProxy
from manciple.platform.mesh.registry import Entry, Registry
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.permissions import Grant, Principal
from manciple.services import pricing
from manciple.services.call_watch import CallWatch
from manciple.services.doors.private_door import private_app
from manciple.services.house import House, open_rooms
from manciple.services.phase import Life
from manciple.services.phase import Phase as LifePhase
from manciple.services.service import Service
from manciple.services.settings import Settings
from manciple.services.settings_of_house import DatabaseSettings, SourcesSettings
from manciple.services.wiring import open_house
from tests.integration.mesh.instances import serving

ADMIN = Principal(
    user_id="local", grants=frozenset({Grant.READ, Grant.WRITE, Grant.ADMIN, Grant.SYSTEM})
)


def settings_in(folder: Path, *, pages_url: str = "") -> Settings:
    """A house in a folder, with or without a shop outside."""
    return Settings(
        database=DatabaseSettings(path=folder / "house.db"),
        sources=SourcesSettings(pages_url=pages_url),
    )


def as_client(house: House, principal: Principal = ADMIN) -> ServiceProxy:
    """Everything that can be asked of the house, asked by somebody."""
    context = house.context_of(principal, Caller())
    return ServiceProxy("walmart-api-server", house.table, Inside(context))


def an_entry(id_: str, service: str, address: str, *, pid: int) -> Entry:
    """An instance that is ready; the registry gives it its lease."""
    now = SystemClock().now()
    return Entry(
        id=id_,
        service=service,
        address=address,
        pid=pid,
        started_s=1.0,
        phase=Phase.READY,
        since_at=now,
    )


@asynccontextmanager
async def a_mesh(settings: Settings) -> AsyncIterator[Registry]:
    """A registry in which this process is an instance of the API server; leases outlive tests."""
    database = open_database(settings.database.path)
    try:
        registry = Registry(database, SystemClock(), ttl_s=600)
        here = an_entry("api-1", "walmart-api-server", "unix:/nowhere", pid=os.getpid())
        await registry.register(here)
        yield registry
    finally:
        await database.close()


@asynccontextmanager
async def service_in(
    registry: Registry, settings: Settings, folder: Path, *, service: Service
) -> AsyncIterator[House]:
    """A service at its duties behind its private door, known to the registry as `NAME-1`."""
    name = service.spec.name.removeprefix("walmart-")
    path = folder / f"{name}.sock"
    rooms = open_rooms(settings, service.rooms, routers=service.routers)
    async with rooms as house, service.duties(house):
        life = Life()
        life.phase = LifePhase.OPEN
        watch = CallWatch(house.watch.book)
        door = private_app(house, life, TrpcDoor(house.table, house.context, observer=watch))
        async with serving(door, path):
            address = f"unix:{path}"
            await registry.register(an_entry(f"{name}-1", service.spec.name, address, pid=1))
            yield house


@asynccontextmanager
async def pricing_in(registry: Registry, settings: Settings, folder: Path) -> AsyncIterator[House]:
    """The pricing service, as `pricing-1`."""
    async with service_in(registry, settings, folder, service=pricing.SERVICE) as house:
        yield house


@asynccontextmanager
async def an_api(settings: Settings) -> AsyncIterator[House]:
    """The whole house, as the API server opens it."""
    async with open_house(settings) as house:
        yield house
