"""A service alone: it opens only its part of the house, and takes sockets that were made for it."""

import asyncio
import json
import socket
from pathlib import Path

import pytest

from manciple.api.actions import Actions
from manciple.kit.errors import NotFound
from manciple.services.addresses import Addresses
from manciple.services.alone import service_alone, service_of
from manciple.services.doors.sockets import listen
from manciple.services.everything import EVERY_SERVICE
from manciple.services.house import open_rooms
from manciple.services.service import Service
from manciple.services.table import SERVICES
from tests.integration.host.alone import asked, hosted, nobody, settings_for

ACTIONS = frozenset(Actions.__annotations__)
NAMES = [spec.name for spec in SERVICES]
# Started alone these need a database that is there already: they do not stock a new house.
LEAN = [name for name in NAMES if name not in {"walmart-api-server", "walmart-websocket"}]


@pytest.mark.parametrize("name", LEAN)
async def test_a_service_alone_answers_at_both_of_its_doors(name: str, tmp_path: Path) -> None:
    async with hosted(name, tmp_path, nobody) as (where, _host, private):
        for path in ("/livez", "/readyz", "/startupz", "/metrics"):
            assert (await asked(path, port=where.ports[name]))[0] == 200
            assert (await asked(path, private=private))[0] == 200
        status, body = await asked("/health", port=where.ports[name])

    assert status == 200
    report = json.loads(body)
    assert report["status"] == "healthy"
    assert set(report["services"]) == {"database", "nlp", "websocket", "external"}
    assert report["services"]["database"]["latency"] >= 0


async def test_prices_are_told_at_the_port_of_the_pricing_service(tmp_path: Path) -> None:
    async with hosted("walmart-pricing", tmp_path, nobody) as (where, _host, _private):
        port = where.ports["walmart-pricing"]
        wanted = "%7B%22productIds%22%3A%5B%22nothing%22%5D%7D"
        status, body = await asked(f"/trpc/walmartPrice.many?input={wanted}", port=port)
        health = await asked("/pricing/health", port=port)
        elsewhere = await asked("/trpc/walmartGrocery.search", port=port)

    assert (status, json.loads(body)) == (
        200,
        {"result": {"data": {"prices": [], "unknown": ["nothing"]}}},
    )
    assert (health[0], elsewhere[0]) == (200, 404)


async def test_whoever_sends_work_is_told_before_the_doors_close(tmp_path: Path) -> None:
    answers: list[int] = []
    ports: list[int] = []

    async def told() -> None:
        answers.append((await asked("/livez", port=ports[0]))[0])
        answers.append((await asked("/readyz", port=ports[0]))[0])

    async with hosted("walmart-memory-monitor", tmp_path, told) as (where, host, _private):
        ports.append(where.ports["walmart-memory-monitor"])
        assert host.in_flight == 0

    assert answers == [200, 503]


async def test_a_door_is_not_closed_by_one_of_those_that_share_it(tmp_path: Path) -> None:
    shared = listen("127.0.0.1", 0, variable="X", backlog=16)
    other = socket.socket(fileno=socket.dup(shared.fileno()))
    opened: asyncio.Future[Addresses] = asyncio.get_running_loop().create_future()
    host = service_alone(
        "walmart-memory-monitor",
        settings_for(tmp_path),
        on_open=opened.set_result,
        on_drain=nobody,
        public=shared,
    )
    running = asyncio.ensure_future(host.run())
    where = await opened
    host.stop()
    await running
    with other:
        port = where.ports["walmart-memory-monitor"]
        with socket.create_connection(("127.0.0.1", port), timeout=120) as waiting:
            assert waiting.getpeername()[1] == port


@pytest.mark.parametrize("service", EVERY_SERVICE, ids=lambda one: one.spec.name)
async def test_a_service_opens_whatever_its_procedures_ask_for(
    service: Service, tmp_path: Path
) -> None:
    async with open_rooms(settings_for(tmp_path), service.rooms, routers=service.routers) as house:
        asked_for = {
            name
            for router in service.routers
            for procedure in router.procedures
            for name in procedure.call.__code__.co_names
            if name in ACTIONS
        }
        assert {name for name in asked_for if not hasattr(house, name)} == set()


def test_every_service_of_the_table_can_be_hosted() -> None:
    assert [service_of(name).spec.name for name in NAMES] == NAMES
    assert [service.spec.name for service in EVERY_SERVICE] == NAMES
    with pytest.raises(NotFound):
        service_of("walmart-unheard-of")


async def test_a_price_is_told_by_plain_http(tmp_path: Path) -> None:
    async with hosted("walmart-pricing", tmp_path, nobody) as (where, _host, _private):
        port = where.ports["walmart-pricing"]
        unknown = await asked("/api/prices?productId=ABC123", port=port)
        nothing = await asked("/api/prices", port=port)

    assert (unknown[0], json.loads(unknown[1])["detail"]) == (404, "No product 'ABC123'")
    assert (nothing[0], json.loads(nothing[1])["status"]) == (400, 400)
    assert "productId" in json.loads(nothing[1])["detail"]


async def test_the_monitor_tells_of_its_own_process(tmp_path: Path) -> None:
    async with hosted("walmart-memory-monitor", tmp_path, nobody) as (where, _host, _private):
        port = where.ports["walmart-memory-monitor"]
        async with asyncio.timeout(120):
            while True:
                _, body = await asked("/trpc/memoryMonitor.current", port=port)
                now = json.loads(body)["result"]["data"]
                if now["house"] is not None:
                    break
        _, body = await asked("/trpc/memoryMonitor.thresholds", port=port)

    (process,) = now["processes"]
    assert process["sample"]["instance"] == "serve"
    assert process["sample"]["memoryBytes"] > 10_000_000
    assert now["house"]["databaseBytes"] > 0
    assert {each["name"] for each in json.loads(body)["result"]["data"]} >= {
        "memory",
        "leak",
        "disk",
    }
