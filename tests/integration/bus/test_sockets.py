import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.kit.errors import NotSignedIn
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.guests import Credentials, Guest, SocketSettings
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.news import Listener
from manciple.platform.bus.outbox import Outbox
from manciple.platform.bus.sockets import EventSockets
from manciple.platform.db.changes import ChangeWatch
from manciple.platform.db.database import Database
from tests.patient import connect

CLOCK = SystemClock()


async def admit(credentials: Credentials) -> Guest:
    """Whoever brings a name as token is that person; strangers hear what is for all."""
    if credentials.token == "bad":
        raise NotSignedIn
    name = credentials.token
    channels = ("system.health",) if name else ()
    return Guest(
        listener=Listener(id="", user_id=name), channels=channels, is_signed_in=name is not None
    )


@dataclass
class Door:
    database: Database
    exchange: Exchange
    sockets: EventSockets
    url: str

    async def tell(
        self, *keys: str, topic: str = "list.item_added", owner: str | None = None
    ) -> None:
        def add(outbox: Outbox) -> None:
            for key in keys:
                outbox.add(topic, {"key": key}, key=key, owner_id=owner)

        await self.database.write(lambda c: add(Outbox(c, CLOCK.now())))

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(120):
            while not is_so():  # noqa: ASYNC110 - polls another's state, with a bound
                await asyncio.sleep(0.005)


