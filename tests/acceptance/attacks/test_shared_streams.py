"""What a household hears at every door, what others do not, and that leaving ends the hearing."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import requests
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.acceptance.attacks.besieged import House, data
from tests.acceptance.attacks.in_time import Since, comes_in_time
from tests.acceptance.attacks.test_shared_things import join, register
from tests.patient import connect

pytestmark = pytest.mark.xdist_group("attacks")
HEARD = ["list.shared", "list.item_added", "list.item_checked", "household.changed"]

# The texts that a door tells; it ends when the house ends it.
Told = AsyncIterator[str]
Door = Callable[[House, str], AbstractAsyncContextManager[Told]]


def token_of(house: House, who: str) -> dict[str, str]:
    return house.as_(who).headers


async def texts_of(client: ClientConnection) -> Told:
    with contextlib.suppress(ConnectionClosed):
        while True:
            yield str(await client.recv())


@asynccontextmanager
async def at_the_event_socket(house: House, who: str) -> AsyncIterator[Told]:
    where = house.api.replace("http", "ws") + "/ws"
    async with connect(where, additional_headers=token_of(house, who), proxy=None) as client:
        told = texts_of(client)
        await anext(told)
        await client.send(json.dumps({"type": "subscribe", "channels": HEARD}))
        assert "subscribed" in await anext(told)
        yield told


@asynccontextmanager
async def over_the_trpc_socket(house: House, who: str) -> AsyncIterator[Told]:
    where = house.api.replace("http", "ws") + "/trpc"
    wanted = {"path": "events.on", "input": {"channels": HEARD}}
    async with connect(where, additional_headers=token_of(house, who), proxy=None) as client:
        told = texts_of(client)
        await client.send(json.dumps({"id": 1, "method": "subscription", "params": wanted}))
        assert "started" in await anext(told)
        yield told


@asynccontextmanager
async def over_server_sent_events(house: House, who: str) -> AsyncIterator[Told]:
    url = f"{house.api}/trpc/events.on"
    params = {"input": json.dumps({"channels": HEARD})}
    headers = token_of(house, who)
    stream = await asyncio.to_thread(
        requests.get, url, params=params, headers=headers, stream=True, timeout=120
    )
    lines = stream.iter_lines()

    async def told() -> Told:
        while (line := await asyncio.to_thread(next, lines, None)) is not None:
            if line.startswith(b"data: {"):
                yield line.decode()

    try:
        assert next(lines) == b"event: connected"
        yield told()
    finally:
        stream.close()


DOORS: dict[str, Door] = {
    "event socket": at_the_event_socket,
    "tRPC socket": over_the_trpc_socket,
    "server-sent events": over_server_sent_events,
}


class Home:
    """A household in which somebody lives for one test, of an owner who has no other.

    Nobody may be in more than 20.
    """

    _numbers = itertools.count(1)

    def __init__(self, house: House) -> None:
        self.house = house
        self.owner = f"owner{next(self._numbers)}"
        register(house, self.owner)
        made = data(house.as_(self.owner).do("households.create", {"name": "For a while"}))
        self.id = str(made["householdId"])

    async def move_in(self, who: str, role: str) -> None:
        register(self.house, who)
        await asyncio.to_thread(join, self.house, self.id, who, role, by=self.owner)

    async def dismiss(self, who: str) -> None:
        member = data(self.house.as_(who).ask("auth.me"))["user"]["userId"]
        await self.do("households.remove", {"householdId": self.id, "memberId": member})

    async def share(self) -> str:
        made = await self.do("walmartGrocery.createList", {"name": "Together"})
        list_id = str(made["list"]["id"])
        await self.do("walmartGrocery.shareList", {"listId": list_id, "householdId": self.id})
        return list_id

    async def add(self, list_id: str, text: str) -> None:
        wanted = {"listId": list_id, "items": [{"text": text}]}
        await self.do("walmartGrocery.addToList", wanted)

    async def do(self, path: str, wanted: Any) -> Any:
        return data(await asyncio.to_thread(self.house.as_(self.owner).do, path, wanted))


async def until(told: Told, text: str) -> list[str]:
    """What is told up to what has the text in it."""
    heard = []
    async with asyncio.timeout(120):
        async for each in told:
            heard.append(each)
            if text in each:
                return heard
    raise AssertionError(heard)


async def the_rest(told: Told) -> list[str]:
    """What is told until the house ends it."""
    async with asyncio.timeout(120):
        return [each async for each in told]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("role", ["member", "guest"])
async def test_who_lives_there_hears_of_shared_lists(house: House, door: str, role: str) -> None:
    home, who = Home(house), f"hears{role}"
    await home.move_in(who, role)
    async with DOORS[door](house, who) as told:
        list_id = await home.share()
        await home.add(list_id, "candles for all")
        heard = await until(told, "candles for all")
        assert any(list_id in each and '"isShared":true' in each for each in heard)


@pytest.mark.parametrize("door", DOORS)
async def test_who_moves_in_while_listening_hears_from_then_on(house: House, door: str) -> None:
    home = Home(house)
    register(house, "comer")
    list_id = await home.share()
    async with DOORS[door](house, "comer") as told:
        await home.add(list_id, "said before")
        await home.move_in("comer", "member")
        await home.add(list_id, "said after")
        heard = "".join(await until(told, "said after"))
    assert "said before" not in heard


@pytest.mark.parametrize("door", DOORS)
async def test_strangers_to_a_household_hear_nothing_of_it(house: House, door: str) -> None:
    home, eve = Home(house), house.as_("eve")
    async with DOORS[door](house, "eve") as told:
        list_id = await home.share()
        await home.add(list_id, "not for Eve")
        own = await asyncio.to_thread(eve.do, "walmartGrocery.createList", {"name": "Eve's"})
        wanted = {"listId": data(own)["list"]["id"], "items": [{"text": "for Eve"}]}
        await asyncio.to_thread(eve.do, "walmartGrocery.addToList", wanted)
        heard = "".join(await until(told, '"for Eve"'))
    assert "not for Eve" not in heard
    assert list_id not in heard


@pytest.mark.parametrize("door", DOORS)
async def test_who_is_shown_out_is_closed_in_time_and_hears_nothing_more(
    house: House, door: str
) -> None:
    async def leaves(since: Since) -> None:
        home = Home(house)
        await home.move_in("leaver", "member")
        list_id = await home.share()
        async with DOORS[door](house, "leaver") as told:
            await home.add(list_id, "said in time")
            await until(told, "said in time")
            since.begin()
            await home.dismiss("leaver")
            await home.add(list_id, "said too late")
            rest = "".join(await the_rest(told))
        assert "said too late" not in rest

    assert await comes_in_time(leaves)


async def test_who_joins_later_reads_nothing_that_was_said_of_what_is_shared_no_more(
    house: House,
) -> None:
    home = Home(house)
    list_id = await home.share()
    await home.add(list_id, "an old secret")
    await home.do("walmartGrocery.unshareList", {"listId": list_id})
    await home.move_in("later", "member")
    path = {"channels": HEARD, "lastEventId": "1"}
    url = f"{house.api}/trpc/events.on"
    headers = token_of(house, "later")
    given = {"input": json.dumps(path)}
    await home.add(await home.share(), "a new word")

    def read() -> str:
        heard = ""
        with requests.get(url, params=given, headers=headers, stream=True, timeout=120) as stream:
            for line in stream.iter_lines():
                heard += line.decode()
                if "a new word" in heard:
                    return heard
        raise AssertionError(heard)

    assert "an old secret" not in await asyncio.to_thread(read)
