"""How subscriptions begin: a client is told that it listens when it does, and not before."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.router import Router, Table
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.security.permissions import Principal
from tests.unit.platform.rpc.asgi import ask
from tests.unit.platform.rpc.small_door import make_context
from tests.unit.platform.rpc.test_socket import call, talk

NEWS = b"/trpc/shop.news"


class News(AsyncIterator[int]):
    """One number, once it is said; knows whether it was closed."""

    def __init__(self) -> None:
        self.may_listen = asyncio.Event()
        self.said: asyncio.Queue[int] = asyncio.Queue()
        self.is_closed = False
        self._is_told = False

    def door(self, settings: WireSettings | None = None) -> TrpcDoor:
        router = Router("shop")

        @router.subscription("news", needs="public")
        async def news(_: Principal) -> AsyncIterator[int]:
            """The number, listened for once that is allowed."""
            await self.may_listen.wait()
            return self

        return TrpcDoor(Table(router), make_context, settings=settings)

    async def __anext__(self) -> int:
        if self._is_told:
            raise StopAsyncIteration
        self._is_told = True
        return await self.said.get()

    async def aclose(self) -> None:
        self.is_closed = True


async def test_a_stream_is_connected_when_it_listens_and_not_before() -> None:
    news = News()
    heard: list[bytes] = []

    def hear(body: bytes) -> None:
        heard.append(body)
        if b"connected" in body:
            news.said.put_nowait(7)

    asking = asyncio.ensure_future(ask(news.door(), "GET", NEWS, hears=hear))
    for _ in range(20):
        await asyncio.sleep(0)
    assert heard == []
    news.may_listen.set()
    assert (await asking).body.endswith(b"data: 7\n\n\nevent: return\ndata: \n\n\n")
    assert news.is_closed


async def test_a_socket_is_told_that_its_subscription_has_started_when_it_listens() -> None:
    news = News()
    door = news.door()
    talking = asyncio.ensure_future(talk(door, [call(1, "shop.news", "subscription")], hears=3))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not talking.done()
    news.said.put_nowait(7)
    news.may_listen.set()
    results = [one["result"] for one in (await talking)[1:]]
    assert results == [{"type": "started"}, {"type": "data", "data": 7}, {"type": "stopped"}]
    assert news.is_closed


@pytest.mark.parametrize("begin_s", [0.0, 0.01])
async def test_what_does_not_begin_in_time_is_refused_so_that_its_client_tries_again(
    begin_s: float,
) -> None:
    door = News().door(WireSettings(begin_s=begin_s))
    reply = await ask(door, "GET", NEWS)
    assert reply.status == 200
    assert reply.body.startswith(b"event: connected\n")
    assert b"event: serialized-error" in reply.body
    assert b'"code":-32603,"data":{"code":"SERVICE_UNAVAILABLE"' in reply.body
    heard = await talk(door, [call(1, "shop.news", "subscription")], hears=1)
    assert heard[1]["error"]["data"]["code"] == "SERVICE_UNAVAILABLE"


async def test_who_leaves_before_the_first_item_is_heard_no_more() -> None:
    news = News()
    news.may_listen.set()
    door = news.door()
    await ask(door, "GET", NEWS, leaves=True)
    assert news.is_closed
    assert door.state.subscriptions == 0
