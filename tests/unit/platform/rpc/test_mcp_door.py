"""The door of models without a network: heads, methods, calls, and whatever may come in."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.kit.errors import NotSignedIn
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.procedure import Caller
from manciple.platform.rpc.router import Table
from manciple.platform.security.permissions import Grant, Principal
from tests.unit.platform.rpc.asgi import JSON, ask
from tests.unit.platform.rpc.model_door import (
    SMALL,
    as_tools,
    called,
    message,
    model_door,
    result,
    send,
)
from tests.unit.platform.rpc.small_door import Watcher, router
from tests.unit.platform.rpc.test_door_fuzz import BODIES

PING = message("ping")
TOOLS = as_tools(Table(router))


def told(reply: Any) -> tuple[int, int, Any]:
    """Status, number and id of an error."""
    assert reply.headers[b"content-type"] == b"application/json"
    answer = reply.json()
    assert answer["error"]["message"]
    return reply.status, answer["error"]["code"], answer["id"]


async def test_a_client_learns_who_we_are_and_what_we_can() -> None:
    wanted = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x"}}
    assert await result(model_door(), "initialize", wanted) == {
        "protocolVersion": "2025-06-18",
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "small", "title": "Small", "version": "1"},
        "instructions": "Be kind.",
    }


async def test_a_ping_is_answered() -> None:
    assert await result(model_door(), "ping") == {}


async def test_all_tools_are_on_one_page_in_the_order_of_their_names() -> None:
    found = await result(model_door(), "tools/list")
    names = [tool["name"] for tool in found["tools"]]
    assert names == sorted(names)
    assert "shop_order" in names
    assert not {"shop_form", "shop_items"} & set(names)
    assert "nextCursor" not in found


async def test_a_call_is_answered_as_data_and_as_text() -> None:
    found = await called(model_door(), "shop_order", {"lines": [{"productId": "a", "quantity": 3}]})
    assert found["structuredContent"] == {"total": 3.3, "at": "2026-01-05T00:00:00Z"}
    assert found["content"][0]["text"] == '{"total":3.30,"at":"2026-01-05T00:00:00Z"}'


async def test_bad_arguments_are_a_result_that_names_the_fields() -> None:
    watcher = Watcher()
    wanted = {"lines": [{"productId": "", "quantity": 100}], "sort": "x"}
    found = await called(model_door(watcher=watcher), "shop_order", wanted)
    assert found["isError"]
    assert "structuredContent" not in found
    for name in ("lines.0.productId: ", "lines.0.quantity: ", "sort: "):
        assert name in found["content"][0]["text"]
    assert watcher.codes == ["shop.order query BAD_REQUEST"]


async def test_missing_arguments_are_named_too() -> None:
    assert "lines: " in (await called(model_door(), "shop_order", {}))["content"][0]["text"]
    assert (await called(model_door(), "shop_order"))["isError"]


async def test_what_takes_nothing_may_be_called_with_anything() -> None:
    assert await called(model_door(), "shop_clear", {"a": 1}) == {"content": []}
    assert await called(model_door(), "shop_clear") == {"content": []}


async def test_an_input_that_is_no_object_is_an_argument() -> None:
    found = await called(model_door(), "shop_any", {"input": [1, "a"]})
    assert found == {"content": [{"type": "text", "text": '[1,"a"]'}]}


async def test_an_error_that_says_how_long_to_wait_says_it_in_the_head_too() -> None:
    reply = await send(model_door(), message("tools/call", {"name": "shop_busy"}))
    assert (reply.status, reply.headers[b"retry-after"]) == (200, b"7")
    assert reply.json()["result"]["content"][0]["text"].startswith("TOO_MANY_REQUESTS: ")


async def test_a_defect_of_ours_is_told_by_its_reference_alone() -> None:
    watcher = Watcher()
    reply = await send(model_door(watcher=watcher), message("tools/call", {"name": "odd_crash"}))
    assert told(reply) == (200, -32603, 1)
    assert "secret" in watcher.crashes[0]
    assert b"secret" not in reply.body


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (message("tools/call", {"name": "shop_nothing"}), -32602),
        (message("tools/call", {"name": "shop.order"}), -32602),
        (message("tools/call", {"name": "shop_form"}), -32602),
        (message("tools/call", {"name": "shop_items"}), -32602),
        (message("tools/call", {"name": "shop_order", "arguments": []}), -32602),
        (message("tools/call", ["shop_order"]), -32602),
        (message("tools/call"), -32602),
        (message("tools/list", {"cursor": "2"}), -32602),
        (message("initialize", {}), -32602),
        (message("resources/list"), -32601),
        (message("notifications/initialized"), -32601),
        (message("x" * 1000), -32601),
    ],
)
async def test_wrong_requests_are_answered_by_their_id(body: bytes, number: int) -> None:
    reply = await send(model_door(), body)
    assert told(reply) == (200, number, 1)
    assert len(reply.body) < 400


@pytest.mark.parametrize("body", [b"[]", b"[%b]" % PING, b"{}", b"", b"\xff", PING[:-1]])
async def test_what_is_no_message_is_refused_without_an_id(body: bytes) -> None:
    status, number, id_ = told(await send(model_door(), body))
    assert (status, id_) == (400, None)
    assert number in {-32600, -32700}


@pytest.mark.parametrize(
    "body",
    [
        b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
        b'{"jsonrpc":"2.0","id":1,"result":{}}',
    ],
)
async def test_what_wants_no_answer_is_accepted_without_a_body(body: bytes) -> None:
    reply = await send(model_door(), body)
    assert (reply.status, reply.body) == (202, b"")
    assert b"content-type" not in reply.headers


async def test_a_notification_calls_no_tool() -> None:
    watcher = Watcher()
    body = b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"shop_clear"}}'
    assert (await send(model_door(watcher=watcher), body)).status == 202
    assert watcher.codes == []


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "PATCH", "HEAD"])
async def test_only_posts_are_taken(method: str) -> None:
    reply = await ask(model_door(), method, b"/mcp")
    assert (reply.status, reply.headers[b"allow"]) == (405, b"POST, OPTIONS")


@pytest.mark.parametrize("kind", [b"text/plain", b"", b"multipart/form-data", b"application/jsonx"])
async def test_only_json_is_taken(kind: bytes) -> None:
    headers = [(b"content-type", kind)] if kind else []
    reply = await ask(model_door(), "POST", b"/mcp", body=PING, headers=headers)
    assert told(reply)[0] == 415


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (b"application/json, text/event-stream", 200),
        (b"text/event-stream;q=0.5,APPLICATION/JSON; charset=utf-8", 200),
        (b"*/*", 200),
        (b"application/*", 200),
        (b"text/event-stream", 406),
        (b"text/html", 406),
    ],
)
async def test_a_client_takes_json(accept: bytes, status: int) -> None:
    assert (await send(model_door(), PING, (b"accept", accept))).status == status


@pytest.mark.parametrize(
    ("version", "status"),
    [
        *((b"2025-03-26", 200), (b"2025-06-18", 200), (b"2025-11-25", 200)),
        *((b"2024-11-05", 400), (b"2026-07-28", 400), (b"", 400), (b"\xff", 400)),
    ],
)
async def test_a_request_names_a_revision_that_we_speak(version: bytes, status: int) -> None:
    assert (await send(model_door(), PING, (b"mcp-protocol-version", version))).status == status


async def test_a_client_that_is_newer_is_told_in_a_way_that_it_falls_back_from() -> None:
    body = message("server/discover", {"_meta": {}})
    reply = await send(model_door(), body, (b"mcp-protocol-version", b"2026-07-28"))
    # Any number of its own revision would tell it that we speak that.
    assert told(reply) == (400, -32600, None)
    assert "2025-11-25" in reply.json()["error"]["data"]["supported"]


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        (b"http://evil.example", b"localhost", 403),
        (b"null", b"localhost", 403),
        (b"http://localhost:1", b"localhost:2", 403),
        (b"http://localhost:2", b"localhost:2", 200),
        (b"https://friend.example", b"localhost", 200),
    ],
)
async def test_only_pages_of_ours_and_of_friends_may_call(
    origin: bytes, host: bytes, status: int
) -> None:
    door = model_door(settings=replace(SMALL, cors_origins=("https://friend.example",)))
    assert (await send(door, PING, (b"origin", origin), (b"host", host))).status == status


async def test_pages_of_friends_may_ask_what_they_may_send() -> None:
    door = model_door(settings=replace(SMALL, cors_origins=("https://friend.example",)))
    reply = await ask(door, "OPTIONS", b"/mcp", headers=[(b"origin", b"https://friend.example")])
    assert reply.status == 204
    allowed = reply.headers[b"access-control-allow-headers"].split(b", ")
    assert {b"authorization", b"content-type", b"mcp-protocol-version"} <= set(allowed)


async def test_a_body_has_a_limit() -> None:
    body = message("ping", {"a": "x" * 3000})
    assert told(await send(model_door(), body)) == (413, -32600, None)


async def test_a_body_in_pieces_with_a_mark_is_read() -> None:
    pieces = [b"\xef\xbb\xbf", PING[:10], PING[10:]]
    reply = await ask(model_door(), "POST", b"/mcp", body=pieces, headers=[JSON])
    assert reply.json() == {"jsonrpc": "2.0", "id": 1, "result": {}}


async def test_a_body_that_does_not_come_is_given_up() -> None:
    door = model_door(settings=replace(SMALL, body_timeout_s=0.05))
    reply = await ask(door, "POST", b"/mcp", body=[], headers=[JSON])
    assert told(reply)[0] == 408


async def test_a_call_whose_client_left_is_cancelled() -> None:
    watcher, state = Watcher(), DoorState()
    door = model_door(watcher=watcher, state=state)
    body = message("tools/call", {"name": "shop_wait"})
    reply = await ask(door, "POST", b"/mcp", body=body, headers=[JSON], leaves=True)
    assert reply.status == 0
    assert watcher.codes == ["shop.wait query CLIENT_CLOSED_REQUEST"]
    assert state.is_idle


async def test_a_call_counts_while_it_runs() -> None:
    state = DoorState()
    running = asyncio.ensure_future(
        send(model_door(state=state), message("tools/call", {"name": "shop_wait"}))
    )
    for _ in range(10):
        await asyncio.sleep(0)
    assert state.calls == 1
    running.cancel()
    await asyncio.wait({running})
    assert state.is_idle


async def test_how_long_a_client_waits_is_how_long_the_work_may_take() -> None:
    body = message("tools/call", {"name": "shop_wait"})
    reply = await send(model_door(), body, (b"manciple-timeout", b"30m"))
    assert reply.json()["result"]["content"][0]["text"].startswith("TIMEOUT: ")


def needing(**needs: str) -> Table:
    """The small tools, some of which need a grant; the rest are left out."""
    kept = {f"shop.{name}": grant for name, grant in needs.items()}
    return TOOLS.changed(
        lambda one: replace(one, is_tool=one.path in kept, needs=kept.get(one.path, "public"))
    )


async def a_reader(_: Caller) -> Principal:
    return Principal(user_id="ann", grants=frozenset({Grant.READ}))


async def a_stranger(_: Caller) -> Principal:
    return Principal(user_id=None, grants=frozenset())


async def nobody(_: Caller) -> Principal:
    raise NotSignedIn("The token is not valid")


async def broken(_: Caller) -> Principal:
    raise RuntimeError("secret")


async def test_only_what_the_caller_may_call_is_listed() -> None:
    door = model_door(needing(order="read", set="write", ready="public"), context=a_reader)
    found = await result(door, "tools/list")
    assert [tool["name"] for tool in found["tools"]] == ["shop_order", "shop_ready"]
    said = await called(door, "shop_set", {"lines": []})
    assert said["isError"]
    assert said["content"][0]["text"] == "FORBIDDEN: This needs: write"


async def test_a_stranger_sees_what_is_public() -> None:
    door = model_door(needing(order="read", ready="public"), context=a_stranger)
    found = await result(door, "tools/list")
    assert [tool["name"] for tool in found["tools"]] == ["shop_ready"]


@pytest.mark.parametrize("context", [a_stranger, nobody])
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("initialize", {"protocolVersion": "2025-11-25"}),
        ("tools/list", {}),
        ("tools/call", {"name": "shop_order", "arguments": {"lines": []}}),
    ],
)
async def test_who_must_sign_in_is_told_so_at_once(context: Any, method: str, params: Any) -> None:
    door = model_door(needing(order="read", set="write"), context=context)
    reply = await send(door, message(method, params))
    assert told(reply) == (401, -32001, 1)
    assert reply.headers[b"www-authenticate"].startswith(b"Bearer")


async def test_a_failure_to_know_the_caller_stays_in_the_house() -> None:
    watcher = Watcher()
    reply = await send(model_door(context=broken, watcher=watcher), message("tools/list"))
    assert told(reply) == (200, -32603, 1)
    assert b"secret" not in reply.body
    assert "secret" in watcher.crashes[0]


ODD_BODIES = BODIES | st.builds(
    message,
    st.sampled_from(["initialize", "tools/list", "tools/call", "ping"]),
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["shop_order", "shop_any", "shop_set"]) | st.integers(),
            "arguments": st.dictionaries(
                st.sampled_from(["lines", "input", "sort"]), st.text() | st.lists(st.integers())
            ),
            "cursor": st.text() | st.none(),
            "protocolVersion": st.text() | st.none(),
        },
    ),
)


@settings(max_examples=300)
@given(ODD_BODIES)
async def test_whatever_comes_in_an_envelope_goes_out(body: bytes) -> None:
    watcher = Watcher()
    reply = await send(model_door(TOOLS, watcher=watcher), body)
    assert reply.status in {200, 202, 400, 413}
    assert watcher.crashes == []
    if reply.status == 202:
        assert reply.body == b""
    else:
        answer = reply.json()
        assert answer["jsonrpc"] == "2.0"
        assert ("result" in answer) != ("error" in answer)
