"""A client of several processes gets its limit once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import TooMany
from manciple.platform.security.limits import Policy, RateLimits
from manciple.services.shared_limits import SharedLimits
from tests.fakes import FakeClock

LIMIT = Policy("anonymous", 100, 900)


class Door:
    """One of several processes that serve the same clients."""

    def __init__(self, stores: Stores, clock: FakeClock) -> None:
        self.rates = RateLimits(clock)
        self.shared = SharedLimits(self.rates, stores, clock)

    def lets_in(self) -> bool:
        try:
            self.rates.spend(LIMIT, "203.0.113.9")
        except TooMany:
            return False
        return True


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def stores(tmp_path: Path, clock: FakeClock) -> AsyncIterator[list[Stores]]:
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(3):
            database = open_database(tmp_path / "x.db")
            stack.push_async_callback(database.close)
            found.append(Stores(database, clock))
        yield found


@pytest.fixture
def doors(stores: list[Stores], clock: FakeClock) -> list[Door]:
    return [Door(each, clock) for each in stores]


async def rush(doors: list[Door], *, rounds: int = 100) -> int:
    """How many calls of one client are let in; it asks each door in turn, who then tell."""
    let_in = 0
    for _ in range(rounds):
        for each in doors:
            let_in += each.lets_in()
            await each.shared.tell()
    return let_in


def is_once(let_in: int) -> bool:
    """The limit, and the one call at each other door that was not told yet when it was reached."""
    return LIMIT.most <= let_in <= LIMIT.most + 2


async def test_three_doors_let_in_as_many_as_one(doors: list[Door]) -> None:
    assert is_once(await rush(doors))


async def test_what_is_not_told_yet_is_all_that_goes_beyond(doors: list[Door]) -> None:
    assert [each.lets_in() for each in doors for _ in range(60)].count(True) == 180
    for each in doors * 2:
        each.lets_in()
        await each.shared.tell()
    assert not any(each.lets_in() for each in doors)


async def test_a_new_window_is_new_for_all(doors: list[Door], clock: FakeClock) -> None:
    await rush(doors)
    clock.turn(LIMIT.window_s)
    assert is_once(await rush(doors))


async def test_counts_from_before_the_machine_started_do_not_count(
    doors: list[Door], stores: list[Stores], clock: FakeClock
) -> None:
    clock.turn(1_000_000)
    await rush(doors)
    clock.turn(-999_000)
    again = [Door(each, clock) for each in stores]
    assert is_once(await rush(again))


async def test_no_address_is_kept_and_windows_that_are_over_go(
    doors: list[Door], stores: list[Stores], clock: FakeClock, tmp_path: Path
) -> None:
    await rush(doors, rounds=1)
    assert b"203.0.113.9" not in (tmp_path / "x.db-wal").read_bytes()
    now_s = clock.monotonic()
    assert await stores[0].write(lambda tx: tx.rate_counts.forget(now_s=now_s)) == 0
    clock.turn(LIMIT.window_s)
    now_s = clock.monotonic()
    assert await stores[0].write(lambda tx: tx.rate_counts.forget(now_s=now_s)) == 1
