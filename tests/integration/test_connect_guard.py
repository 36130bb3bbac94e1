"""Foreign code that opens its own connections, beside a service on this machine."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from manciple.grocery.connectors.apprise_messenger import AppriseMessenger
from manciple.kit.connect_guard import NotPublic, guarded
from manciple.kit.errors import InvalidInput, Upstream

PUBLIC = "93.184.215.14"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Inside:
    """A service that must not be reached; it counts who came."""

    def __init__(self) -> None:
        self.came = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        await reader.read(65_536)
        writer.write(ANSWER)
        await writer.drain()
        writer.close()


@pytest.fixture
async def inside() -> AsyncIterator[Inside]:
    service = Inside()
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    async with server:
        yield service


async def _public(_host: str, _port: int) -> list[str]:
    """What a name meant when it was asked for first."""
    return [PUBLIC]


async def test_a_name_that_means_another_place_by_then_is_not_connected_to(inside: Inside) -> None:
    messenger = AppriseMessenger(timeout_s=60, resolve_name=_public)
    url = f"json://localhost:{inside.port}/hook"
    await messenger.examine(url)

    with pytest.raises(Upstream, match="did not take"):
        await messenger.send(url, title="t", body="b")

    assert inside.came == 0


async def test_the_owner_of_the_house_may_allow_it(inside: Inside) -> None:
    messenger = AppriseMessenger(timeout_s=60, allow_inside=True)
    await messenger.send(f"json://localhost:{inside.port}/hook", title="t", body="b")

    assert inside.came == 1


async def test_services_with_threads_of_their_own_are_not_used() -> None:
    messenger = AppriseMessenger(timeout_s=60, resolve_name=_public)

    with pytest.raises(InvalidInput, match=r"leads inside|no address"):
        await messenger.examine("mqtt://broker.example/topic")


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, ("127.0.0.1", 9)),
        (socket.AF_INET, ("169.254.169.254", 80)),
        (socket.AF_INET, ("localhost", 9)),
        (socket.AF_INET6, ("::1", 9)),
        (socket.AF_INET6, ("::ffff:10.0.0.1", 9)),
        (socket.AF_UNIX, "/run/none.sock"),
    ],
    ids=str,
)
def test_only_public_addresses_are_connected_to_within_the_block(
    family: socket.AddressFamily, address: tuple[str, int] | str
) -> None:
    with (
        socket.socket(family, socket.SOCK_DGRAM) as one,
        guarded(),
        pytest.raises(NotPublic),
    ):
        one.connect(address)


async def test_outside_of_the_block_nothing_is_refused(inside: Inside) -> None:
    with guarded():
        pass
    reader, writer = await asyncio.open_connection("127.0.0.1", inside.port)
    writer.write(b"x")
    writer.write_eof()

    assert await reader.read() == ANSWER
    writer.close()
