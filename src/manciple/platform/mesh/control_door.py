"""The supervisor's socket: takes orders as JSON lines and answers each with one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec
import structlog

from manciple.kit.errors import InvalidInput, MancipleError
from manciple.platform.mesh.orders import Answer, Done, Failed, MeshStatus, Order

# Orders are short; whoever sends more than this is not ours.
_MAX_ORDER_BYTES = 4096
_MAX_CLIENTS = 64
_IDLE_S = 60.0

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)
_log = structlog.get_logger(__name__)

Take = Callable[[Order], Awaitable[MeshStatus]]


@contextlib.asynccontextmanager
async def control_door(path: Path, take: Take) -> AsyncIterator[None]:
    """The socket is open for the time of the block; whoever reaches the file may give orders.

    A file that a dead supervisor left is replaced, so the caller must be the only one.
    """
    _clear(path)
    clients: set[asyncio.Task[None]] = set()

    def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(clients) >= _MAX_CLIENTS:
            writer.close()
            return
        task = asyncio.create_task(_serve(reader, writer, take))
        clients.add(task)
        task.add_done_callback(clients.discard)

    server = await asyncio.start_unix_server(welcome, str(path), limit=_MAX_ORDER_BYTES)
    try:
        yield
    finally:
        server.close()
        _clear(path)
        for task in clients:
            task.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


def _clear(path: Path) -> None:
    path.unlink(missing_ok=True)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Take) -> None:
    try:
        # A line too long is a ValueError of the reader's: nothing after it can be trusted.
        with contextlib.suppress(OSError, ValueError, TimeoutError):
            while line := await asyncio.wait_for(reader.readline(), _IDLE_S):
                writer.write(_encoder.encode(await _answer(line, take)) + b"\n")
                await writer.drain()
    finally:
        writer.close()


async def _answer(line: bytes, take: Take) -> Answer:
    try:
        order = _decoder.decode(line)
    except msgspec.DecodeError as error:
        return Failed.of(InvalidInput.at("order", str(error)))
    try:
        return Done(status=await take(order))
    except MancipleError as error:
        return Failed.of(error)
