"""A process that serves events of a database on one port, to be killed: `DATABASE PORT`."""

import asyncio
import gc
import sys
from dataclasses import dataclass
from pathlib import Path

from manciple.api.event_types import is_state
from manciple.api.events import router
from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.guests import Credentials, Guest, SocketSettings
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.sockets import EventSockets
from manciple.platform.db.changes import ChangeWatch
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Caller
from manciple.platform.rpc.router import Table
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.doors.doorway import Doorway
from manciple.services.doors.event_door import guest_of
from manciple.services.doors.front_door import FrontDoor
from manciple.services.doors.plain_paths import Probes, plain_app
from manciple.services.doors.server import DoorServer
from manciple.services.doors.sockets import listen, port_of
from manciple.services.loops import new_loop
from manciple.services.phase import Life
from manciple.services.settings import Settings

SOMEBODY = Principal(user_id="ann", grants=frozenset({Grant.READ}))
CLOCK = SystemClock()


class _Door:
    async def households_of(self, _user_id: str) -> frozenset[str]:
        return frozenset()


@dataclass(frozen=True)
class _Context:
    events: Exchange
    door: "_Door"
    principal: Principal = SOMEBODY

    def require(self, needs: str) -> None:
        self.principal.require(needs)


async def serve(path: Path, port: int) -> None:
    """Serves until killed; says its port once it is open."""
    database = open_database(path)
    changes = ChangeWatch(path)
    exchange = Exchange(database, CLOCK, Hub(), has_changed=changes.has_changed, is_state=is_state)
    await exchange.open()

    async def context(_: Caller) -> _Context:
        return _Context(exchange, _Door())

    async def admit(credentials: Credentials) -> Guest:
        return guest_of(SOMEBODY, credentials.path)

    limits = SocketSettings(
        max_connections=20_000, max_per_principal=20_000, max_per_address=20_000
    )
    sockets = EventSockets(
        exchange, CLOCK, admit=admit, render=lambda event: event.body, settings=limits
    )
    settings = WireSettings(sse_ping_s=0.5, sse_reconnect_after_s=2.0)
    plain = plain_app(Probes(Life()).routes())
    front = FrontDoor(plain, clock=CLOCK, requests=None)
    wire = TrpcDoor(Table(router), context, settings=settings)
    front.open(Doorway("/trpc", wire=wire, plain=plain), events=sockets)
    bound = listen("127.0.0.1", port, variable="X", backlog=4096)
    server = DoorServer(front, bound, Settings())
    gc.freeze()
    print(port_of(bound), flush=True)  # noqa: T201 - the parent reads it
    await asyncio.gather(server.keep_open(), exchange.run(), sockets.run())


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
