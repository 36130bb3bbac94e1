"""Shopping, signing in and events through the doors only, on `serve` and on `up` alike."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from tests.acceptance.attacks.besieged import Client, House, besieged, data, populate
from tests.acceptance.attacks.wires import closed
from tests.acceptance.product import BOTH, started
from tests.node.scripts import passes
from tests.patient import connect

pytestmark = pytest.mark.xdist_group("both")
# How the house closes a socket of events whose session ended.
POLICY_VIOLATION = 1008
HERE = Path(__file__).parent
CLIENT = HERE.parent / "trpc_client"


@BOTH
async def test_the_official_client_can_ask_all_that_is_specified_and_hears_of_it(
    kind: str, tmp_path: Path
) -> None:
    with started(tmp_path / "x.db", kind=kind) as product:
        await passes(HERE / "chapter_one.test.mjs", TRPC_URL=f"{product.api}/trpc")
        await passes(CLIENT / "events.test.mjs", TRPC_URL=f"{product.api}/trpc")


@BOTH
async def test_who_signed_in_hears_events_at_their_own_port_until_signing_out(
    kind: str, tmp_path: Path
) -> None:
    with besieged(tmp_path, kind=kind) as house:
        populate(house)
        bob = house.as_("bob")
        ticket = data(bob.do("auth.wsTicket"))["ticket"]
        async with hearing(house, ticket) as events:
            made = data(bob.do("walmartGrocery.createList", {"name": "Weekly"}))["list"]
            assert (await told(events))["data"]["listId"] == made["id"]
            await is_refused(house, ticket)
            data(bob.do("auth.signOut"))
            assert await closed(events) == POLICY_VIOLATION
        assert Client(house.api, bob.headers).ask("security.sessions").status_code == 401


@asynccontextmanager
async def hearing(house: House, ticket: str) -> AsyncIterator[ClientConnection]:
    """A socket of events at the port of the WebSocket service."""
    async with connect(f"{house.websocket}/ws", proxy=None) as client:
        await told(client)
        await client.send(json.dumps({"type": "auth", "ticket": ticket}))
        await told(client)
        await client.send(json.dumps({"type": "subscribe", "channels": ["list.created"]}))
        assert (await told(client))["type"] == "subscribed"
        yield client


async def is_refused(house: House, ticket: str) -> None:
    """A ticket that was used at one door is good at no other."""
    async with connect(f"{house.api.replace('http', 'ws')}/ws", proxy=None) as client:
        await told(client)
        await client.send(json.dumps({"type": "auth", "ticket": ticket}))
        said = await told(client)
        assert said["type"] == "error", said


async def told(client: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(120):
        found: dict[str, Any] = json.loads(await client.recv())
        return found
