"""Every captured dialog of the Node server over WebSocket, held the same way by ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from manciple.platform.rpc.settings import WireSettings
from tests.integration.trpc.captures import FOLDER, names
from tests.integration.trpc.live import serving
from tests.integration.trpc.mirror import mirror_door
from tests.patient import connect

SETTINGS = WireSettings(max_batch_calls=10, ws_ping_s=None)
DIFFERENT = {
    "ws-02-errors": "has a test of its own: we hide the text of what nobody foresaw",
    "ws-05-ping": "has a test of its own: it is about time",
    "wsclient-05-reconnect-notification": "has a test of its own: two sockets at once",
}
DIALOGS = [name for name in names("ws-", "wsclient-") if name not in DIFFERENT]


def lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.txt").read_text().strip().split("\n")


@asynccontextmanager
async def opened(port: int, url: str) -> AsyncIterator[ClientConnection]:
    query = url.partition("?")[2]
    async with connect(f"ws://127.0.0.1:{port}/trpc?{query}") as socket:
        yield socket


async def hold(socket: ClientConnection, script: list[str]) -> None:
    """Says what the captured client said, and hears what it heard, in the same order."""
    for line in script:
        kind, text = line[:2], line[3:]
        if kind == ">>":
            await socket.send(text)
        elif kind == "<<":
            assert await asyncio.wait_for(socket.recv(), 120) == text
        elif "by server" in line:
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 120)


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_captured_dialog_is_held_the_same(name: str) -> None:
    script = lines(name)
    events = 3
    async with serving(mirror_door(SETTINGS, events=events)) as port, opened(port, script[0]) as it:
        await hold(it, script[1:])


async def test_errors_are_worded_the_same_but_for_a_crash() -> None:
    script = lines("ws-02-errors")
    async with serving(mirror_door(SETTINGS)) as port, opened(port, script[0]) as it:
        await hold(it, script[1:-1])
        heard = await it.recv()
    assert '"INTERNAL_SERVER_ERROR"' in heard
    assert "boom" not in heard


async def test_a_silent_client_is_asked_and_then_left() -> None:
    settings = WireSettings(ws_ping_s=0.2, ws_pong_wait_s=1.0)
    async with serving(mirror_door(settings)) as port, opened(port, "") as it:
        await hold(it, lines("ws-05-ping")[1:])
        await it.send("PONG")
        assert await it.recv() == "PING"
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(it.recv(), 120)


async def test_a_client_that_reconnects_on_notice_loses_nothing() -> None:
    script = lines("wsclient-05-reconnect-notification")
    second = script.index("# connect ws://127.0.0.1:8080/trpc", 1)
    async with serving(mirror_door(SETTINGS, events=4)) as port, opened(port, "") as old:
        await hold(old, script[1:second])
        async with opened(port, "") as new:
            await hold(new, script[second + 1 : second + 3])
            await hold(old, script[second + 3 : second + 5])
            # The subscription ends on its own task, so its farewell may pass the answer to PING.
            assert {await old.recv(), await old.recv()} == {
                line[3:] for line in script[second + 5 : second + 7]
            }
            await hold(new, script[second + 8 :])
