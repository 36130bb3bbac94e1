"""One service alone in this process, at sockets made for it, and a client that asks it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from manciple.services.addresses import Addresses
from manciple.services.alone import service_alone
from manciple.services.doors.sockets import listen, port_of
from manciple.services.host import Host
from manciple.services.settings import Settings, load


def settings_for(folder: Path) -> Settings:
    return load(
        {"database.path": str(folder / "house.db"), "log.level": "error"}, environ={}
    ).settings


@asynccontextmanager
async def hosted(
    name: str, folder: Path, on_drain: Callable[[], Awaitable[None]]
) -> AsyncIterator[tuple[Addresses, Host, Path]]:
    public = listen("127.0.0.1", 0, variable="X", backlog=16)
    opened: asyncio.Future[Addresses] = asyncio.get_running_loop().create_future()
    private = folder / "private.sock"
    host = service_alone(
        name,
        settings_for(folder),
        on_open=opened.set_result,
        on_drain=on_drain,
        public=public,
        private=private,
    )
    running = asyncio.ensure_future(host.run())
    try:
        async with asyncio.timeout(120):
            where = await opened
        assert where.ports == {name: port_of(public)}
        yield where, host, private
    finally:
        host.stop()
        await running


async def asked(
    path: str, *, port: int | None = None, private: Path | None = None
) -> tuple[int, bytes]:
    if private is not None:
        reader, writer = await asyncio.open_unix_connection(private)
    else:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


async def nobody() -> None:
    return None
