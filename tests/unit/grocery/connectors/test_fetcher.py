import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx2
import pytest
import stamina

from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.pace import PaceSettings
from manciple.grocery.connectors.targets import Target
from manciple.kit.breaker import BreakerSettings, State
from manciple.kit.clock import SystemClock
from manciple.kit.errors import NotAllowed, TimedOut, TooMany, Unavailable, Upstream
from tests.fakes import FakeClock

SHOP = Target(name="shop", base_url="http://shop.test", timeout_s=2, attempts=3, max_bytes=1000)
Handler = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def quick_retries() -> Iterator[None]:
    stamina.set_testing(True, attempts=3, cap=True)
    yield
    stamina.set_testing(False)


@asynccontextmanager
async def fetching(handler: Handler) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(
        SystemClock(),
        trusted=frozenset({"shop.test:80"}),
        transport=httpx2.MockTransport(handler),
    )
    try:
        yield fetcher
    finally:
        await fetcher.close()


def answers(*statuses: int, headers: dict[str, str] | None = None) -> tuple[Handler, list[str]]:
    """Answers one status after the other, the last for ever; and the log of what was asked."""
    asked: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(f"{request.method} {request.url.path}")
        status = statuses[min(len(asked), len(statuses)) - 1]
        return httpx2.Response(status, headers=headers, content=b"ok")

    return handle, asked


async def test_an_answer_is_read_whole() -> None:
    handle, _ = answers(200, headers={"X-A": "b"})
    async with fetching(handle) as fetcher:
        answer = await fetcher.fetch(SHOP, "GET", "/a", query={"q": "milk"})

    assert (answer.status, answer.headers["x-a"], answer.body) == (200, "b", b"ok")


async def test_what_may_be_repeated_is_tried_again() -> None:
    handle, asked = answers(503, 502, 200)
    async with fetching(handle) as fetcher:
        assert (await fetcher.fetch(SHOP, "GET", "/a")).status == 200

    assert len(asked) == 3


async def test_what_changes_something_is_asked_once() -> None:
    handle, asked = answers(503, 200)
    async with fetching(handle) as fetcher:
        with pytest.raises(Upstream, match="503"):
            await fetcher.fetch(SHOP, "POST", "/a", json={"x": 1})

    assert asked == ["POST /a"]


async def test_a_post_that_only_asks_may_be_repeated() -> None:
    handle, asked = answers(503, 200)
    async with fetching(handle) as fetcher:
        await fetcher.fetch(SHOP, "POST", "/a", json=[], is_repeatable=True)

    assert len(asked) == 2


async def test_a_4xx_is_an_answer_and_not_the_targets_fault() -> None:
    handle, asked = answers(404)
    async with fetching(handle) as fetcher:
        for _ in range(20):
            assert (await fetcher.fetch(SHOP, "GET", "/a")).status == 404
        (state,) = fetcher.states()

    assert (state.breaker, state.failures, len(asked)) == (State.CLOSED, 0, 20)


async def test_a_target_that_keeps_failing_is_left_alone() -> None:
    handle, asked = answers(500)
    brittle = Target(
        name="shop",
        base_url="http://shop.test",
        attempts=1,
        breaker=BreakerSettings(least_calls=3),
    )
    async with fetching(handle) as fetcher:
        for _ in range(3):
            with pytest.raises(Upstream):
                await fetcher.fetch(brittle, "GET", "/a")
        with pytest.raises(Unavailable):
            await fetcher.fetch(brittle, "GET", "/a")

    assert len(asked) == 3


async def test_an_answer_that_is_none_counts_against_the_target() -> None:
    handle, asked = answers(200)
    walled = Target(
        name="shop",
        base_url="http://shop.test",
        breaker=BreakerSettings(least_calls=3),
        refusal=lambda answer: "a wall" if answer.body == b"ok" else None,
    )
    async with fetching(handle) as fetcher:
        for _ in range(3):
            with pytest.raises(Upstream, match="a wall"):
                await fetcher.fetch(walled, "GET", "/a")
        with pytest.raises(Unavailable):
            await fetcher.fetch(walled, "GET", "/a")

    assert len(asked) == 3


