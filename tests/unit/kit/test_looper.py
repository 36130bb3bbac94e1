"""A duty that repeats, and outlives its failures."""

import asyncio

from manciple.kit.looper import Looper
from tests.fakes import FakeClock


class Gate(FakeClock):
    """A clock whose sleeps end only after `turns` of them were let through."""

    def __init__(self, turns: int) -> None:
        super().__init__()
        self.left = turns
        self.reached = asyncio.Event()

    async def sleep(self, delay_s: float) -> None:
        self.turn(delay_s)
        self.left -= 1
        if self.left <= 0:
            self.reached.set()
            await asyncio.Event().wait()


async def test_a_duty_repeats_until_the_block_ends() -> None:
    clock, seen = Gate(3), []

    async def duty() -> None:
        seen.append(clock.monotonic())

    async with asyncio.timeout(120), Looper("test", duty, every_s=10, clock=clock) as looper:
        await clock.reached.wait()
    assert seen == [0, 10, 20]
    assert (looper.turns, looper.failures) == (3, 0)


async def test_a_failure_ends_nothing() -> None:
    clock = Gate(3)

    async def duty() -> None:
        raise LookupError("gone")

    async with asyncio.timeout(120), Looper("test", duty, every_s=1, clock=clock) as looper:
        await clock.reached.wait()
    assert (looper.turns, looper.failures) == (3, 3)


async def test_a_duty_under_way_is_cancelled_at_the_end() -> None:
    started, ended = asyncio.Event(), []

    async def duty() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async with asyncio.timeout(120), Looper("test", duty, every_s=1, clock=FakeClock()):
        await started.wait()
    assert ended == ["cancelled"]
