"""A place outside fails and comes back: everybody who watches the house hears of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import httpx2
import pytest

from manciple.api.event_types import EVENTS, facts_of
from manciple.api.shapes_events import BreakerChanged
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.targets import Target
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.breaker import BreakerSettings, State
from manciple.kit.errors import MancipleError, Unavailable
from manciple.services.breaker_news import TOPIC, TellBreakers
from manciple.services.metrics import TargetMetrics
from tests.fakes import FakeClock

T = TypeVar("T")
SHOP = Target(
    name="shop",
    base_url="http://shop.test",
    attempts=1,
    breaker=BreakerSettings(least_calls=3, rest_s=5.0, probes=1),
)


class BusyStores(Stores):
    """Stores whose database cannot write while it is busy."""

    is_busy = False

    async def write(self, work: Callable[[Transaction], T], *, durable: bool = False) -> T:
        if self.is_busy:
            raise Unavailable("the database", wait_s=1)
        return await super().write(work, durable=durable)


class Outside:
    """A shop that fails while it is told to, and what speaks with it and tells of it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.is_down = True
        self.fetcher = Fetcher(
            self.clock,
            trusted=frozenset({"shop.test:80"}),
            transport=httpx2.MockTransport(self._answer),
        )
        self.stores = BusyStores(open_database_in_memory(), self.clock)
        self.teller = TellBreakers(self.stores, self.fetcher)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        del request
        return httpx2.Response(500 if self.is_down else 200)

    async def ask(self, times: int = 1) -> None:
        for _ in range(times):
            try:
                await self.fetcher.fetch(SHOP, "GET", "/")
            except MancipleError:
                await asyncio.sleep(0)

    async def told(self) -> list[BreakerChanged]:
        news = await self.stores.read(lambda tx: tx.outbox.after(0, limit=100))
        facts = [facts_of(one.topic, one.payload) for one in news if one.topic == TOPIC]
        return [one for one in facts if isinstance(one, BreakerChanged)]


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    made = Outside()
    yield made
    await made.fetcher.close()
    await made.stores.database.close()


async def test_a_breaker_that_opens_and_recovers_is_told_step_by_step(outside: Outside) -> None:
    await outside.ask(4)
    await outside.teller.turn()
    outside.is_down = False
    outside.clock.turn(6)
    await outside.ask()
    await outside.teller.turn()

    assert [(one.target, one.before, one.state) for one in await outside.told()] == [
        ("shop", State.CLOSED, State.OPEN),
        ("shop", State.OPEN, State.HALF_OPEN),
        ("shop", State.HALF_OPEN, State.CLOSED),
    ]
    assert (await outside.told())[0].wait_s == pytest.approx(5.0)


async def test_a_breaker_that_rests_long_enough_is_told_though_nobody_asks(
    outside: Outside,
) -> None:
    await outside.ask(4)
    await outside.teller.turn()
    outside.clock.turn(6)
    await outside.teller.turn()

    assert [one.state for one in await outside.told()] == [State.OPEN, State.HALF_OPEN]


async def test_nothing_is_told_twice_and_nothing_without_a_change(outside: Outside) -> None:
    outside.is_down = False
    await outside.ask(10)
    await outside.teller.turn()
    await outside.teller.turn()

    assert await outside.told() == []


async def test_news_that_cannot_be_written_are_told_by_the_next_turn(outside: Outside) -> None:
    await outside.ask(4)
    outside.stores.is_busy = True
    with pytest.raises(Unavailable):
        await outside.teller.turn()
    outside.stores.is_busy = False
    await outside.teller.turn()

    assert [one.state for one in await outside.told()] == [State.OPEN]


async def test_the_metrics_say_the_same(outside: Outside) -> None:
    metrics = TargetMetrics()
    metrics.states = outside.fetcher.states
    await outside.ask(4)
    found = {sample.name: sample.value for family in metrics.collect() for sample in family.samples}

    assert found["manciple_target_breaker_open"] == 1.0
    assert found["manciple_target_wait_seconds"] == pytest.approx(5.0)
    assert (found["manciple_target_calls_total"], found["manciple_target_failures_total"]) == (3, 3)


def test_the_topic_is_registered() -> None:
    assert EVENTS[TOPIC].is_state
