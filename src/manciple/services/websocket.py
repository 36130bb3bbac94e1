"""The WebSocket door: events, the wire over sockets, and probes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from manciple.kit.late import Late
from manciple.services.doors.doorway import Doorway
from manciple.services.doors.event_door import event_sockets
from manciple.services.doors.gating import gated
from manciple.services.doors.plain_paths import Probes, plain_app
from manciple.services.house import House
from manciple.services.phase import Life
from manciple.services.service import Contents, Service
from manciple.services.table import spec_of


def websocket_app(house: House, life: Life, wire: ASGIApp) -> ASGIApp:
    """What the WebSocket door offers once the house is open."""
    plain = plain_app(Probes(life, house.watch).routes())
    return gated(house, Doorway(house.settings.wire.base_path, wire=wire, plain=plain))


@asynccontextmanager
async def _duties(_house: House) -> AsyncIterator[None]:
    """None: those of every process keep its sockets."""
    yield


def _everything() -> Contents:
    # Clients of events call nothing; those of the wire get all that the API's door has.
    whole = Late("manciple.services.wiring")
    return Contents(rooms=whole.EVERY_ROOM, routers=whole.ROUTERS)


SERVICE = Service(
    spec=spec_of("walmart-websocket"),
    section="websocket",
    rooms=(),
    routers=(),
    duties=_duties,
    door=websocket_app,
    hears=event_sockets,
    more=_everything,
)
