"""Answers kept in memory: bounded, shared while they are made, dropped by what they show."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.kit.cache import ENTRY_BYTES, Answer, MemoryCache
from tests.fakes import FakeClock


class Kitchen:
    """Makes answers that count how often they were made."""

    def __init__(self, *tags: str) -> None:
        self.made = 0
        self.tags = frozenset(tags)
        self.may_finish = asyncio.Event()
        self.may_finish.set()

    async def make(self) -> Answer:
        self.made += 1
        body = f"answer {self.made}".encode()
        await self.may_finish.wait()
        return Answer(body, self.tags)


def cache_of(clock: FakeClock | None = None, *, max_bytes: int = 1_000_000) -> MemoryCache:
    return MemoryCache(clock or FakeClock(), ttl_s=300, stale_s=60, max_bytes=max_bytes)


async def test_an_answer_is_made_once_while_it_is_fresh() -> None:
    clock, kitchen = FakeClock(), Kitchen()
    cache = cache_of(clock)
    assert await cache.get("milk", kitchen.make) == b"answer 1"
    clock.turn(299)
    assert await cache.get("milk", kitchen.make) == b"answer 1"
    assert cache.fresh("milk") == b"answer 1"
    assert kitchen.made == 1


async def test_a_stale_answer_is_given_at_once_and_refreshed_behind() -> None:
    clock, kitchen = FakeClock(), Kitchen()
    cache = cache_of(clock)
    await cache.get("milk", kitchen.make)
    clock.turn(301)
    assert cache.fresh("milk") is None
    assert await cache.get("milk", kitchen.make) == b"answer 1"
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert cache.fresh("milk") == b"answer 2"


async def test_an_answer_beyond_its_stale_time_is_made_anew() -> None:
    clock, kitchen = FakeClock(), Kitchen()
    cache = cache_of(clock)
    await cache.get("milk", kitchen.make)
    clock.turn(361)
    assert await cache.get("milk", kitchen.make) == b"answer 2"


async def test_many_callers_share_one_maker() -> None:
    kitchen = Kitchen()
    cache = cache_of()
    answers = await asyncio.gather(*(cache.get("milk", kitchen.make) for _ in range(50)))
    assert set(answers) == {b"answer 1"}
    assert kitchen.made == 1


async def test_a_cancelled_caller_does_not_take_the_answer_from_the_others() -> None:
    kitchen = Kitchen()
    kitchen.may_finish.clear()
    cache = cache_of()
    first = asyncio.create_task(cache.get("milk", kitchen.make))
    second = asyncio.create_task(cache.get("milk", kitchen.make))
    await asyncio.sleep(0)
    first.cancel()
    kitchen.may_finish.set()
    assert await second == b"answer 1"


async def test_a_failure_reaches_everyone_who_waits_and_is_not_kept() -> None:
    async def burn() -> Answer:
        await asyncio.sleep(0)
        raise LookupError("burnt")

    cache = cache_of()
    results = await asyncio.gather(
        cache.get("milk", burn), cache.get("milk", burn), return_exceptions=True
    )
    assert [type(result) for result in results] == [LookupError, LookupError]
    assert await cache.get("milk", Kitchen().make) == b"answer 1"


async def test_a_change_drops_every_answer_that_shows_it_and_no_other() -> None:
    cache = cache_of()
    await cache.get("milk", Kitchen("p1", "p2").make)
    await cache.get("cheese", Kitchen("p3").make)
    cache.drop(["p2", "p9"])
    assert cache.fresh("milk") is None
    assert cache.fresh("cheese") is not None


async def test_what_was_begun_before_a_change_is_neither_kept_nor_given_afterwards() -> None:
    kitchen = Kitchen("p1")
    kitchen.may_finish.clear()
    cache = cache_of()
    before = asyncio.create_task(cache.get("milk", kitchen.make))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    cache.drop(["p1"])
    after = asyncio.create_task(cache.get("milk", kitchen.make))
    await asyncio.sleep(0)
    kitchen.may_finish.set()
    assert (await before, await after) == (b"answer 1", b"answer 2")
    assert cache.fresh("milk") == b"answer 2"


async def test_with_no_time_to_live_nothing_is_kept() -> None:
    cache = MemoryCache(FakeClock(), ttl_s=0, stale_s=0, max_bytes=1000)
    kitchen = Kitchen()
    await cache.get("milk", kitchen.make)
    assert await cache.get("milk", kitchen.make) == b"answer 2"
    assert len(cache) == 0


async def test_the_least_recently_used_answer_goes_first() -> None:
    cache = cache_of(max_bytes=2 * (ENTRY_BYTES + 8))
    for key in ("a", "b"):
        await cache.get(key, Kitchen().make)
    cache.fresh("a")
    await cache.get("c", Kitchen().make)
    assert [cache.fresh(key) is not None for key in "abc"] == [True, False, True]


STEPS = st.one_of(
    st.tuples(st.just("get"), st.integers(0, 8), st.frozensets(st.sampled_from("pqrs"))),
    st.tuples(st.just("drop"), st.sampled_from("pqrs"), st.none()),
    st.tuples(st.just("turn"), st.integers(1, 400), st.none()),
    st.tuples(st.just("clear"), st.none(), st.none()),
)


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=40), st.integers(1, 6000))
def test_a_cache_never_outgrows_its_bound_nor_gives_what_was_dropped(
    steps: list[tuple[str, object, frozenset[str]]], max_bytes: int
) -> None:
    asyncio.run(_walk(steps, max_bytes))


async def _walk(steps: list[tuple[str, object, frozenset[str]]], max_bytes: int) -> None:
    clock = FakeClock()
    cache = cache_of(clock, max_bytes=max_bytes)
    made = 0
    shown: dict[object, tuple[bytes, frozenset[str], float]] = {}
    for verb, what, tags in steps:
        if verb == "get":

            async def make(tags: frozenset[str] = tags, what: object = what) -> Answer:
                nonlocal made
                made += 1
                body = str(made).encode()
                shown[what] = (body, tags, clock.monotonic())  # noqa: B023 - awaited in this turn
                return Answer(body, tags)

            before = shown.get(what)
            body = await cache.get(what, make)
            expected = {shown[what][0]} | ({before[0]} if before else set())
            assert body in expected
            await asyncio.sleep(0)
        elif verb == "drop":
            cache.drop([str(what)])
            shown = {key: each for key, each in shown.items() if what not in each[1]}
        elif verb == "turn":
            clock.turn(float(str(what)))
        else:
            cache.clear()
            shown = {}
        assert cache.size_bytes <= max_bytes
        for key in range(9):
            found = cache.fresh(key)
            assert found is None or (
                found == shown[key][0] and clock.monotonic() - shown[key][2] < 300
            )
    for key in range(9):
        cache.drop(shown.get(key, (b"", frozenset(), 0.0))[1])
    untagged = [body for body, tags, _ in shown.values() if not tags]
    assert cache.size_bytes <= sum(len(body) + ENTRY_BYTES for body in untagged)


async def test_a_failed_refresh_leaves_the_old_answer_in_place() -> None:
    async def burn() -> Answer:
        raise LookupError("burnt")

    clock = FakeClock()
    cache = cache_of(clock)
    await cache.get("milk", Kitchen().make)
    clock.turn(301)
    for _ in range(2):
        assert await cache.get("milk", burn) == b"answer 1"
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    clock.turn(60)
    with pytest.raises(LookupError):
        await cache.get("milk", burn)
