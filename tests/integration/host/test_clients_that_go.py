"""Clients that go, or sit there, while answers wait for them; on the loop that serves."""

import asyncio
import logging
import socket
import struct
from collections.abc import Callable

import pytest

from manciple.services.doors.protocol import DoorProtocol
from manciple.services.loops import new_loop
from tests.integration.host.doors import Door, open_door

ASKING = (
    b"GET /trpc/walmartGrocery.search?input=%%7B%%22query%%22:%%22%b%%22%%7D HTTP/1.1\r\n"
    b"host: x\r\n\r\n"
) % (b"x" * 50_000)
# More than the buffers of both ends take.
TIMES = 400
AT_ONCE = struct.pack("ii", 1, 0)


async def a_client_that_reads_nothing(door: Door) -> socket.socket:
    """It has asked one thing after the other, and no more can be written to it."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", door.port))
    asking = asyncio.ensure_future(loop.sock_sendall(client, ASKING * TIMES))
    await until(lambda: any(map(is_full, door.server.server_state.connections)))
    asking.cancel()
    return client


def is_full(connection: object) -> bool:
    return isinstance(connection, DoorProtocol) and connection.flow.write_paused


async def gone(door: Door) -> None:
    """Returns when the door has neither a connection nor a request."""
    state = door.server.server_state
    await until(lambda: not (state.connections or state.tasks))


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not claim():  # noqa: ASYNC110 - what the system does rings no bell of ours
            await asyncio.sleep(0.01)


def test_answers_that_wait_behind_each_other_end_with_their_client(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def go() -> None:
        async with open_door() as door:
            client = await a_client_that_reads_nothing(door)
            client.close()
            await gone(door)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(go())
    assert [line for line in caplog.records if line.levelno >= logging.ERROR] == []


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux can tell")
def test_a_client_that_reads_nothing_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        async with open_door(write_timeout_s=0.2) as door:
            with await a_client_that_reads_nothing(door):
                await gone(door)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(go())
    assert [line for line in caplog.records if line.levelno >= logging.ERROR] == []
