"""The WebSocket door: events, the wire over sockets, and probes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from manciple.api.app_router import ROUTERS
from manciple.services.doorway import Doorway
from manciple.services.gating import gated
from manciple.services.house import House
from manciple.services.phase import Life
from manciple.services.plain_paths import Probes, plain_app
from manciple.services.service import Service
from manciple.services.table import spec_of
from manciple.services.wiring import EVERY_ROOM


def websocket_app(house: House, life: Life, wire: ASGIApp) -> ASGIApp:
    """What the WebSocket door offers once the house is open."""
    plain = plain_app(Probes(life, house.watch).routes())
    return gated(house, Doorway(house.settings.wire.base_path, wire=wire, plain=plain))


@asynccontextmanager
async def _duties(_house: House) -> AsyncIterator[None]:
    """None: those of every process keep its sockets."""
    yield


SERVICE = Service(
    spec=spec_of("walmart-websocket"),
    section="websocket",
    rooms=EVERY_ROOM,
    routers=ROUTERS,
    duties=_duties,
    door=websocket_app,
    hears=True,
)
