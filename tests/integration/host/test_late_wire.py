"""The WebSocket service alone: events at once, the wire with its first call."""

import asyncio
import json
from pathlib import Path

from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Transaction
from manciple.kit.clock import SystemClock
from tests.asking import FILLED_ALREADY
from tests.integration.host.alone import asked, hosted, nobody
from tests.patient import connect


def an_empty_shelf(folder: Path) -> None:
    database = open_database(folder / "house.db")
    database.write_here(
        lambda c: Transaction(c, SystemClock()).catalogs.set_shelf_version(FILLED_ALREADY)
    )
    database.close_here()


async def test_the_wire_is_made_for_all_who_come_first(tmp_path: Path) -> None:
    an_empty_shelf(tmp_path)
    async with hosted("walmart-websocket", tmp_path, nobody) as (where, host, _private):
        port = where.ports["walmart-websocket"]
        async with connect(f"ws://127.0.0.1:{port}/ws") as events:
            assert json.loads(await events.recv())["type"]
            path = "/trpc/monitoring.services"
            answers = await asyncio.gather(*(asked(path, port=port) for _ in range(3)))
            assert host.in_flight == 1

    assert [status for status, _ in answers] == [200, 200, 200]
    listed = json.loads(answers[0][1])["result"]["data"]
    assert [one["name"] for one in listed if one["status"] == "running"] == ["walmart-websocket"]


async def test_a_wire_that_was_never_called_is_drained_at_once(tmp_path: Path) -> None:
    an_empty_shelf(tmp_path)
    async with hosted("walmart-websocket", tmp_path, nobody) as (where, _host, _private):
        assert (await asked("/readyz", port=where.ports["walmart-websocket"]))[0] == 200
