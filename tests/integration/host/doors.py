"""A door on a real socket, with one procedure whose answers may be at hand."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from manciple.kit.clock import SystemClock
from manciple.kit.request_log import RequestLog
from manciple.platform.rpc.at_once import AtOnce
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Caller, Ready, Wire
from manciple.platform.rpc.router import Router, Table
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.call_watch import CallWatch
from manciple.services.doors.doorway import Doorway
from manciple.services.doors.front_door import FrontDoor
from manciple.services.doors.plain_paths import Probes, plain_app
from manciple.services.doors.server import DoorServer
from manciple.services.doors.sockets import listen, port_of
from manciple.services.phase import Life
from manciple.services.settings import Settings

BODY = b'{"found":"milk"}'


class Wanted(Wire, frozen=True):
    """What to find."""

    query: str


class Found(Wire, frozen=True):
    """What was found."""

    found: str


@dataclass
class Door:
    """An open door; `ways` says how each call was answered."""

    port: int
    front: FrontDoor
    server: DoorServer
    ways: list[str]
    lines: list[str]
    counted: int = 0

    def count(self) -> bytes:
        self.counted += 1
        return b""

    async def say(self, raw: bytes, *, pieces: int = 1) -> bytes:
        """Everything the door sends for `raw`, which must ask to close the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        size = -(-len(raw) // pieces)
        for start in range(0, len(raw), size):
            writer.write(raw[start : start + size])
            await writer.drain()
            await asyncio.sleep(0.005 if pieces > 1 else 0)
        async with asyncio.timeout(120):
            answer = await reader.read()
        writer.close()
        return answer


@dataclass(frozen=True)
class _Context:
    principal: Principal

    def require(self, needs: str) -> None:
        self.principal.require(needs)


def _router(ways: list[str]) -> Router:
    router = Router("walmartGrocery")

    def at_once(_: Any, wanted: Wanted) -> Ready[Found] | None:
        if wanted.query != "milk":
            return None
        ways.append("at once")
        return Ready(BODY)

    async def call(_: Any, wanted: Wanted) -> Found:
        """What is found."""
        ways.append("ordinary")
        return Found(found=wanted.query)

    router.query("search", needs=Grant.READ, at_once=at_once)(call)
    router.mutation("searchProducts", needs=Grant.READ, at_once=at_once)(call)
    router.mutation("restricted", needs=Grant.ADMIN, at_once=at_once)(call)
    return router


@contextlib.asynccontextmanager
async def open_door(*, write_timeout_s: float = 0) -> AsyncIterator[Door]:
    """A door on a free port."""
    clock, life, wire_settings = SystemClock(), Life(), WireSettings()
    someone = _Context(Principal(user_id="local", grants=frozenset({Grant.READ})))

    async def context(_: Caller) -> _Context:
        return someone

    ways: list[str] = []
    lines: list[str] = []
    table = Table(_router(ways))
    plain = plain_app(Probes(life).routes())
    log = RequestLog(lines.append, clock=clock, flush_s=0.01, as_json=False)
    front = FrontDoor(plain, clock=clock, requests=log)
    wire = TrpcDoor(table, context, settings=wire_settings, observer=CallWatch())
    bound = listen("127.0.0.1", 0, variable="X", backlog=10, write_timeout_s=write_timeout_s)
    server = DoorServer(front, bound, Settings())
    door = Door(port_of(bound), front, server, ways, lines)
    at_once = AtOnce(table, lambda _: lambda _: (someone, door.count), settings=wire_settings)
    front.open(Doorway("/trpc", wire=wire, plain=plain), at_once)
    serving = asyncio.ensure_future(server.keep_open())
    try:
        yield door
    finally:
        server.stop()
        await serving
        log.flush()
