import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.grocery.stores.opening import open_database_in_memory
from manciple.platform.bus.exchange import Exchange, Gap
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.news import Event, Listener
from manciple.platform.bus.outbox import Outbox
from manciple.platform.db.database import Database
from tests.fakes import FakeClock


class Newsroom:
    """An exchange over a database in memory, pumped by hand."""

    def __init__(self, database: Database, *, max_waiting: int = 1000) -> None:
        self.database = database
        self.clock = FakeClock()
        hub = Hub(max_waiting=max_waiting)
        self.exchange = Exchange(database, self.clock, hub, has_changed=lambda: True)

    async def tell(
        self, *keys: str, topic: str = "list.item_added", owner: str | None = None
    ) -> None:
        def add(outbox: Outbox) -> None:
            for key in keys:
                outbox.add(topic, {"key": key}, key=key, owner_id=owner)

        await self.database.write(lambda c: add(Outbox(c, self.clock.now())))


@pytest.fixture
async def room() -> AsyncIterator[Newsroom]:
    database = open_database_in_memory()
    newsroom = Newsroom(database)
    await newsroom.exchange.open()
    yield newsroom
    await database.close()


async def test_who_waits_for_any_change_is_rung(room: Newsroom) -> None:
    rung = asyncio.Event()
    room.exchange.on_change(rung.set)
    running = asyncio.create_task(room.exchange.run())
    async with asyncio.timeout(5):
        await rung.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


ANNA = Listener(id="l", user_id="anna", wants_each=True)


async def heard(room: Newsroom, count: int, *, after_id: int | None = None) -> list[Event | Gap]:
    """The first `count` things that Anna hears; what is committed is pumped while she waits."""
    found: list[Event | Gap] = []
    async with aclosing(room.exchange.follow(ANNA, ["*"], after_id=after_id)) as following:
        async with asyncio.timeout(5):
            while len(found) < count:
                nexts = asyncio.ensure_future(anext(following))
                await asyncio.sleep(0)
                await room.exchange.pump()
                found.append(await nexts)
    return found


def keys(found: list[Event | Gap]) -> list[str]:
    return [one.key for one in found if isinstance(one, Event)]


async def test_who_resumes_gets_what_was_missed_and_then_what_is_new(room: Newsroom) -> None:
    await room.tell("a", "b", "c")
    await room.exchange.pump()
    await room.tell("d")

    assert keys(await heard(room, 3, after_id=1)) == ["b", "c", "d"]


async def test_a_newcomer_hears_only_what_is_new(room: Newsroom) -> None:
    await room.tell("old")
    await room.exchange.pump()
    following = room.exchange.follow(ANNA, ["*"])
    first = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    await room.tell("new")
    await room.exchange.pump()

    assert isinstance(told := await first, Event)
    assert told.key == "new"
    await following.aclose()


async def test_somebody_elses_news_is_not_told_even_from_the_outbox(room: Newsroom) -> None:
    await room.tell("hers", owner="anna")
    await room.tell("his", owner="ben")
    await room.tell("all")

    assert keys(await heard(room, 2, after_id=0)) == ["hers", "all"]


async def test_what_is_kept_no_more_is_said_as_a_gap(room: Newsroom) -> None:
    await room.tell("a", "b")
    room.clock.turn(100)
    await room.tell("c")
    before = room.clock.now() - timedelta(seconds=50)
    forgotten = await room.database.write(
        lambda c: Outbox(c, room.clock.now()).forget(before=before, most=10)
    )

    assert forgotten == 2
    gap, event = await heard(room, 2, after_id=0)
    assert gap == Gap(after_id=0, before_id=3)
    assert keys([event]) == ["c"]


async def test_who_leaves_is_forgotten(room: Newsroom) -> None:
    await room.tell("a")
    await heard(room, 1, after_id=0)

    assert len(room.exchange.hub) == 0


@settings(max_examples=25)
@given(
    bursts=st.lists(st.integers(0, 7), max_size=12),
    max_waiting=st.integers(1, 5),
    start=st.integers(0, 10),
)
def test_a_follower_hears_each_event_once_and_in_order_however_slow(
    bursts: list[int], max_waiting: int, start: int
) -> None:
    async def play() -> tuple[list[int], int]:
        database = open_database_in_memory()
        room = Newsroom(database, max_waiting=max_waiting)
        await room.exchange.open()
        total = sum(bursts)
        seen: list[int] = []
        following = room.exchange.follow(ANNA, ["list.*"], after_id=min(start, total))
        for burst in bursts:
            await room.tell(*(str(n) for n in range(burst)))
            await room.exchange.pump()
        async with asyncio.timeout(5):
            while len(seen) < total - min(start, total):
                seen.append((await anext(following)).id)  # type: ignore[union-attr]  # no gap here
        await following.aclose()
        await database.close()
        return seen, total

    seen, total = asyncio.run(play())
    assert seen == list(range(min(start, total) + 1, total + 1))


async def test_who_turns_up_in_a_household_hears_it_from_there_on_and_not_after_leaving(
    room: Newsroom,
) -> None:
    hub = room.exchange.hub
    moves = {"in": True, "out": False}
    room.exchange.on_turn("turn", lambda event: hub.move("anna", "home", is_in=moves[event.key]))
    room.exchange.join(ANNA, lambda: None)
    hub.subscribe(ANNA.id, ["list.*"])

    def tell(outbox: Outbox) -> None:
        for key in ("before", "in", "between", "out", "after"):
            topic = "turn" if key in moves else "list.item_added"
            outbox.add(topic, {}, key=key, household_id="home")

    await room.database.write(lambda c: tell(Outbox(c, room.clock.now())))
    assert await room.exchange.pump() == 5
    assert [event.key for event in hub.take(ANNA.id)[1]] == ["between"]


async def test_a_look_is_taken_again_if_somebody_moved_meanwhile(room: Newsroom) -> None:
    room.exchange.on_turn("turn", lambda _: None)
    looks = 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        if looks == 1:
            await room.tell("anna", topic="turn")
            await room.exchange.pump()
        return looks

    assert await room.exchange.settled(look) == 2
