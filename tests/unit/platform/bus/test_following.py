"""What one follower hears: everything once and in order, from the moment it listens."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.grocery.stores.opening import open_database_in_memory
from manciple.kit.errors import InvalidInput, TooMany
from manciple.platform.bus.following import Following
from manciple.platform.bus.hub import MAX_PATTERNS
from manciple.platform.bus.news import Event, Gap
from manciple.platform.bus.outbox import Outbox
from tests.unit.platform.bus.newsroom import ANNA, Newsroom

Told = Event | Gap


def following(room: Newsroom, *patterns: str, after_id: int | None = None) -> Following[Told]:
    """Anna's way through the events, as they are."""
    return Following(room.exchange, ANNA, patterns, after_id=after_id, tell=lambda told: told)


async def heard(room: Newsroom, count: int, *, after_id: int | None = None) -> list[Event | Gap]:
    """The first `count` things that Anna hears; what is committed is pumped while she waits."""
    found: list[Event | Gap] = []
    async with aclosing(following(room, "*", after_id=after_id)) as told, asyncio.timeout(120):
        while len(found) < count:
            nexts = asyncio.ensure_future(anext(told))
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
    async with aclosing(following(room, "*")) as told:
        await room.tell("new")
        await room.exchange.pump()
        assert keys([await anext(told)]) == ["new"]


async def test_what_is_said_before_the_first_item_is_asked_for_is_heard_all_the_same(
    room: Newsroom,
) -> None:
    async with aclosing(following(room, "*")) as told:
        for key in ("one", "two"):
            await room.tell(key)
            await room.exchange.pump()
        assert keys([await anext(told), await anext(told)]) == ["one", "two"]


async def test_who_leaves_without_ever_asking_is_forgotten(room: Newsroom) -> None:
    told = following(room, "*")
    assert len(room.exchange.hub) == 1
    await told.aclose()
    assert len(room.exchange.hub) == 0


@pytest.mark.parametrize("patterns", [["no channel"], [f"a.b{n}" for n in range(MAX_PATTERNS + 1)]])
async def test_nobody_listens_to_what_is_no_channel(room: Newsroom, patterns: list[str]) -> None:
    with pytest.raises((InvalidInput, TooMany)):
        following(room, *patterns)
    assert len(room.exchange.hub) == 0


async def test_what_is_made_none_of_is_left_out(room: Newsroom) -> None:
    def tell(told: Told) -> str | None:
        return told.key if isinstance(told, Event) and told.key != "dull" else None

    async with aclosing(Following(room.exchange, ANNA, ["*"], tell=tell)) as keys_told:
        await room.tell("dull", "news")
        await room.exchange.pump()
        assert await anext(keys_told) == "news"


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
        told = following(room, "list.*", after_id=min(start, total))
        for burst in bursts:
            await room.tell(*(str(n) for n in range(burst)))
            await room.exchange.pump()
        async with asyncio.timeout(120):
            while len(seen) < total - min(start, total):
                seen.append((await anext(told)).id)  # type: ignore[union-attr]  # no gap here
        await told.aclose()
        await database.close()
        return seen, total

    seen, total = asyncio.run(play())
    assert seen == list(range(min(start, total) + 1, total + 1))
