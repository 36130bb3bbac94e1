"""What the door does beyond the captures: limits, wording, watching, leaving clients."""

from typing import Any

import pytest

from manciple.platform.rpc.settings import WireSettings
from tests.unit.platform.rpc.asgi import JSON, ask
from tests.unit.platform.rpc.small_door import Watcher, small_door

ONE_LINE = b'{"lines":[{"productId":"x","quantity":%b}]}'


async def set_lines(body: bytes) -> Any:
    reply = await ask(small_door(), "POST", b"/trpc/shop.set", body=body, headers=[JSON])
    return reply.json()


@pytest.mark.parametrize("quantity", [b"2", b"2.0", b"2e0"])
async def test_a_whole_number_is_an_integer_however_it_is_written(quantity: bytes) -> None:
    assert await set_lines(ONE_LINE % quantity) == {"result": {"data": 1}}


async def test_a_fraction_is_no_integer() -> None:
    answer = await set_lines(ONE_LINE % b"2.5")
    fields = answer["error"]["data"]["zodError"]["fieldErrors"]
    assert fields == {"lines": ["Invalid input: expected int, received number"]}


async def test_every_problem_is_told_with_its_path() -> None:
    body = b'{"lines":[{"productId":""},{"quantity":100}],"sort":"size","cursor":5}'
    answer = await set_lines(body)
    text = answer["error"]["message"]
    for word in ('"lines",\n      0,\n      "productId"', '"quantity"', '"sort"', '"cursor"'):
        assert word in text
    fields = answer["error"]["data"]["zodError"]["fieldErrors"]
    assert [len(fields[name]) for name in ("lines", "sort", "cursor")] == [3, 1, 1]


@pytest.mark.parametrize("extra", [b'"cursor":null', b'"direction":"forward"'])
async def test_null_cursors_and_unknown_keys_are_taken(extra: bytes) -> None:
    assert await set_lines(b'{"lines":[],%b}' % extra) == {"result": {"data": 0}}


async def test_problems_that_a_procedure_finds_are_told_alike() -> None:
    answer = (await ask(small_door(), "GET", b"/trpc/shop.picky")).json()
    assert answer["error"]["data"]["zodError"] == {
        "formErrors": [],
        "fieldErrors": {"a": ["no good"], "b": ["too late"]},
    }


async def test_money_is_a_number_and_an_instant_is_iso() -> None:
    target = b'/trpc/shop.order?input={"lines":[{"productId":"x","quantity":3}]}'
    reply = await ask(small_door(), "GET", target)
    assert reply.body == b'{"result":{"data":{"total":3.30,"at":"2026-01-05T00:00:00Z"}}}'


async def test_a_wait_is_told_in_a_header() -> None:
    reply = await ask(small_door(), "GET", b"/trpc/shop.busy")
    assert (reply.status, reply.headers[b"retry-after"]) == (429, b"7")


async def test_a_batch_tells_the_longest_wait() -> None:
    reply = await ask(small_door(), "GET", b"/trpc/shop.ready,shop.busy?batch=1")
    assert (reply.status, reply.headers[b"retry-after"]) == (207, b"7")


@pytest.mark.parametrize("accept", [b"application/json", b"application/jsonl"])
async def test_a_batch_tells_which_method_its_calls_want(accept: bytes) -> None:
    headers = [(b"trpc-accept", accept)]
    for method, path, wanted in (
        ("GET", b"nope,shop.clear", b"POST"),
        ("POST", b"shop.ready,shop.any", b"GET"),
    ):
        target = b"/trpc/" + path + b"?batch=1"
        reply = await ask(small_door(), method, target, headers=[*headers, JSON])
        assert reply.headers[b"allow"] == wanted
    reply = await ask(small_door(), "GET", b"/trpc/shop.ready?batch=1", headers=headers)
    assert b"allow" not in reply.headers


@pytest.mark.parametrize("query", [b"", b"?x=1", b"?batch=1"])
async def test_a_mark_before_a_body_is_no_part_of_it(query: bytes) -> None:
    body = b'{"0":{"lines":[]}}' if b"batch" in query else b'{"lines":[]}'
    target = b"/trpc/shop.set" + query
    reply = await ask(small_door(), "POST", target, body=b"\xef\xbb\xbf" + body, headers=[JSON])
    assert reply.body.strip(b"[]") == b'{"result":{"data":0}}'


async def test_an_upload_to_a_subscription_opens_no_stream() -> None:
    headers = [(b"content-type", b"application/octet-stream")]
    reply = await ask(small_door(), "POST", b"/trpc/shop.items", body=b"1", headers=headers)
    assert (reply.status, reply.headers[b"allow"]) == (405, b"GET")
    assert reply.json()["error"]["data"]["code"] == "METHOD_NOT_SUPPORTED"


async def test_an_output_that_cannot_be_written_is_our_mistake() -> None:
    watcher = Watcher()
    reply = await ask(small_door(watcher=watcher), "GET", b"/trpc/shop.broken")
    assert reply.status == 500
    assert reply.json()["error"]["message"] == "Output validation failed"
    assert len(watcher.crashes) == 1


async def test_ready_bytes_stay_on_one_line_where_lines_matter() -> None:
    headers = [(b"trpc-accept", b"application/jsonl")]
    reply = await ask(small_door(), "GET", b"/trpc/shop.ready?batch=1", headers=headers)
    assert b'[2,0,[[{ "total":1}]]]\n' in reply.body


