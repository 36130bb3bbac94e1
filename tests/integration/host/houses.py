"""A whole house in this process, on free ports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from manciple.platform.rpc.settings import WireSettings
from manciple.services.addresses import Addresses
from manciple.services.everything import whole_house
from manciple.services.host import Host
from manciple.services.settings import Settings
from manciple.services.settings_of_house import DatabaseSettings, LogSettings
from manciple.services.settings_of_services import ApiSettings, WebsocketSettings
from tests.patient import AsyncClient

_API = ApiSettings(port=0, drain_s=1.0)
_WIRE = WireSettings()


@dataclass(frozen=True)
class Home:
    """An open house."""

    api: str
    events: str
    host: Host


@asynccontextmanager
async def a_house(
    folder: Path,
    *,
    api: ApiSettings = _API,
    wire: WireSettings = _WIRE,
    **websocket: float,
) -> AsyncIterator[Home]:
    """A house whose doors are open; drained at the end."""
    settings = Settings(
        api=api,
        wire=wire,
        websocket=WebsocketSettings(port=0, **websocket),  # type: ignore[arg-type]  # by name
        database=DatabaseSettings(path=folder / "house.db"),
        log=LogSettings(level="error"),
    )
    opened: asyncio.Future[Addresses] = asyncio.get_running_loop().create_future()
    host = whole_house(settings, on_open=opened.set_result)
    running = asyncio.ensure_future(host.run())
    try:
        async with asyncio.timeout(300):
            where = await opened
        yield Home(api=where.api, events=where.websocket, host=host)
    finally:
        host.stop()
        await running


@asynccontextmanager
async def asking_where_welcome(folder: Path, origin: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a house that trusts the pages of an origin."""
    wire = WireSettings(cors_origins=(origin,))
    async with a_house(folder, wire=wire) as home, AsyncClient(base_url=home.api) as asking:
        yield asking
