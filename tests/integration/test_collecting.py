"""Searches at a collector as durable jobs: paid for once, whoever dies meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from manciple.grocery.actions.collect import Collect, Collection
from manciple.grocery.connectors.brightdata import BrightData
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.domain.collected import Collected, RefusedInput
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from manciple.kit.errors import NotFound, Refused, TooMany, Upstream
from manciple.platform.jobs.job import State
from manciple.services.collecting import collecting
from tests.fake_shop import a_fake_shop
from tests.list_builders import a_product


class QuickClock(SystemClock):
    """The system's, but nobody waits longer than a blink."""

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(min(delay_s, 0.01))


class FakeCollector:
    """Is ready after a few looks; counts what must be paid for."""

    def __init__(self) -> None:
        self.triggered: list[str] = []
        self.failure: Exception | None = None
        self.looks = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.end = "ready"

    async def trigger(self, keyword: str, *, limit: int) -> str:
        del limit
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        self.triggered.append(keyword)
        return f"sd_{len(self.triggered)}"

    async def status(self, snapshot_id: str) -> str:
        assert snapshot_id == "sd_1"
        await self.gate.wait()
        self.looks += 1
        return self.end if self.looks > 2 else "running"

    async def collect(self, snapshot_id: str) -> Collected | None:
        del snapshot_id
        if self.looks < 5:
            return None
        refused = RefusedInput(given="x", error="dead page", code="dead_page")
        return Collected(products=(a_product("milk", cents=300),), refused=(refused,))


class Setting:
    """Stores, a collector, and what asks it."""

    def __init__(self) -> None:
        self.clock = QuickClock()
        self.stores = Stores(open_database_in_memory(), self.clock)
        self.collector = FakeCollector()
        self.collect = Collect(self.stores, self.clock, self.collector)

    async def ended(self, job_id: int) -> Collection:
        async with asyncio.timeout(120):
            while True:
                found = await self.collect.status("ann", job_id)
                if found.status.state in (State.DONE, State.DEAD) and found.status.kind != (
                    "collect.begin" if found.status.state is State.DONE else ""
                ):
                    return found
                await asyncio.sleep(0.02)

    async def topics(self) -> list[str]:
        news = await self.stores.read(lambda tx: tx.outbox.after(0, limit=100))
        return [one.topic for one in news if one.topic.startswith("job.")]


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    made = Setting()
    await made.stores.write(lambda tx: tx.users.ensure("ann", display_name="Ann"))
    yield made
    await made.stores.database.close()


async def test_a_search_is_begun_waited_for_and_kept(setting: Setting) -> None:
    async with collecting(setting.stores, setting.clock, setting.collect):
        job_id = await setting.collect.ask("ann", "milk", limit=5)
        found = await setting.ended(job_id)
    result = json.loads(found.status.result or b"")

    assert (found.status.state, found.snapshot_id) == (State.DONE, "sd_1")
    assert (result["productIds"], result["refused"][0]["code"]) == (["milk"], "dead_page")
    assert (await setting.stores.read(lambda tx: tx.products.by_id("milk"))).price is not None
    assert await setting.topics() == ["job.queued", "job.progress", "job.done"]
    with pytest.raises(NotFound):
        await setting.collect.status("bob", job_id)


async def test_the_same_words_asked_twice_are_one_search(setting: Setting) -> None:
    first = await setting.collect.ask("ann", "Milk", limit=5)

    assert await setting.collect.ask("ann", "milk", limit=5) == first
    assert await setting.topics() == ["job.queued"]


async def test_words_asked_again_while_the_search_is_under_way_are_not_paid_again(
    setting: Setting,
) -> None:
    setting.collector.gate.clear()
    async with collecting(setting.stores, setting.clock, setting.collect):
        first = await setting.collect.ask("ann", "Milk", limit=5)
        async with asyncio.timeout(120):
            while (await setting.collect.status("ann", first)).snapshot_id is None:  # noqa: ASYNC110 - the worker writes
                await asyncio.sleep(0.02)
        assert await setting.collect.ask("ann", "milk", limit=5) == first
        setting.collector.gate.set()
        await setting.ended(first)
        assert setting.collector.triggered == ["Milk"]
        assert await setting.collect.ask("ann", "milk", limit=5) != first


async def test_a_worker_that_dies_while_it_waits_costs_nothing(setting: Setting) -> None:
    setting.collector.gate.clear()
    async with collecting(setting.stores, setting.clock, setting.collect):
        job_id = await setting.collect.ask("ann", "milk", limit=5)
        async with asyncio.timeout(120):
            while (await setting.collect.status("ann", job_id)).snapshot_id is None:  # noqa: ASYNC110 - another worker may be the one that writes
                await asyncio.sleep(0.02)
    setting.collector.gate.set()
    async with collecting(setting.stores, setting.clock, setting.collect):
        found = await setting.ended(job_id)

    assert found.status.state is State.DONE
    assert setting.collector.triggered == ["milk"]


async def test_a_worker_that_dies_while_it_asks_is_not_followed_by_another_payment(
    setting: Setting,
) -> None:
    job_id = await setting.collect.ask("ann", "milk", limit=5)
    # What a worker leaves that died between its question and the answer.
    statement = "UPDATE jobs SET attempt = 1, progress_note = 'asked the collector' WHERE id = ?"
    await setting.stores.write(lambda tx: tx.connection.exec_driver_sql(statement, (job_id,)))
    async with collecting(setting.stores, setting.clock, setting.collect):
        found = await setting.ended(job_id)

    assert found.status.state is State.DEAD
    assert "may have been begun" in (found.status.error or "")
    assert setting.collector.triggered == []
    assert await setting.topics() == ["job.queued", "job.failed"]


@pytest.mark.parametrize(
    ("failure", "state"),
    [(TooMany(wait_s=1), State.DONE), (Upstream("brightdata", "broke off"), State.DEAD)],
)
async def test_a_search_that_was_refused_is_begun_again_and_an_unclear_one_is_not(
    setting: Setting, failure: Exception, state: State
) -> None:
    setting.collector.failure = failure
    async with collecting(setting.stores, setting.clock, setting.collect):
        found = await setting.ended(await setting.collect.ask("ann", "milk", limit=5))

    assert found.status.state is state


async def test_a_search_that_fails_over_there_is_given_up(setting: Setting) -> None:
    setting.collector.end = "failed"
    async with collecting(setting.stores, setting.clock, setting.collect):
        found = await setting.ended(await setting.collect.ask("ann", "milk", limit=5))

    assert (found.status.state, found.status.error) == (State.DEAD, "the collector says failed")


async def test_without_a_collector_a_search_is_refused(setting: Setting) -> None:
    with pytest.raises(Refused):
        await Collect(setting.stores, setting.clock, None).ask("ann", "milk", limit=5)


async def test_the_real_client_searches_the_fake_shop(setting: Setting) -> None:
    async with a_fake_shop(pace=20.0) as (shop, port):
        fetcher = Fetcher(setting.clock, trusted=frozenset({f"127.0.0.1:{port}"}))
        source = BrightData(
            fetcher, "fake-key", now=setting.clock.now, base_url=f"http://127.0.0.1:{port}"
        )
        setting.collect = Collect(setting.stores, setting.clock, source)
        async with collecting(setting.stores, setting.clock, setting.collect):
            found = await setting.ended(await setting.collect.ask("ann", "milk", limit=10))
        await fetcher.close()

    result: dict[str, Any] = json.loads(found.status.result or b"")
    assert len(result["productIds"]) == 4
    assert shop.log.count("/datasets/v3/trigger") == 1
