import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.errors import TimedOut
from manciple.platform.rpc import deadlines


@pytest.mark.parametrize(
    ("text", "expected_s"),
    [(b"2S", 2.0), (b"1500m", 1.5), (b"1H", 3600.0), (b"3M", 180.0), (b"250u", 0.00025)],
)
def test_a_time_is_read_as_grpc_writes_it(text: bytes, expected_s: float) -> None:
    assert deadlines.read(text) == pytest.approx(expected_s)


@pytest.mark.parametrize("text", [b"", b"2", b"S", b"-1S", b"1.5S", b"123456789S", b"2s", b"\xff"])
def test_what_is_no_time_asks_for_nothing(text: bytes) -> None:
    assert deadlines.read(text) is None


@given(st.floats(0.0001, 1e7))
def test_what_is_written_is_read_and_never_less(timeout_s: float) -> None:
    again_s = deadlines.read(deadlines.write(timeout_s).encode())
    assert again_s is not None
    assert again_s == pytest.approx(timeout_s, abs=0.0011) or timeout_s > 99_999
    assert again_s >= timeout_s or timeout_s > 99_999


async def test_work_is_given_up_at_the_deadline() -> None:
    deadlines.take({b"manciple-timeout": b"1m"})
    with pytest.raises(TimedOut):
        await deadlines.kept(asyncio.Event().wait())


async def test_a_later_header_makes_no_deadline_later() -> None:
    deadlines.take({b"manciple-timeout": b"1S"})
    deadlines.take({b"manciple-timeout": b"1H"})
    left_s = deadlines.remaining_s()
    assert left_s is not None
    assert left_s <= 1.0


async def test_without_a_deadline_the_work_is_as_it_was() -> None:
    deadlines.take({})
    work = asyncio.sleep(0, "done")
    assert deadlines.kept(work) is work
    assert await work == "done"
    assert deadlines.remaining_s() is None


async def test_a_timeout_of_the_work_itself_is_not_the_deadline() -> None:
    async def late() -> None:
        raise TimeoutError

    deadlines.take({b"manciple-timeout": b"1H"})
    with pytest.raises(TimeoutError):
        await deadlines.kept(late())