@asynccontextmanager
async def an_open_door(folder: Path, settings: SocketSettings | None = None) -> AsyncIterator[Door]:
    database = open_database(folder / "events.db")
    watch = ChangeWatch(folder / "events.db")
    exchange = Exchange(database, CLOCK, Hub(max_waiting=50), has_changed=watch.has_changed)
    await exchange.open()
    sockets = EventSockets(
        exchange,
        CLOCK,
        admit=admit,
        render=lambda event: event.body,
        settings=settings or SocketSettings(),
    )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(sockets.protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    running = asyncio.create_task(exchange.run())
    try:
        yield Door(database, exchange, sockets, f"ws://127.0.0.1:{port}/ws")
    finally:
        await sockets.drain(0.2)
        server.close()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        watch.close()
        await database.close()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with an_open_door(tmp_path) as opened:
        yield opened


async def hear(client: ClientConnection) -> Any:
    async with asyncio.timeout(120):
        return json.loads(await client.recv())


async def say(client: ClientConnection, **message: object) -> Any:
    await client.send(json.dumps(message))
    return await hear(client)


@asynccontextmanager
async def a_client(
    door: Door, *channels: str, token: str | None = None
) -> AsyncIterator[ClientConnection]:
    async with connect(door.url) as client:
        assert (await hear(client))["type"] == "welcome"
        if token:
            assert (await say(client, type="auth", token=token))["isSignedIn"]
        if channels:
            assert (await say(client, type="subscribe", channels=channels))["type"] == "subscribed"
        yield client


async def test_the_specifications_client_hears_what_it_asked_for(door: Door) -> None:
    async with a_client(door, "grocery-nlp.*", "product.*") as client:
        await door.tell("a", topic="list.item_added")
        await door.tell("b", topic="product.price_change")
        told = await hear(client)

    assert (told["type"], told["key"], told["data"]) == ("product.price_change", "b", {"key": "b"})


async def test_default_channels_follow_from_who_one_is(door: Door) -> None:
    async with connect(door.url) as client:
        assert (await hear(client))["channels"] == []
        welcome = await say(client, type="auth", token="ann")

    assert welcome["channels"] == ["system.health"]


async def test_somebody_elses_events_are_not_heard(door: Door) -> None:
    async with a_client(door, "*", token="ann") as client:
        await door.tell("his", owner="ben")
        await door.tell("hers", owner="ann")

        assert (await hear(client))["key"] == "hers"


async def test_a_client_that_comes_back_misses_and_doubles_nothing(door: Door) -> None:
    await door.tell(*(str(n) for n in range(200)))
    await door.until(lambda: door.exchange.last_id == 200)
    async with a_client(door) as client:
        await client.send(
            json.dumps({"type": "subscribe", "channels": ["list.*"], "lastEventId": "50"})
        )
        await door.tell(*(str(n) for n in range(200, 230)))
        told = [await hear(client) for _ in range(181)]

    assert [int(one["id"]) for one in told[1:]] == list(range(51, 231))


async def test_a_bad_token_is_told_and_the_connection_closed(door: Door) -> None:
    async with connect(door.url) as client:
        await hear(client)
        assert (await say(client, type="auth", token="bad"))["type"] == "error"
        with pytest.raises(ConnectionClosed):
            await hear(client)


async def test_garbage_is_refused_and_the_connection_goes_on(door: Door) -> None:
    async with a_client(door) as client:
        for garbage in ("{", '{"type":"fly"}', '{"type":"subscribe","channels":["a..b"]}'):
            await client.send(garbage)
            assert (await hear(client))["type"] == "error"
        assert (await say(client, type="ping")) == {"type": "pong"}


async def flood(client: ClientConnection) -> None:
    for _ in range(2000):
        await client.send('{"type":"ping"}')
        await asyncio.sleep(0)
    while True:
        await hear(client)


async def test_a_client_that_floods_is_shown_out(door: Door) -> None:
    async with a_client(door) as client:
        with pytest.raises(ConnectionClosed) as closed:
            await flood(client)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_one_client_too_many_is_told_to_come_later(tmp_path: Path) -> None:
    settings = SocketSettings(max_connections=1)
    async with (
        an_open_door(tmp_path, settings) as door,
        a_client(door),
        connect(door.url) as second,
    ):
        with pytest.raises(ConnectionClosed) as closed:
            await hear(second)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013


async def test_a_principal_has_only_so_many_connections(tmp_path: Path) -> None:
    settings = SocketSettings(max_per_principal=1)
    async with (
        an_open_door(tmp_path, settings) as door,
        a_client(door, token="ann"),
        connect(door.url) as second,
    ):
        await hear(second)
        assert (await say(second, type="auth", token="ann"))["type"] == "error"
        with pytest.raises(ConnectionClosed):
            await hear(second)


async def test_who_is_signed_out_is_closed(door: Door) -> None:
    async with a_client(door, token="ann") as client:
        assert door.sockets.close_of("ann") == 1
        with pytest.raises(ConnectionClosed):
            await hear(client)


async def test_a_client_that_does_not_read_harms_nobody(door: Door) -> None:
    loop = asyncio.get_running_loop()
    async with a_client(door, "*") as reader:
        deaf_reader, deaf_writer = await a_raw_client(door)
        subscribe = b'{"type":"subscribe","channels":["*"]}'
        deaf_writer.write(b"\x81" + bytes([0x80 | len(subscribe)]) + b"\0\0\0\0" + subscribe)
        await door.until(lambda: len(door.sockets) == 2)
        began_s = loop.time()
        seen: list[int] = []
        for burst in range(40):
            await door.tell(*("x" * 90 for _ in range(40)))
            while len(seen) < (burst + 1) * 40:
                told = await hear(reader)
                if told["type"] != "lagged":
                    seen.append(int(told["id"]))
        assert seen == list(range(1, 1601))
        assert loop.time() - began_s < 60
        deaf_writer.close()
        del deaf_reader


async def test_a_drained_door_asks_its_clients_to_come_again(tmp_path: Path) -> None:
    async with an_open_door(tmp_path) as door, connect(door.url) as client:
        await hear(client)
        draining = asyncio.create_task(door.sockets.drain(5))
        assert (await hear(client))["type"] == "reconnect"
        with pytest.raises(ConnectionClosed) as closed:
            await hear(client)
        await draining

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


async def test_a_subprotocol_speaks_cloud_events(door: Door) -> None:
    async with connect(door.url, subprotocols=[Subprotocol("cloudevents.json")]) as client:
        assert client.subprotocol == "cloudevents.json"
        assert (await hear(client))["type"] == "welcome"
        await say(client, type="subscribe", channels=["list.*"])
        await door.tell("a")
        told = await hear(client)

    assert (told["specversion"], told["type"], told["subject"]) == ("1.0", "list.item_added", "a")


async def test_pages_of_strange_origins_are_refused_in_the_handshake(door: Door) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(door.url, origin=Origin("https://elsewhere.example"))

    assert refused.value.response.status_code == 403


async def test_a_silent_client_is_asked_and_then_closed(tmp_path: Path) -> None:
    async with an_open_door(tmp_path) as door, a_client(door) as client:
        talker = a_raw_client(door)
        reader, writer = await talker
        await door.until(lambda: len(door.sockets) == 2)
        for _ in range(2):
            door.sockets.look_alive()
            assert (await say(client, type="ping")) == {"type": "pong"}
        await door.until(lambda: len(door.sockets) == 1)
        writer.close()
        del reader


async def a_raw_client(door: Door) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """One that has shaken hands and does nothing by itself."""
    port = int(door.url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.write(
        b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    return reader, writer


async def test_what_is_no_frame_ends_the_connection_and_fills_no_log(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    port = int(door.url.rpartition(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\xf7\xf7\xf7\xf7" * 1000)
    async with asyncio.timeout(120):
        with suppress(ConnectionError):
            await reader.read()
    writer.close()

    assert not [record for record in caplog.records if record.name.startswith("manciple")]
