"""A real house behind a private door, asked by another service on somebody's behalf."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from manciple.kit.errors import NotAllowed, NotSignedIn
from manciple.platform.rpc.client import Asked, WireClient
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Kind
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.doors.private_door import PrivateDoor
from manciple.services.guard import LOCAL_USER
from manciple.services.house import House
from manciple.services.introductions import HEADER
from manciple.services.settings import Settings
from manciple.services.settings_of_house import DatabaseSettings
from manciple.services.wiring import open_house
from tests.integration.mesh.instances import serving

READER = Principal(user_id="local", grants=frozenset({Grant.READ}))
NEW_LIST = b'{"name":"Travelled"}'


class Neighbor:
    """Another service of the house."""

    def __init__(self, house: House, client: WireClient) -> None:
        self.house = house
        self._client = client

    async def ask(self, path: str, principal: Principal) -> Any:
        """A query on behalf of somebody."""
        headers = self.house.security.introductions.headers_for(principal)
        return await self.send(path, Kind.QUERY, headers=headers)

    async def do(self, path: str, principal: Principal, text: bytes) -> Any:
        """A mutation on behalf of somebody."""
        headers = self.house.security.introductions.headers_for(principal)
        return await self.send(path, Kind.MUTATION, text, headers=headers)

    async def send(self, path: str, kind: Kind, text: bytes | None = None, *, headers: Any) -> Any:
        """Any call with any headers."""
        asked = Asked(path=path, kind=kind, text=text, headers=headers)
        body = await self._client.ask(asked, timeout_s=20)
        return None if body is None else msgspec.json.decode(body)


@asynccontextmanager
async def a_neighbor(folder: Path) -> AsyncIterator[Neighbor]:
    settings = Settings(database=DatabaseSettings(path=folder / "house.db"))
    async with open_house(settings) as house:
        door = PrivateDoor(TrpcDoor(house.table, house.context), house.security.introductions)
        async with serving(door, folder / "a.sock"):
            client = WireClient(f"unix:{folder}/a.sock")
            try:
                yield Neighbor(house, client)
            finally:
                await client.close()


async def test_the_caller_arrives_with_what_it_may_and_no_more(tmp_path: Path) -> None:
    async with a_neighbor(tmp_path) as neighbor:
        assert (await neighbor.ask("auth.me", LOCAL_USER))["user"]["userId"] == "local"
        made = await neighbor.do("walmartGrocery.createList", LOCAL_USER, NEW_LIST)
        assert made["list"]["name"] == "Travelled"
        with pytest.raises(NotAllowed, match="write"):
            await neighbor.do("walmartGrocery.createList", READER, NEW_LIST)


async def test_without_an_introduction_the_private_door_knows_nobody(tmp_path: Path) -> None:
    async with a_neighbor(tmp_path) as neighbor:
        given: list[dict[str, str]] = [
            {},
            {HEADER: "forged"},
            {"authorization": "Bearer mat_x"},
            {"host": "localhost:3000"},
        ]
        for headers in given:
            with pytest.raises(NotSignedIn):
                await neighbor.send(
                    "walmartGrocery.createList", Kind.MUTATION, NEW_LIST, headers=headers
                )


async def test_a_change_is_on_the_trail_once_where_the_caller_came_in(tmp_path: Path) -> None:
    async with a_neighbor(tmp_path) as neighbor:
        await neighbor.do("walmartGrocery.createList", LOCAL_USER, NEW_LIST)
        trail = await neighbor.house.security.audit.page(before=None, limit=10)
    assert [row.action for row in trail] == []


async def test_a_forged_introduction_is_a_stranger_to_public_procedures(tmp_path: Path) -> None:
    async with a_neighbor(tmp_path) as neighbor:
        me = await neighbor.send("auth.me", Kind.QUERY, headers={HEADER: "forged"})
    assert me["user"] is None
