"""Answers at hand are the ordinary ones, byte for byte, whatever the request looks like."""

import re

import pytest

from tests.integration.host.doors import open_door

JSON = b"content-type: application/json\r\n"
CLOSE = b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"


def post(body: bytes, *, head: bytes = JSON, path: bytes = b"searchProducts") -> bytes:
    line = b"POST /trpc/walmartGrocery.%b HTTP/1.1\r\nhost: x\r\n" % path
    return line + head + b"content-length: %d\r\n\r\n" % len(body) + body


def get(query: bytes) -> bytes:
    return b"GET /trpc/walmartGrocery.search?%b HTTP/1.1\r\nhost: x\r\n\r\n" % query


def first(answers: bytes) -> bytes:
    """The first of several answers, without its date and reason."""
    head, _, rest = answers.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    body = rest[: int(length[1])] if length else rest
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"date")]
    return b"\r\n".join([*sorted(lines), body])


async def test_an_answer_at_hand_is_the_ordinary_one() -> None:
    # A space before the input's end changes nothing but makes no difference to the answer either;
    # an `origin` sends the same call the ordinary way.
    async with open_door() as door:
        quick = await door.say(post(b'{"query":"milk"}') + CLOSE)
        head = JSON + b"origin: http://other.example\r\n"
        ordinary = await door.say(post(b'{"query":"milk"}', head=head) + CLOSE)
    assert door.ways == ["at once", "ordinary"]
    assert first(quick) == first(ordinary)


async def test_a_query_at_hand_is_answered_at_once() -> None:
    async with open_door() as door:
        quick = await door.say(get(b"input=%7B%22query%22%3A%22milk%22%7D") + CLOSE)
        ordinary = await door.say(get(b"x=1&input=%7B%22query%22%3A%22milk%22%7D") + CLOSE)
    assert door.ways == ["at once", "ordinary"]
    assert first(quick) == first(ordinary)


@pytest.mark.parametrize(
    "request_bytes",
    [
        post(b'{"query":"bread"}'),
        post(b'{"query":'),
        post(b'{"query":7}'),
        post(b""),
        post(b'{"query":"milk"}', head=b""),
        post(b'{"query":"milk"}', head=b"content-type: text/plain\r\n"),
        post(b'{"query":"milk"}', path=b"restricted"),
        post(b'{"query":"milk"}', path=b"search"),
        post(b'{"query":"milk"}', path=b"searchProducts?batch=1"),
        post(b'{"query":"milk"}', head=JSON + b"accept: application/jsonl\r\n"),
        post(b'{"query":"milk","x":' + b"[" * 70 + b"]" * 70 + b"}"),
        get(b""),
        get(b"batch=1&input=%7B%220%22%3A%7B%22query%22%3A%22milk%22%7D%7D"),
        get(b"input=%7B"),
    ],
)
async def test_whatever_is_not_plain_goes_the_ordinary_way(request_bytes: bytes) -> None:
    async with open_door() as door:
        answer = await door.say(request_bytes + CLOSE)
    assert "at once" not in door.ways
    assert answer.startswith(b"HTTP/1.1 ")
    assert answer.endswith(b"alive")


@pytest.mark.parametrize("pieces", [2, 3, 7, 40])
async def test_a_request_in_pieces_is_answered_all_the_same(pieces: int) -> None:
    async with open_door() as door:
        answer = await door.say(post(b'{"query":"milk"}') + CLOSE, pieces=pieces)
    assert b'{"result":{"data":{"found":"milk"}}}' in answer
    assert answer.endswith(b"alive")


async def test_pipelined_requests_are_answered_in_order() -> None:
    calls = [post(b'{"query":"%b"}' % name) for name in (b"milk", b"bread", b"milk", b"milk")]
    async with open_door() as door:
        answer = await door.say(b"".join(calls) + CLOSE)
    found = re.findall(rb'"found":"(\w+)"', answer)
    assert found == [b"milk", b"bread", b"milk", b"milk"]


async def test_a_connection_that_shall_close_is_closed() -> None:
    async with open_door() as door:
        answer = await door.say(post(b'{"query":"milk"}', head=JSON + b"connection: close\r\n"))
    assert answer.endswith(b'{"result":{"data":{"found":"milk"}}}')


async def test_answers_at_once_are_logged_like_any_other() -> None:
    async with open_door() as door:
        await door.say(post(b'{"query":"milk"}') + CLOSE)
    logged = "".join(door.lines)
    assert "POST /trpc/walmartGrocery.searchProducts 200" in logged
    assert "GET /livez 200" in logged


async def test_broken_http_is_refused_and_closes() -> None:
    async with open_door() as door:
        answer = await door.say(post(b'{"query":"milk"}') + b"NOT HTTP\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"HTTP/1.1 400 Bad Request" in answer
