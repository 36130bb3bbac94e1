"""Orders travel to the supervisor's socket and back, errors included."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from manciple.kit.errors import InvalidInput, NotFound, Refused, TimedOut, Unavailable
from manciple.platform.mesh.control import Control
from manciple.platform.mesh.control_door import control_door
from manciple.platform.mesh.orders import (
    Deploy,
    Down,
    Drain,
    MeshStatus,
    Order,
    Restart,
    Scale,
    Status,
)

QUIET = MeshStatus(pid=7, uptime_s=1.5, services=())


class Taker:
    """Takes orders as a supervisor would, or raises what it was given."""

    def __init__(self) -> None:
        self.taken: list[Order] = []
        self.error: Exception | None = None
        self.is_stuck = False

    async def take(self, order: Order) -> MeshStatus:
        self.taken.append(order)
        if self.is_stuck:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        return QUIET


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
async def path(tmp_path: Path, taker: Taker) -> AsyncIterator[Path]:
    # What a supervisor that was killed leaves behind.
    (tmp_path / "s").touch()
    async with control_door(tmp_path / "s", taker.take):
        yield tmp_path / "s"


async def test_every_order_arrives_and_answers_how_everything_is(path: Path, taker: Taker) -> None:
    control = Control(path)
    answers = [
        await control.status(),
        await control.deploy(),
        await control.scale("a", 2),
        await control.scale("a", None),
        await control.drain("a-1"),
        await control.restart("a"),
        await control.restart(),
        await control.down(),
    ]
    assert answers == [QUIET] * 8
    assert taker.taken == [
        Status(),
        Deploy(),
        Scale(service="a", count=2),
        Scale(service="a", count=None),
        Drain(id="a-1"),
        Restart(service="a"),
        Restart(service=None),
        Down(),
    ]


@pytest.mark.parametrize(
    "error",
    [
        NotFound("service", "x"),
        InvalidInput.at("count", "at most 3"),
        Refused("not while everything ends"),
        Unavailable("The database", wait_s=1),
    ],
)
async def test_errors_arrive_as_they_were_raised(
    path: Path, taker: Taker, error: Exception
) -> None:
    taker.error = error
    with pytest.raises(type(error)) as raised:
        await Control(path).status()
    assert str(raised.value) == str(error)


async def test_without_a_supervisor_it_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no supervisor runs"):
        await Control(tmp_path / "nothing").status()


async def test_one_that_does_not_answer_is_given_up(path: Path, taker: Taker) -> None:
    taker.is_stuck = True
    with pytest.raises(TimedOut):
        await Control(path, answer_s=0.05).status()


async def test_nonsense_is_refused_and_the_next_order_taken(path: Path) -> None:
    reader, writer = await asyncio.open_unix_connection(str(path))
    for line in (b"nonsense\n", b'{"order":"unknown"}\n', b'{"order":"scale"}\n'):
        writer.write(line)
        assert b'"failed"' in await reader.readline()
    writer.write(b'{"order":"status"}\n')
    assert b'"done"' in await reader.readline()
    writer.close()


async def test_a_line_without_end_is_cut_off(path: Path) -> None:
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(b"x" * 10_000)
    assert await reader.read() == b""
    writer.close()


async def test_the_socket_is_gone_afterwards(tmp_path: Path, taker: Taker) -> None:
    async with control_door(tmp_path / "s", taker.take):
        pass
    assert not (tmp_path / "s").exists()
