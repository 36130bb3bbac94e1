"""A door on a real socket of this machine, served by the server that the product uses."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import uvicorn

from manciple.platform.rpc.http import TrpcDoor


class Server(uvicorn.Server):
    """Tells when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@contextlib.asynccontextmanager
async def serving(door: TrpcDoor) -> AsyncIterator[int]:
    """The port on which the door answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            _asgi(door),
            http="httptools",
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        server = Server(config)
        task = asyncio.ensure_future(_serve(server, listening))
        await server.is_up.wait()
        try:
            yield listening.getsockname()[1]
        finally:
            await door.drain(0)
            server.should_exit = True
            server.force_exit = True
            await task


async def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    await server._serve([listening])


def _asgi(door: TrpcDoor) -> Any:
    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        await door(scope, receive, send)

    return app
