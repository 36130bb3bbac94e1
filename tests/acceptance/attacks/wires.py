"""What attackers speak: sockets, and bytes that no client would send."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.acceptance.attacks.besieged import House
from tests.patient import connect


@asynccontextmanager
async def a_socket(
    house: House,
    headers: dict[str, str] | None = None,
    *,
    params: dict[str, Any] | None = None,
) -> AsyncIterator[ClientConnection]:
    query = "?connectionParams=1" if params is not None else ""
    where = f"{house.api.replace('http', 'ws')}/trpc{query}"
    async with connect(where, additional_headers=headers or {}, proxy=None) as client:
        if params is not None:
            await client.send(json.dumps({"method": "connectionParams", "data": params}))
        yield client


async def closed(client: ClientConnection, *, within_s: float = 120) -> int:
    """The code with which the house closes a socket."""
    async with asyncio.timeout(within_s):
        try:
            while True:
                await client.recv()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd is not None else 0


async def answer(
    client: ClientConnection, path: str, *, kind: str = "query", wanted: Any = None
) -> Any:
    params = {"path": path} if wanted is None else {"path": path, "input": wanted}
    await client.send(json.dumps({"id": 1, "method": kind, "params": params}))
    async with asyncio.timeout(120):
        return json.loads(await client.recv())


def code_of(said: Any) -> str:
    return str(said["error"]["data"]["code"]) if "error" in said else "OK"


def raw(house: House, request_bytes: bytes) -> bytes:
    where = urlsplit(house.api)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=120) as client:
        client.sendall(request_bytes)
        client.shutdown(socket.SHUT_WR)
        parts = []
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts)
