"""One socket, without a network: order, limits, origins, and whatever a client may say."""

import asyncio
from collections.abc import MutableMapping, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.settings import WireSettings
from tests.unit.platform.rpc.small_door import Watcher, small_door


def call(message_id: int, path: str, kind: str = "query", value: Any = None) -> str:
    params = {"path": path, "input": value}
    return msgspec.json.encode({"id": message_id, "method": kind, "params": params}).decode()


async def talk(
    door: TrpcDoor,
    said: Sequence[str | bytes],
    *,
    headers: Sequence[tuple[bytes, bytes]] = (),
    query: bytes = b"",
    hears: int = 0,
) -> list[Any]:
    """What a client hears that says everything at once; it hangs up after `hears` messages."""
    inbox: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    heard: list[Any] = []
    inbox.put_nowait({"type": "websocket.connect"})
    for text in said:
        key = "text" if isinstance(text, str) else "bytes"
        inbox.put_nowait({"type": "websocket.receive", key: text})
    if not hears:
        inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(0)
        return await inbox.get()

    async def send(message: MutableMapping[str, Any]) -> None:
        text = message.get("text", message["type"])
        heard.append(msgspec.json.decode(text) if text.startswith("{") else text)
        if len(heard) - 1 == hears:
            inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})

    scope = {
        "type": "websocket",
        "path": "/trpc",
        "query_string": query,
        "headers": list(headers),
        "client": ("127.0.0.1", 1),
    }
    await asyncio.wait_for(door(scope, receive, send), 120)
    return heard


async def test_pong_comes_at_once_and_in_order() -> None:
    heard = await talk(small_door(), ["{nope", "PING", "PONG"], hears=2)
    assert heard[0] == "websocket.accept"
    assert heard[1]["id"] is None
    assert heard[2] == "PONG"


async def test_binary_messages_are_read_as_text() -> None:
    heard = await talk(small_door(), [call(1, "shop.clear", "mutation").encode()], hears=1)
    assert heard[1] == {"id": 1, "result": {"type": "data"}}


async def test_a_subscription_that_is_stopped_before_it_began_only_stops() -> None:
    stop = '{"id":1,"method":"subscription.stop"}'
    begin = call(1, "shop.items", "subscription", {"lines": []})
    heard = await talk(small_door(), [f"[{begin},{stop}]"], hears=1)
    assert heard[1:] == [{"id": 1, "result": {"type": "stopped"}}]


async def test_calls_over_the_limit_of_a_socket_are_refused() -> None:
    door = small_door(WireSettings(ws_max_calls=2))
    said = [call(number, "shop.wait") for number in range(3)]
    heard = await talk(door, said, hears=1)
    assert heard[1]["id"] == 2
    assert heard[1]["error"]["data"]["code"] == "TOO_MANY_REQUESTS"


async def test_what_runs_on_a_socket_ends_with_it() -> None:
    watcher = Watcher()
    door = small_door(watcher=watcher)
    await talk(door, [call(1, "shop.wait"), "PING"], hears=1)
    assert watcher.codes == ["shop.wait query CLIENT_CLOSED_REQUEST"]
    assert door.state.is_idle


async def test_work_that_others_cancelled_is_told_as_a_failure() -> None:
    heard = await talk(small_door(), [call(1, "shop.stray")], hears=1)
    assert heard[1]["error"]["data"]["code"] == "INTERNAL_SERVER_ERROR"


@pytest.mark.parametrize(
    ("origin", "is_welcome"),
    [(None, True), (b"http://me:1", True), (b"https://a.example", True), (b"null", False)],
)
async def test_only_own_and_allowed_pages_open_sockets(
    origin: bytes | None, *, is_welcome: bool
) -> None:
    door = small_door(WireSettings(cors_origins=("https://a.example",)))
    headers = [(b"host", b"me:1")] + ([(b"origin", origin)] if origin else [])
    heard = await talk(door, [], headers=headers)
    assert (heard == ["websocket.accept"]) is is_welcome


async def test_a_full_door_opens_no_socket() -> None:
    assert await talk(small_door(WireSettings(max_streams=0)), []) == ["websocket.close"]


async def test_a_wrong_first_message_closes_the_socket() -> None:
    heard = await talk(small_door(), ["garbage"], query=b"connectionParams=1", hears=2)
    assert heard[1]["error"]["message"] == "Malformed TRPCConnectionParamsMessage"
    assert heard[2] == "websocket.close"


async def test_calls_that_a_refused_client_had_sent_are_told_why() -> None:
    said = ['{"data":5}', call(1, "shop.ready"), call(2, "shop.items", "subscription", {}), "PING"]
    heard = await talk(small_door(), said, query=b"connectionParams=1", hears=5)
    assert [it["id"] for it in heard[1:4]] == [None, 1, 2]
    told = {it["error"]["message"] for it in heard[1:4]}
    assert told == {"Invalid connection params shape"}
    assert heard[4:] == ["PONG", "websocket.close"]


@settings(max_examples=100)
@given(st.lists(st.text() | st.binary() | st.sampled_from(["PING", "[" * 50_000, "[[[]]]"])))
async def test_any_messages_get_valid_answers(said: list[str | bytes]) -> None:
    heard = await talk(small_door(), said)
    for answer in heard[1:]:
        assert answer == "PONG" or set(answer) == {"id", "error"}