async def test_watchers_are_told_of_every_call_and_of_no_unknown_path() -> None:
    watcher = Watcher()
    door = small_door(watcher=watcher)
    await ask(door, "GET", b"/trpc/shop.ready")
    await ask(door, "GET", b"/trpc/" + b"x" * 500)
    await ask(door, "GET", b"/trpc/shop.busy,shop.ready?batch=1")
    assert sorted(watcher.codes) == [
        "shop.busy query TOO_MANY_REQUESTS",
        "shop.ready query OK",
        "shop.ready query OK",
        "unknown unknown NOT_FOUND",
    ]


@pytest.mark.parametrize("query", [b"", b"?x=1", b"?batch=1"])
async def test_a_call_ends_when_its_client_leaves(query: bytes) -> None:
    watcher = Watcher()
    door = small_door(watcher=watcher)
    reply = await ask(door, "GET", b"/trpc/shop.wait" + query, leaves=True)
    assert reply.status == 0
    assert watcher.codes == ["shop.wait query CLIENT_CLOSED_REQUEST"]
    assert door.state.is_idle


@pytest.mark.parametrize("query", [b"", b"?x=1", b"?batch=1"])
async def test_work_that_others_cancelled_is_no_client_that_left(query: bytes) -> None:
    watcher = Watcher()
    reply = await ask(small_door(watcher=watcher), "GET", b"/trpc/shop.stray" + query)
    assert reply.status == 500
    assert watcher.codes == ["shop.stray query INTERNAL_SERVER_ERROR"]


async def test_a_batch_stream_ends_when_its_client_leaves() -> None:
    watcher = Watcher()
    headers = [(b"trpc-accept", b"application/jsonl")]
    target = b"/trpc/shop.wait,shop.wait?batch=1"
    await ask(small_door(watcher=watcher), "GET", target, headers=headers, leaves=True)
    assert watcher.codes == ["shop.wait query CLIENT_CLOSED_REQUEST"] * 2


async def test_a_body_that_does_not_come_is_given_up() -> None:
    settings = WireSettings(body_timeout_s=0.05)
    reply = await ask(small_door(settings), "POST", b"/trpc/shop.set", body=[], headers=[JSON])
    assert reply.status == 408
    assert reply.json()["error"]["data"]["code"] == "TIMEOUT"


async def test_an_upload_over_the_limit_is_refused() -> None:
    settings = WireSettings(max_upload_bytes=10)
    headers = [(b"content-type", b"application/octet-stream")]
    pieces = [b"123456", b"789012"]
    target = b"/trpc/shop.bytes"
    reply = await ask(small_door(settings), "POST", target, body=pieces, headers=headers)
    assert reply.status == 413


async def test_deep_json_is_refused_before_it_is_parsed() -> None:
    settings = WireSettings(max_json_depth=3)
    for depth, status in ((3, 200), (4, 400)):
        target = b"/trpc/shop.any?input=" + b"[" * depth + b"]" * depth
        assert (await ask(small_door(settings), "GET", target)).status == status


async def test_wrong_parameters_of_a_connection_are_told_before_a_wrong_way_to_answer() -> None:
    headers = [(b"trpc-accept", b"application/jsonl")]
    target = b"/trpc/shop.ready?connectionParams=5"
    reply = await ask(small_door(), "GET", target, headers=headers)
    assert reply.json()["error"]["message"] == "Invalid connection params shape"


async def test_batching_can_be_switched_off() -> None:
    reply = await ask(
        small_door(WireSettings(allow_batching=False)), "GET", b"/trpc/shop.ready?batch=1"
    )
    assert reply.json()["error"]["message"] == "Batching is not enabled on the server"


async def test_paths_may_have_another_separator_and_slashes_around() -> None:
    door = small_door(WireSettings(path_separator="~"))
    for path in (b"shop~ready", b"shop.ready", b"/shop~ready/", b"shop%7Eready"):
        assert (await ask(door, "GET", b"/trpc/" + path)).status == 200


async def test_pages_of_other_origins_are_told_nothing() -> None:
    door = small_door(WireSettings(cors_origins=("https://a.example",)))
    stranger = await ask(
        door, "GET", b"/trpc/shop.ready", headers=[(b"origin", b"https://b.example")]
    )
    friend = await ask(door, "GET", b"/trpc/nope", headers=[(b"origin", b"https://a.example")])
    assert b"access-control-allow-origin" not in stranger.headers
    assert friend.headers[b"access-control-allow-origin"] == b"https://a.example"
    assert stranger.headers[b"vary"] == friend.headers[b"vary"] == b"Origin, trpc-accept, accept"


@pytest.mark.parametrize(("origin", "status"), [(b"http://me", 200), (b"https://b.example", 403)])
async def test_forms_of_strange_pages_are_not_taken(origin: bytes, status: int) -> None:
    form = (b"content-type", b"multipart/form-data; boundary=X")
    body = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--X--\r\n'
    headers = [form, (b"host", b"me"), (b"origin", origin)]
    reply = await ask(small_door(), "POST", b"/trpc/shop.form", body=body, headers=headers)
    assert reply.status == status


async def test_a_stack_is_shown_in_development_only() -> None:
    shown = await ask(small_door(WireSettings(is_dev=True)), "GET", b"/trpc/shop.picky")
    hidden = await ask(small_door(), "GET", b"/trpc/shop.picky")
    assert "Traceback" in shown.json()["error"]["data"]["stack"]
    assert "stack" not in hidden.json()["error"]["data"]
