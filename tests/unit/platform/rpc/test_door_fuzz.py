"""Whatever comes in, a valid envelope goes out: never a 5xx, an exception, or a hang."""

from typing import Any
from urllib.parse import quote_from_bytes

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.platform.rpc.asgi import JSON, Reply, ask
from tests.unit.platform.rpc.small_door import small_door

PATHS = ("order", "set", "clear", "any", "ready", "form", "bytes", "items", "none", "a,b")
HEADERS = st.sampled_from(
    [
        (),
        (JSON,),
        (JSON, (b"trpc-accept", b"application/jsonl")),
        ((b"content-type", b"multipart/form-data; boundary=XX"),),
        ((b"content-type", b"multipart/form-data"),),
        ((b"content-type", b"application/octet-stream"),),
        ((b"content-type", b"text/\xff"),),
        (JSON, (b"last-event-id", b"\xff\r\n")),
        (JSON, (b"content-length", b"9" * 5000)),
    ]
)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NASTY = st.sampled_from(
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'"\\ud800"',
        b'"\xff"',
        b"1e999",
        b"9" * 5000,
        b"NaN",
        b"\x00",
        b'{"lines":[{"productId":"\\ud800"}]}',
        b'{"lines":' + b"[" * 60 + b"]" * 60 + b"}",
        b'{"__proto__":{},"lines":{}}',
        b"--XX\r\n\r\n--XX--\r\n",
    ]
)
BODIES = (
    st.binary(max_size=200)
    | NASTY
    | JSON_VALUES.map(lambda value: msgspec.json.encode(value) if _encodable(value) else b"{}")
)


def _encodable(value: Any) -> bool:
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        return False
    return True


def check(reply: Reply) -> None:
    assert 200 <= reply.status < 500
    if reply.status == 204 or reply.headers.get(b"content-type") == b"text/event-stream":
        return
    is_stream = b"content-length" not in reply.headers
    items = reply.body.splitlines() if is_stream else [reply.body]
    for item in items:
        for envelope in _envelopes(msgspec.json.decode(item)):
            assert ("error" in envelope) != ("result" in envelope)


def _envelopes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    if isinstance(value, dict) and not all(key.isdigit() for key in value):
        return [value]
    return []


@settings(max_examples=300)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE"]),
    path=st.sampled_from([f"shop.{path}" for path in PATHS]).map(str.encode)
    | st.binary(max_size=20),
    is_batch=st.booleans(),
    body=BODIES,
    headers=HEADERS,
)
@example(method="POST", path=b"shop.set", is_batch=False, body=b'{"lines":', headers=(JSON,))
async def test_any_request_gets_a_valid_answer(
    method: str, path: bytes, *, is_batch: bool, body: bytes, headers: Any
) -> None:
    query = b"batch=1&" if is_batch else b""
    target = b"/trpc/" + quote_from_bytes(path).encode() + b"?" + query
    target += b"input=" + quote_from_bytes(body[:500]).encode()
    check(await ask(small_door(), method, target, body=body, headers=headers))


@settings(max_examples=200)
@given(target=st.binary(max_size=60).map(lambda raw: raw.replace(b" ", b"")), headers=HEADERS)
async def test_any_target_gets_a_valid_answer(target: bytes, headers: Any) -> None:
    check(await ask(small_door(), "GET", b"/trpc/" + target, headers=headers))


@settings(max_examples=100)
@given(value=JSON_VALUES.filter(_encodable))
async def test_any_value_comes_back_as_it_was(value: Any) -> None:
    text = msgspec.json.encode(value)
    target = b"/trpc/shop.any?input=" + quote_from_bytes(text).encode()
    reply = await ask(small_door(), "GET", target)
    if reply.status == 200:
        assert reply.json()["result"]["data"] == value
    else:
        # Integers and floats that no decoder takes are refused, never changed.
        assert reply.status == 400


@pytest.mark.parametrize("size", [1, 3, 1000])
async def test_bodies_in_pieces_mean_the_same(size: int) -> None:
    body = b'{"lines":[{"productId":"x"}]}'
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    reply = await ask(small_door(), "POST", b"/trpc/shop.set", body=pieces, headers=[JSON])
    assert reply.json() == {"result": {"data": 1}}
