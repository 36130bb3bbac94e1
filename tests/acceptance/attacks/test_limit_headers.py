"""What every answer says of its limit: at the wire, at plain paths, in batches and over sockets."""

import asyncio
import json
from collections.abc import Iterator

import pytest
import requests
import websockets.asyncio.client as ws
from websockets.exceptions import ConnectionClosed

from tests.acceptance.attacks.besieged import Client, House, besieged, populate
from tests.patient import connect

pytestmark = pytest.mark.xdist_group("attacks")
HEALTH = "monitoring.health"
# Small enough to be counted one by one.
MOST = 60


@pytest.fixture(scope="module")
def scarce(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which who signed in may ask 60 times."""
    settings = (f"security.principal_limit={MOST}", "security.costs=monitoring.health=3")
    with besieged(tmp_path_factory.mktemp("scarce"), *settings) as found:
        populate(found)
        yield found


def left(answer: requests.Response) -> int:
    return int(answer.headers["ratelimit"].split(";r=")[1].split(";")[0])


def new_person(house: House, name: str) -> Client:
    person = {"email": f"{name}@example.org", "password": "gravel pony nine", "displayName": name}
    entered = house.stranger.do("auth.register", person).json()["result"]["data"]
    return Client(house.api, {"authorization": f"Bearer {entered['accessToken']}"})


def test_every_call_and_every_plain_path_tells_policy_and_rest(scarce: House) -> None:
    cat = new_person(scarce, "cat")
    lists = cat.ask("walmartGrocery.getLists")
    missing = cat.ask("no.such")
    plain = requests.get(f"{scarce.api}/nowhere", headers=cat.headers, timeout=120)
    token = requests.get(f"{scarce.api}/api/csrf-token", headers=cat.headers, timeout=120)
    answers = [lists, missing, plain, token]
    assert {each.headers["ratelimit-policy"] for each in answers} == {f'"principal";q={MOST};w=900'}
    assert [left(each) for each in answers] == [MOST - 1, MOST - 2, MOST - 3, MOST - 4]
    assert {each.status_code for each in answers} == {200, 404}


def test_a_batch_counts_each_call_and_a_costly_one_its_cost(scarce: House) -> None:
    dan = new_person(scarce, "dan")
    paths = ",".join(["walmartGrocery.getLists"] * 7)
    batch = dan.ask(f"{paths}?batch=1", None)
    assert left(batch) == MOST - 7
    assert left(dan.ask(HEALTH)) == MOST - 7 - 3


@pytest.mark.parametrize("path", ["/trpc/walmartGrocery.getLists", "/nowhere", "/api/csrf-token"])
def test_who_asked_too_often_is_told_in_the_form_of_the_path(scarce: House, path: str) -> None:
    ida = new_person(scarce, f"ida{len(path)}")
    for _ in range(MOST):
        ida.ask("walmartGrocery.getLists")
    refused = requests.get(scarce.api + path, headers=ida.headers, timeout=120)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 900
    assert left(refused) == 0
    if path.startswith("/trpc"):
        assert refused.json()["error"]["data"]["code"] == "TOO_MANY_REQUESTS"
    else:
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["status"] == 429


def test_a_batch_larger_than_what_is_left_is_refused_whole(scarce: House) -> None:
    kit = new_person(scarce, "kit")
    paths = ",".join(["walmartGrocery.getLists"] * (MOST + 1))
    assert kit.ask(f"{paths}?batch=1").status_code == 429


async def test_calls_over_a_socket_count_against_the_same_limit(scarce: House) -> None:
    leo = await asyncio.to_thread(new_person, scarce, "leo")
    call = {"method": "query", "params": {"path": "walmartGrocery.getLists"}}
    where = scarce.api.replace("http", "ws") + "/trpc"
    said = []
    async with connect(where, additional_headers=leo.headers, proxy=None) as client:
        for number in range(MOST + 1):
            await client.send(json.dumps({"id": number, **call}))
            said.append(json.loads(await client.recv()))
    refused = [each for each in said if "error" in each]
    assert {each["error"]["data"]["code"] for each in refused} == {"TOO_MANY_REQUESTS"}
    # Opening the socket was a call too.
    assert len(said) - len(refused) == MOST - 1
    answer = await asyncio.to_thread(leo.ask, "walmartGrocery.getLists")
    assert answer.status_code == 429


async def test_a_socket_that_floods_with_signs_of_life_is_closed(scarce: House) -> None:
    mia = await asyncio.to_thread(new_person, scarce, "mia")
    where = scarce.api.replace("http", "ws") + "/trpc"
    async with connect(where, additional_headers=mia.headers, proxy=None) as client:
        assert await flooded(client) == 1008


async def flooded(client: ws.ClientConnection) -> int:
    """The code with which a socket closes that never stops saying that it lives."""
    try:
        for _ in range(4 * MOST + 10):
            await client.send("PING")
            await client.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd is not None else 0
    return 0