async def test_a_wait_that_is_named_counts_before_what_the_body_says() -> None:
    handle, _ = answers(429, headers={"Retry-After": "7"})
    walled = Target(
        name="shop", base_url="http://shop.test", attempts=1, refusal=lambda _: "a wall"
    )
    async with fetching(handle) as fetcher:
        with pytest.raises(TooMany):
            await fetcher.fetch(walled, "GET", "/a")


async def test_too_many_says_how_long_to_wait() -> None:
    handle, _ = answers(429, headers={"Retry-After": "7"})
    hasty = Target(name="shop", base_url="http://shop.test", attempts=1)
    async with fetching(handle) as fetcher:
        with pytest.raises(TooMany) as refused:
            await fetcher.fetch(hasty, "GET", "/a")

    assert refused.value.wait_s == 7


async def test_a_wait_named_as_a_date_is_read_by_the_answers_own_date() -> None:
    headers = {
        "Date": "Mon, 05 Jan 2026 12:00:00 GMT",
        "Retry-After": "Mon, 05 Jan 2026 12:00:09 GMT",
    }
    handle, _ = answers(429, headers=headers)
    hasty = Target(name="shop", base_url="http://shop.test", attempts=1)
    async with fetching(handle) as fetcher:
        with pytest.raises(TooMany) as refused:
            await fetcher.fetch(hasty, "GET", "/a")

    assert refused.value.wait_s == 9


async def test_a_body_over_its_bound_is_refused() -> None:
    async with fetching(lambda _r: httpx2.Response(200, content=b"x" * 1001)) as fetcher:
        with pytest.raises(Upstream, match="1000 bytes"):
            await fetcher.fetch(SHOP, "GET", "/a")


async def test_a_target_that_hangs_is_given_up_in_time() -> None:
    async def hang(_request: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    slow = Target(name="shop", base_url="http://shop.test", timeout_s=0.05, slow_s=0.01)
    fetcher = Fetcher(
        SystemClock(), trusted=frozenset({"shop.test:80"}), transport=httpx2.MockTransport(hang)
    )
    with pytest.raises(TimedOut):
        await fetcher.fetch(slow, "GET", "/a")
    assert fetcher.states()[0].failures == 1
    await fetcher.close()


async def test_a_target_that_takes_most_of_its_time_and_is_given_up_has_failed() -> None:
    clock = FakeClock()

    async def hang(_request: httpx2.Request) -> httpx2.Response:
        # A call begins a little after its time does, so it never has all of that.
        clock.turn(0.099)
        await asyncio.Event().wait()
        raise AssertionError

    slow = Target(name="shop", base_url="http://shop.test", timeout_s=0.1, slow_s=0.1)
    fetcher = Fetcher(
        clock, trusted=frozenset({"shop.test:80"}), transport=httpx2.MockTransport(hang)
    )
    with pytest.raises(TimedOut):
        await fetcher.fetch(slow, "GET", "/a")
    assert fetcher.states()[0].failures == 1
    await fetcher.close()


async def test_a_broken_connection_is_said_so() -> None:
    def broken(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no", request=request)

    async with fetching(broken) as fetcher:
        with pytest.raises(Upstream, match="cannot be reached"):
            await fetcher.fetch(SHOP, "GET", "/a")


async def test_a_redirect_to_the_inside_is_refused() -> None:
    handle, asked = answers(302, headers={"Location": "http://127.0.0.1/admin"})
    async with fetching(handle) as fetcher:
        with pytest.raises(NotAllowed):
            await fetcher.fetch(SHOP, "GET", "/a")

    assert len(asked) == 1


async def test_calls_keep_the_pace_of_their_target() -> None:
    handle, asked = answers(200)
    paced = Target(
        name="shop",
        base_url="http://shop.test",
        pace=PaceSettings(calls=2, window_s=60, patience_s=0),
    )
    async with fetching(handle) as fetcher:
        await fetcher.fetch(paced, "GET", "/a")
        await fetcher.fetch(paced, "GET", "/a")
        with pytest.raises(TooMany):
            await fetcher.fetch(paced, "GET", "/a")

    assert len(asked) == 2
