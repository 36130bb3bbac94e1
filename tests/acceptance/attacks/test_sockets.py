"""Sockets and streams of strangers, of other pages, and of those who were signed out."""

import asyncio
import contextlib
import json

import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.acceptance.attacks.besieged import Client, House, code, data
from tests.acceptance.attacks.in_time import Since, comes_in_time, once_in_time
from tests.acceptance.attacks.wires import a_socket, answer, closed, code_of
from tests.patient import connect

pytestmark = pytest.mark.xdist_group("attacks")


async def test_a_socket_without_a_token_may_ask_only_what_is_public(house: House) -> None:
    async with a_socket(house) as client:
        assert code_of(await answer(client, "security.sessions")) == "UNAUTHORIZED"
        assert code_of(await answer(client, "auth.me")) == "OK"


@pytest.mark.parametrize(
    "params",
    [
        {"token": "x"},
        {"token": "mat_" + "A" * 43},
        {"ticket": "x"},
        {"ticket": ""},
        {"token": "mst_x"},
        {"authorization": "Bearer x"},
    ],
)
async def test_a_wrong_introduction_lets_nobody_in(house: House, params: dict[str, str]) -> None:
    async with a_socket(house, params=params) as client:
        try:
            said = await answer(client, "security.sessions")
        except ConnectionClosed:
            return
        assert code_of(said) == "UNAUTHORIZED"


@pytest.mark.parametrize("path", ["/trpc", "/ws"])
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
async def test_pages_of_strangers_open_no_socket(house: House, path: str, origin: str) -> None:
    where = house.api.replace("http", "ws") + path
    with contextlib.suppress(InvalidStatus):
        async with connect(where, additional_headers={"origin": origin}, proxy=None) as client:
            await closed(client)


async def test_a_ticket_lets_one_socket_in_once(house: House) -> None:
    ticket = data(house.as_("bob").do("auth.wsTicket"))["ticket"]
    async with a_socket(house, params={"ticket": ticket}) as client:
        assert code_of(await answer(client, "security.sessions")) == "OK"
    async with a_socket(house, params={"ticket": ticket}) as client:
        said = json.loads(await client.recv())
        assert code_of(said) == "UNAUTHORIZED"


def test_a_ticket_is_no_token(house: House) -> None:
    ticket = data(house.as_("bob").do("auth.wsTicket"))["ticket"]
    client = Client(house.api, {"authorization": f"Bearer {ticket}"})
    assert client.ask("security.sessions").status_code == 401


@pytest.mark.parametrize("how", ["header", "params", "ticket"])
async def test_a_socket_closes_when_its_session_ends(house: House, how: str) -> None:
    async def ends(since: Since) -> None:
        entrance = house.fresh("bob")
        headers = {"authorization": f"Bearer {entrance['accessToken']}"}
        client_of = Client(house.api, headers)
        params = {
            "header": None,
            "params": {"token": entrance["accessToken"]},
            "ticket": {"ticket": data(client_of.do("auth.wsTicket"))["ticket"]},
        }[how]
        given = headers if how == "header" else {}
        async with a_socket(house, given, params=params) as client:
            assert code_of(await answer(client, "security.sessions")) == "OK"
            since.begin()
            await asyncio.to_thread(client_of.do, "auth.signOut")
            assert await closed(client) == 4401

    assert await comes_in_time(ends)


async def test_a_socket_closes_when_its_api_token_is_revoked(house: House) -> None:
    async def ends(since: Since) -> None:
        bob = house.as_("bob")
        made = data(bob.do("auth.createToken", {"name": "socket"}))
        headers = {"authorization": f"Bearer {made['secret']}"}
        async with a_socket(house, headers) as client:
            assert code_of(await answer(client, "security.sessions")) == "OK"
            since.begin()
            token_id = {"tokenId": made["token"]["tokenId"]}
            await asyncio.to_thread(bob.do, "auth.revokeToken", token_id)
            await closed(client)

    assert await comes_in_time(ends)


async def test_an_event_socket_closes_when_its_session_ends(house: House) -> None:
    async def ends(since: Since) -> None:
        entrance = house.fresh("eve")
        headers = {"authorization": f"Bearer {entrance['accessToken']}"}
        where = house.api.replace("http", "ws") + "/ws"
        async with connect(where, additional_headers=headers, proxy=None) as client:
            await client.recv()
            since.begin()
            await asyncio.to_thread(Client(house.api, headers).do, "auth.signOut")
            await closed(client)

    assert await comes_in_time(ends)


def test_a_stream_of_events_ends_when_its_session_does(house: House) -> None:
    def ends(since: Since) -> None:
        entrance = house.fresh("bob")
        client = Client(house.api, {"authorization": f"Bearer {entrance['accessToken']}"})
        url = f"{house.api}/trpc/events.on"
        with requests.get(url, headers=client.headers, stream=True, timeout=120) as stream:
            assert stream.status_code == 200
            lines = stream.iter_lines()
            assert next(lines) == b"event: connected"
            since.begin()
            client.do("auth.signOut")
            for _ in lines:
                pass

    assert once_in_time(ends)


def test_a_call_made_twice_with_one_key_is_done_once(house: House) -> None:
    bob = house.as_("bob")
    key = {"idempotency_key": "first-of-may"}
    one = bob.do("walmartGrocery.createList", {"name": "May"}, **key)
    two = bob.do("walmartGrocery.createList", {"name": "May"}, **key)
    assert data(one) == data(two)
    other = bob.do("walmartGrocery.createList", {"name": "June"}, **key)
    assert code(other) == "UNPROCESSABLE_CONTENT"
    theirs = house.as_("eve").do("walmartGrocery.createList", {"name": "May"}, **key)
    assert data(theirs)["list"]["id"] != data(one)["list"]["id"]


async def test_what_is_no_text_ends_a_socket_and_fills_no_log(house: House) -> None:
    async with a_socket(house) as client:
        await client.send(b"\xff\xfe", text=True)
        assert await closed(client) == 1007
    assert "Invalid UTF-8" not in house.product.log()
