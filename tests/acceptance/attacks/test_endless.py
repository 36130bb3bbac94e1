"""Heads that do not end, crowds at the door, and answers to what is not even HTTP."""

import contextlib
import socket
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.acceptance.attacks.besieged import House, besieged, populate
from tests.acceptance.attacks.wires import raw
from tests.patient import connect

pytestmark = pytest.mark.xdist_group("attacks")
PIECE = b"a" * 100_000
# Far beyond what a door takes of a head, and what systems hold between two programs.
PIECES = 200
LINE = b"GET /livez HTTP/1.1\r\nhost: x\r\n"
CHUNKED = b"POST /nowhere HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
UPGRADE = (
    b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        pytest.param(LINE + b"x: ", PIECE, id="one header"),
        pytest.param(LINE, b"x: " + PIECE + b"\r\n", id="many headers"),
        pytest.param(LINE, b"x: 1\r\n" * 20_000, id="many small headers"),
        pytest.param(LINE, b"x" + PIECE, id="a name of a header"),
        pytest.param(b"GET /", PIECE, id="a path"),
        pytest.param(b"GET /?", PIECE, id="a query"),
        pytest.param(CHUNKED + b"0\r\n", b"x: " + PIECE + b"\r\n", id="trailers"),
        pytest.param(CHUNKED + b"0\r\nx: ", PIECE, id="one trailer"),
        pytest.param(CHUNKED + b"2;x=", PIECE, id="an extension of a chunk"),
    ],
)
def test_a_head_without_end_is_cut_early(house: House, start: bytes, piece: bytes) -> None:
    where = urlsplit(house.api)
    sent = 0
    door = (where.hostname or "", where.port or 0)
    with (
        socket.create_connection(door, timeout=120) as client,
        contextlib.suppress(ConnectionError),
    ):
        client.sendall(start)
        for _ in range(PIECES):
            client.sendall(piece)
            sent += 1
    assert sent < PIECES


def test_a_long_head_within_reason_is_read(house: House) -> None:
    answer = raw(house, LINE + b"connection: close\r\nx: " + b"a" * 30_000 + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"GET /ws HTTP/1.1\r\nhost: x\r\norigin: https://evil.example\r\n" + UPGRADE),
        pytest.param(
            b"GET /trpc HTTP/1.1\r\nhost: x\r\norigin: https://evil.example\r\n" + UPGRADE
        ),
        pytest.param(b"GET /ws HTTP/1.1\r\nhost: x\r\n" + UPGRADE.replace(b"13", b"12")),
        pytest.param(b"GET /trpc HTTP/1.1\r\nhost: x\r\n" + UPGRADE.replace(b"13", b"12")),
        pytest.param(b"GET /ws HTTP/1.1\r\nhost: x\r\n" + UPGRADE.partition(b"sec-websocket-k")[0]),
        pytest.param(b"GET /nowhere HTTP/1.1\r\nhost: x\r\n" + UPGRADE),
        pytest.param(b"GET /health HTTP/1.1\r\nhost: x\r\n" + UPGRADE),
        pytest.param(b"GET /trpc HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n" + UPGRADE),
        pytest.param(b"GET /trpc HTTP/1.1\r\nhost: x\r\n" + b"x: y\r\n" * 200 + UPGRADE),
        pytest.param(b"GET /trpc HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 9000 + b"\r\n" + UPGRADE),
        pytest.param(b"GET /trpc HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n" + UPGRADE),
        pytest.param(b"TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"),
        pytest.param(b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"),
        pytest.param(b"PUT /trpc/auth.me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"),
        pytest.param(b"CONNECT x:1 HTTP/1.1\r\nhost: x\r\n"),
        pytest.param(b"nonsense\r\n"),
    ],
)
def test_every_refusal_says_what_browsers_may_do(house: House, request_bytes: bytes) -> None:
    head = raw(house, request_bytes + b"\r\n").partition(b"\r\n\r\n")[0].lower()
    assert head.startswith((b"http/1.1 4", b"http/1.1 204"))
    for name in (b"content-security-policy", b"x-content-type-options", b"referrer-policy"):
        assert name + b": " in head
    assert b"server: " not in head


async def test_a_crowd_of_strangers_keeps_nobody_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    few = ("websocket.max_connections=20", "websocket.max_per_address=5")
    with besieged(tmp_path_factory.mktemp("crowd"), *few) as house:
        populate(house)
        where = house.api.replace("http", "ws") + "/ws"
        async with contextlib.AsyncExitStack() as crowd:
            came = [await crowd.enter_async_context(connect(where, proxy=None)) for _ in range(15)]
            said = [str(await each.recv()) for each in came]
            assert sum("welcome" in each for each in said) == 5
            bearer = house.as_("bob").headers
            bob = await crowd.enter_async_context(
                connect(where, additional_headers=bearer, proxy=None)
            )
            assert "welcome" in str(await bob.recv())


async def test_knocking_at_the_event_sockets_is_counted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with besieged(tmp_path_factory.mktemp("knock"), "security.anonymous_limit=40") as house:
        populate(house)
        where = house.api.replace("http", "ws") + "/ws"
        said = []
        for _ in range(41):
            async with connect(where, proxy=None) as client:
                said.append(await first_of(client))
    assert "welcome" in said[0]
    assert "welcome" not in said[-1]


async def first_of(client: ClientConnection) -> str:
    try:
        return str(await client.recv())
    except ConnectionClosed:
        return ""
