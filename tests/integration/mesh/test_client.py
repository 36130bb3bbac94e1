"""Our own wire, asked in Python over unix sockets."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from manciple.kit import trace_context
from manciple.kit.errors import InvalidInput, NotFound, TimedOut, TooMany
from manciple.platform.rpc import deadlines
from manciple.platform.rpc.client import Asked, Cut, NotReached, WireClient
from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.procedure import Kind
from manciple.services.problems import problem
from tests.integration.mesh.instances import Said, an_instance, serving

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NEVER = Asked(path="words.never", kind=Kind.QUERY)


def say(word: str) -> Asked:
    return Asked(path="words.say", kind=Kind.QUERY, text=msgspec.json.encode({"word": word}))


def fail(word: str) -> Asked:
    return Asked(path="words.fail", kind=Kind.QUERY, text=msgspec.json.encode({"word": word}))


async def test_a_query_is_answered_with_what_came_along(tmp_path: Path) -> None:
    async with an_instance(tmp_path) as instance:
        client = WireClient(instance.address)
        with trace_context.carrying(TRACE):
            body = await client.ask(say("crème brûlée & 100%"), timeout_s=20)
        await client.close()
    said = msgspec.json.decode(body or b"", type=Said)
    assert (said.word, said.said_by, said.traceparent) == ("crème brûlée & 100%", "a", TRACE)
    assert said.left_s is not None
    assert 0 < said.left_s <= 20


async def test_a_mutation_without_an_answer_gives_none(tmp_path: Path) -> None:
    async with an_instance(tmp_path) as instance:
        client = WireClient(instance.address)
        asked = Asked(path="words.keep", kind=Kind.MUTATION, text=b'{"word":"tea"}')
        assert await client.ask(asked, timeout_s=20) is None
        await client.close()


async def test_the_deadline_of_the_work_under_way_goes_along(tmp_path: Path) -> None:
    async with an_instance(tmp_path) as instance:
        client = WireClient(instance.address)

        async def work() -> Said:
            deadlines.take({b"manciple-timeout": b"5S"})
            body = await client.ask(say("tea"), timeout_s=20)
            return msgspec.json.decode(body or b"", type=Said)

        said = await asyncio.create_task(work())
        await client.close()
    assert said.left_s is not None
    assert said.left_s <= 5


async def test_connections_are_used_again_and_never_more_than_allowed(tmp_path: Path) -> None:
    async with an_instance(tmp_path) as instance:
        client = WireClient(instance.address, max_connections=2)
        for _ in range(5):
            await client.ask(say("tea"), timeout_s=20)
        assert len(instance.connections) == 1
        await asyncio.gather(*(client.ask(say("tea"), timeout_s=20) for _ in range(20)))
        assert len(instance.connections) == 2
        await client.close()


async def test_errors_are_those_of_the_house(tmp_path: Path) -> None:
    async with an_instance(tmp_path) as instance:
        client = WireClient(instance.address)
        with pytest.raises(NotFound, match="No word 'tea'"):
            await client.ask(fail("tea"), timeout_s=20)
        with pytest.raises(TooMany) as busy:
            await client.ask(fail("busy"), timeout_s=20)
        with pytest.raises(InvalidInput, match="word"):
            await client.ask(Asked(path="words.say", kind=Kind.QUERY, text=b"{}"), timeout_s=20)
        with pytest.raises(WireError, match="reference err_") as crash:
            await client.ask(fail("crash"), timeout_s=20)
        await client.close()
    assert busy.value.wait_s == 7
    assert "secret" not in str(crash.value)


async def test_no_answer_in_time_is_given_up(tmp_path: Path) -> None:
    async with an_instance(tmp_path) as instance:
        client = WireClient(instance.address)
        with pytest.raises(TimedOut):
            await client.ask(NEVER, timeout_s=0.05)
        await client.close()


async def test_the_other_side_gives_up_too(tmp_path: Path) -> None:
    async with an_instance(tmp_path) as instance:
        path = instance.address.removeprefix("unix:")
        reader, writer = await asyncio.open_unix_connection(path)
        head = b"GET /trpc/words.never HTTP/1.1\r\nhost: x\r\nmanciple-timeout: 1m\r\n"
        writer.write(head + b"connection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code":"TIMEOUT"' in answer


async def test_where_nobody_listens_nothing_was_taken(tmp_path: Path) -> None:
    client = WireClient(f"unix:{tmp_path}/nobody.sock", name="walmart-pricing")
    with pytest.raises(NotReached, match="walmart-pricing"):
        await client.ask(say("tea"), timeout_s=20)
    await client.close()


async def test_a_connection_that_breaks_is_cut(tmp_path: Path) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    path = str(tmp_path / "rude.sock")
    async with await asyncio.start_unix_server(hang_up, path):
        client = WireClient(f"unix:{path}")
        with pytest.raises(Cut):
            await client.ask(say("tea"), timeout_s=20)
        await client.close()


async def test_a_door_that_is_not_open_yet_has_taken_nothing(tmp_path: Path) -> None:
    async def starting(scope: object, receive: object, send: object) -> None:
        answer = problem(503, detail="Still starting", wait_s=1)
        await answer(scope, receive, send)  # type: ignore[arg-type]  # plain ASGI

    async with serving(starting, tmp_path / "new.sock"):
        client = WireClient(f"unix:{tmp_path}/new.sock")
        with pytest.raises(NotReached):
            await client.ask(say("tea"), timeout_s=20)
        await client.close()


def test_an_address_is_a_socket_or_a_port() -> None:
    with pytest.raises(InvalidInput, match="address"):
        WireClient("ftp://somewhere")
