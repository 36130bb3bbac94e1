"""Instances of a service with private doors: unix sockets in a folder of the test."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from manciple.kit import trace_context
from manciple.kit.errors import NotFound, TooMany
from manciple.platform.rpc import deadlines
from manciple.platform.rpc.client import UNIX
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Caller, Wire
from manciple.platform.rpc.router import Router, Table
from tests.integration.trpc.live import Server


class Wanted(Wire, frozen=True):
    """A word to say."""

    word: str


class Said(Wire, frozen=True, kw_only=True):
    """The word, who said it, and what came along with the call."""

    word: str
    said_by: str
    left_s: float | None
    traceparent: str | None


@dataclass
class Instance:
    """One open instance."""

    address: str
    connections: set[object] = field(default_factory=set)


class Anybody:
    """A context that may do everything."""

    def require(self, needs: str) -> None:
        """Returns."""


def table(name: str) -> Table:
    """What an instance called `name` answers."""
    router = Router("words")

    @router.query("say", needs="public")
    async def say(_: Anybody, wanted: Wanted) -> Said:
        """The word."""
        return Said(
            word=wanted.word,
            said_by=name,
            left_s=deadlines.remaining_s(),
            traceparent=trace_context.carried(),
        )

    @router.query("never", needs="public")
    async def never(_: Anybody) -> None:
        """No answer at all."""
        await asyncio.Event().wait()

    @router.query("fail", needs="public")
    async def fail(_: Anybody, wanted: Wanted) -> None:
        """Fails."""
        if wanted.word == "busy":
            raise TooMany(wait_s=7)
        if wanted.word == "crash":
            raise RuntimeError("secret")
        raise NotFound("word", wanted.word)

    @router.mutation("keep", needs="public")
    async def keep(_: Anybody, wanted: Wanted) -> None:
        """Nothing."""

    return Table(router)


@contextlib.asynccontextmanager
async def an_instance(folder: Path, name: str = "a") -> AsyncIterator[Instance]:
    """An instance that answers at its unix socket."""
    instance = Instance(f"{UNIX}{folder / name}.sock")

    async def context(_: Caller) -> Anybody:
        return Anybody()

    door = TrpcDoor(table(name), context)
    async with serving(counted(door, instance), folder / f"{name}.sock"):
        yield instance


@contextlib.asynccontextmanager
async def serving(app: Any, path: Path) -> AsyncIterator[None]:
    """The application at a unix socket."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(100)
        server = Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
        task = asyncio.ensure_future(server._serve([listening]))
        await server.is_up.wait()
        try:
            yield
        finally:
            server.should_exit = server.force_exit = True
            await task


def counted(inside: TrpcDoor, instance: Instance) -> ASGIApp:
    """Counts connections by the object that uvicorn has for each."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        cycle = getattr(receive, "__self__", None)
        instance.connections.add(getattr(cycle, "transport", None))

        async def passing(message: Message) -> None:
            await send(message)

        await inside(scope, receive, passing)

    return app
