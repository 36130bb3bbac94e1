"""The event sockets on the doors of a whole house."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from tests.integration.host.houses import Home, a_house
from tests.patient import AsyncClient, connect

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    async with a_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


async def hear(client: ClientConnection) -> Any:
    async with asyncio.timeout(120):
        return json.loads(await client.recv())


async def hear_of(client: ClientConnection, kind: str) -> Any:
    """The next message of a kind; the house may tell of its health in between."""
    while (told := await hear(client))["type"] != kind:
        assert told["type"] == "system.health"
    return told


async def make_a_list(home: Home) -> Any:
    async with AsyncClient() as http:
        answer = await http.post(
            f"{home.api}/trpc/walmartGrocery.createList", json={"name": "Party"}
        )
    return answer.json()


async def test_news_of_a_call_reach_clients_of_both_doors(home: Home) -> None:
    api = home.api.replace("http", "ws")
    async with connect(f"{home.events}/ws") as first, connect(f"{api}/ws") as second:
        for client in (first, second):
            await hear_of(client, "welcome")
            await client.send(json.dumps({"type": "subscribe", "channels": ["list.*"]}))
            await hear_of(client, "subscribed")
        assert "result" in await make_a_list(home)
        told = [await hear_of(client, "list.created") for client in (first, second)]

    assert told[0] == told[1]
    assert told[0]["listId"] == told[0]["data"]["listId"]


async def test_the_queue_path_hears_of_sentences_by_itself(home: Home) -> None:
    async with connect(f"{home.events}/ws/grocery-nlp-queue") as client:
        welcome = await hear(client)

    assert "grocery-nlp.*" in welcome["channels"]
    assert "system.health" in welcome["channels"]
    assert "*" not in welcome["channels"]


async def test_other_paths_are_no_event_sockets_and_health_is_answered(home: Home) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"{home.events}/elsewhere")
    async with AsyncClient() as http:
        health = await http.get(f"{home.events.replace('ws', 'http')}/health")

    assert refused.value.response.status_code == 404
    assert health.status_code == 200


async def test_how_the_house_is_was_told_since_it_opened(home: Home) -> None:
    async with connect(f"{home.events}/ws") as client:
        await hear_of(client, "welcome")
        subscribe = {"type": "subscribe", "channels": ["system.health"], "lastEventId": "0"}
        await client.send(json.dumps(subscribe))
        while (told := await hear(client))["type"] != "system.health":
            assert told["type"] == "subscribed"

    assert told["services"]["database"] == "healthy"


async def test_the_document_of_events_is_served(home: Home) -> None:
    async with AsyncClient() as http:
        document = (await http.get(f"{home.api}/asyncapi.json")).json()

    assert document["asyncapi"] == "3.0.0"
    assert document["servers"]["house"]["host"] == home.events.removeprefix("ws://")


async def test_the_houses_own_page_may_connect_and_others_may_not(home: Home) -> None:
    async with connect(f"{home.events}/ws", origin=Origin(home.api)) as client:
        await hear_of(client, "welcome")
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"{home.events}/ws", origin=Origin("http://localhost:9"))

    assert refused.value.response.status_code == 403


async def test_a_house_that_ends_tells_its_clients_to_come_again(tmp_path: Path) -> None:
    async with a_house(tmp_path) as home, connect(f"{home.events}/ws") as client:
        await hear_of(client, "welcome")
        home.host.stop()
        await hear_of(client, "reconnect")
        with pytest.raises(ConnectionClosed) as closed:
            await hear_of(client, "nothing more")

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
