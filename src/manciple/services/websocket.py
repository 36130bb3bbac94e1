"""The WebSocket door: the wire over sockets, and probes."""

from starlette.types import ASGIApp

from manciple.services.doorway import Doorway
from manciple.services.gating import gated
from manciple.services.phase import Life
from manciple.services.plain_paths import Probes, plain_app
from manciple.services.wiring import House

NAME = "walmart-websocket"


def websocket_app(house: House, life: Life, wire: ASGIApp) -> ASGIApp:
    """What the WebSocket door offers once the house is open."""
    plain = plain_app(Probes(life, house.watch).routes())
    return gated(house, Doorway(house.settings.wire.base_path, wire=wire, plain=plain))
