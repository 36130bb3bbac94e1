"""A server of events killed under load: whoever comes back has everything, once and in order."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.integration.bus.killable import Killable, a_killable_server
from tests.patient import connect

# 100,000 when asked for; the default keeps the whole run short.
TOTAL = int(os.environ.get("MANCIPLE_KILL_EVENTS", "5000"))
KILLS = 3
CLIENTS = 8


async def everything(server: Killable) -> list[int]:
    """The numbers that one client hears, over however many connections it takes."""
    last_id = "0"
    heard: list[int] = []
    while len(heard) < TOTAL:
        try:
            async with connect(f"ws://127.0.0.1:{server.port}/ws") as client:
                subscribe = {"type": "subscribe", "channels": ["list.*"], "lastEventId": last_id}
                await client.send(json.dumps(subscribe))
                async for message in client:
                    told = json.loads(message)
                    if told["type"] == "list.item_added":
                        last_id = told["id"]
                        heard.append(told["number"])
                    elif told["type"] == "lagged":
                        break
                    if len(heard) == TOTAL:
                        break
        except (ConnectionClosed, InvalidHandshake, OSError):
            await asyncio.sleep(0.05)
    return heard


@pytest.mark.timeout(900)
async def test_clients_that_come_back_lose_and_double_nothing(tmp_path: Path) -> None:
    async with a_killable_server(tmp_path) as server:
        clients = [asyncio.ensure_future(everything(server)) for _ in range(CLIENTS)]
        await server.publish(TOTAL, kills=KILLS)
        async with asyncio.timeout(600):
            heard = await asyncio.gather(*clients)

    assert all(one == list(range(TOTAL)) for one in heard)
