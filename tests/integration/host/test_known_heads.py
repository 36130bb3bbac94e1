"""A head that came before is known by its bytes; what it means today is asked each time."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.integration.host.doors import Door, open_door
from tests.integration.host.test_answers_at_once import JSON, get, post

MILK = post(b'{"query":"milk"}')
SILK = post(b'{"query":"silk"}')
LIVE = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n"


class Line:
    """A connection that is kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, raw: bytes) -> bytes:
        """The body of the answer to `raw`."""
        self.writer.write(raw)
        return await self.hear()

    async def hear(self) -> bytes:
        """The body of the next answer."""
        async with asyncio.timeout(120):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            assert length, head
            return await self.reader.readexactly(int(length[1]))


@asynccontextmanager
async def line(door: Door) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


def known(door: Door) -> int:
    """Heads that the door remembers."""
    return len(door.front.heads)


async def test_the_same_request_again_gives_the_same_answer() -> None:
    async with open_door() as door, line(door) as one, line(door) as other:
        said = [await each.ask(MILK) for each in (one, one, other, one)]
    assert set(said) == {b'{"result":{"data":{"found":"milk"}}}'}
    assert door.ways == ["at once"] * 4
    assert known(door) == 1


async def test_a_known_head_says_nothing_of_the_body() -> None:
    async with open_door() as door, line(door) as one:
        said = [await one.ask(raw) for raw in (MILK, SILK, MILK)]
    assert [each[28:32] for each in said] == [b"milk", b"silk", b"milk"]
    assert door.ways == ["at once", "ordinary", "at once"]


async def test_an_input_in_the_head_is_known_with_it() -> None:
    async with open_door() as door, line(door) as one:
        raw = get(b"input=%7B%22query%22%3A%22milk%22%7D")
        said = {await one.ask(raw) for _ in range(3)}
    assert said == {b'{"result":{"data":{"found":"milk"}}}'}
    assert (door.ways, known(door)) == (["at once"] * 3, 1)


@pytest.mark.parametrize("pieces", [2, 3, 9])
async def test_a_known_head_may_come_in_pieces(pieces: int) -> None:
    size = -(-len(MILK) // pieces)
    async with open_door() as door, line(door) as one:
        await one.ask(MILK)
        for start in range(0, len(MILK), size):
            one.writer.write(MILK[start : start + size])
            await one.writer.drain()
            await asyncio.sleep(0.005)
        assert await one.hear() == b'{"result":{"data":{"found":"milk"}}}'


async def test_known_and_other_requests_are_answered_in_order() -> None:
    async with open_door() as door, line(door) as one:
        await one.ask(MILK)
        one.writer.write(MILK + SILK + MILK + LIVE + MILK + SILK[:50])
        said = [await one.hear() for _ in range(5)]
        one.writer.write(SILK[50:])
        said.append(await one.hear())
    found = [re.findall(rb'found":"(\w+)|(alive)', each)[0] for each in said]
    assert [b"".join(each) for each in found] == [
        *(b"milk", b"silk", b"milk", b"alive", b"milk", b"silk")
    ]


async def test_a_body_in_chunks_is_not_taken_for_a_known_head() -> None:
    chunked = JSON + b"transfer-encoding: chunked\r\n"
    raw = b"POST /trpc/walmartGrocery.searchProducts HTTP/1.1\r\nhost: x\r\n" + chunked + b"\r\n"
    async with open_door() as door, line(door) as one:
        for _ in range(2):
            said = await one.ask(raw + b'10\r\n{"query":"milk"}\r\n0\r\n\r\n')
            assert said == b'{"result":{"data":{"found":"milk"}}}'
    assert (door.ways, known(door)) == (["ordinary"] * 2, 0)


async def test_each_answer_is_counted_and_logged_once() -> None:
    async with open_door() as door, line(door) as one:
        for raw in (MILK, MILK, SILK, MILK):
            await one.ask(raw)
    # What goes the ordinary way is counted there, by the gate.
    assert door.counted == 3
    assert "".join(door.lines).count("POST /trpc/walmartGrocery.searchProducts 200") == 4


async def test_an_ordinary_answer_starts_no_clock_against_the_next_ones() -> None:
    async with open_door() as door, line(door) as one:
        await one.ask(MILK)
        await one.ask(LIVE)
        await one.ask(MILK)
        (connection,) = door.server.server_state.connections
        assert connection.timeout_keep_alive_task is None  # type: ignore[union-attr]  # it speaks HTTP


async def test_more_heads_than_are_remembered_are_all_answered() -> None:
    async with open_door() as door, line(door) as one:
        for nth in range(600):
            said = await one.ask(post(b'{"query":"milk"}', head=JSON + b"x: %d\r\n" % nth))
            assert said == b'{"result":{"data":{"found":"milk"}}}'
    assert known(door) == 512


async def test_a_head_that_is_large_is_not_remembered() -> None:
    async with open_door() as door, line(door) as one:
        raw = post(b'{"query":"milk"}', head=JSON + b"x: " + b"y" * 3000 + b"\r\n")
        assert await one.ask(raw) == await one.ask(raw)
    assert (door.ways, known(door)) == (["at once"] * 2, 0)
