"""A target that shuts out whoever it refuses 25 times in five minutes never gets to do so."""

import asyncio
from collections.abc import Iterator

import httpx2
import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.grocery.connectors.brightdata import BrightData
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.kit.errors import MancipleError
from tests.fakes import FakeClock

SHUT_OUT, WINDOW_S = 25, 300.0
HOST = "datasets.test"


class StrictTarget:
    """Refuses by a pattern, round and round, and keeps the book that would shut us out."""

    def __init__(self, clock: FakeClock, pattern: list[bool], *, wait_s: int | None) -> None:
        self._clock = clock
        self._pattern = pattern
        self._headers = {} if wait_s is None else {"retry-after": str(wait_s)}
        self.asked = 0
        self.refused_at: list[float] = []
        self.most = 0

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        del request
        refuses = self._pattern[self.asked % len(self._pattern)]
        self.asked += 1
        # An answer takes a moment, in which others may be asking.
        await asyncio.sleep(0)
        self._clock.turn(0.05)
        if not refuses:
            return httpx2.Response(200, content=b"[]")
        now_s = self._clock.monotonic()
        self.refused_at = [at for at in self.refused_at if now_s - at < WINDOW_S] + [now_s]
        self.most = max(self.most, len(self.refused_at))
        return httpx2.Response(429, headers=self._headers, content=b"{}")


@pytest.fixture(autouse=True, scope="module")
def quick_retries() -> Iterator[None]:
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)


async def besieged(target: StrictTarget, clock: FakeClock, bursts: list[tuple[int, float]]) -> None:
    """Everybody wants something at once, again and again, with pauses between."""
    fetcher = Fetcher(
        clock,
        trusted=frozenset({f"{HOST}:80"}),
        transport=httpx2.MockTransport(target.answer),
    )
    source = BrightData(fetcher, "key", now=clock.now, base_url=f"http://{HOST}")

    async def ask(number: int) -> None:
        try:
            await source.by_ids([str(number)])
        except MancipleError:
            return

    try:
        for many, pause_s in bursts:
            await asyncio.gather(*(ask(number) for number in range(many)))
            clock.turn(pause_s)
    finally:
        await fetcher.close()


@settings(max_examples=40)
@given(
    pattern=st.lists(st.booleans(), min_size=1, max_size=8),
    wait_s=st.sampled_from([None, 0, 1, 20]),
    bursts=st.lists(st.tuples(st.integers(1, 80), st.floats(0, 400)), min_size=1, max_size=12),
)
def test_whoever_asks_whatever_at_once_the_target_is_never_provoked(
    pattern: list[bool], wait_s: int | None, bursts: list[tuple[int, float]]
) -> None:
    clock = FakeClock()
    target = StrictTarget(clock, pattern, wait_s=wait_s)
    asyncio.run(besieged(target, clock, bursts))

    assert target.most < SHUT_OUT


def test_a_day_of_nothing_but_refusals_stays_far_below() -> None:
    clock = FakeClock()
    target = StrictTarget(clock, [True], wait_s=None)
    asyncio.run(besieged(target, clock, [(15, 60.0)] * 24 * 60))

    assert 0 < target.most <= SHUT_OUT // 2
    # It goes on being asked now and then, so that its recovery is seen.
    assert target.asked > 24 * 12
