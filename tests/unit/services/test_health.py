"""How the house says that it is: only the database is essential."""

import asyncio

import pytest

from manciple.kit.cache import MemoryCache
from manciple.kit.errors import Unavailable
from manciple.services.health import HouseWatch, Look, Part
from manciple.services.table import SERVICES
from tests.fakes import FakeClock


async def fine() -> None:
    await asyncio.sleep(0)


async def down() -> None:
    raise Unavailable("this part", wait_s=1)


def watch(**looks: Look | None) -> HouseWatch:
    clock = FakeClock()
    names = ("database", "nlp", "websocket", "external")
    parts = {name: Part(look=looks.get(name, fine), why_off="not in use") for name in names}
    cache = MemoryCache(clock, ttl_s=1, stale_s=1, max_bytes=1)
    return HouseWatch(clock, parts=parts, cache=cache, services=SERVICES)


@pytest.mark.parametrize(
    ("looks", "state"),
    [
        ({}, "healthy"),
        ({"external": None, "nlp": None}, "healthy"),
        ({"external": down}, "degraded"),
        ({"nlp": down, "websocket": down}, "degraded"),
        ({"database": down}, "unhealthy"),
        ({"database": down, "external": down}, "unhealthy"),
    ],
)
async def test_the_state_follows_from_the_parts(looks: dict[str, Look | None], state: str) -> None:
    report = await watch(**looks).health()
    assert report.status == state


async def test_a_part_says_how_it_is_and_how_long_looking_took() -> None:
    report = await watch(external=None, nlp=down).health()
    assert report.services.database.latency is not None
    assert (report.services.nlp.status, report.services.nlp.detail) == ("unhealthy", "Unavailable")
    assert (report.services.external.status, report.services.external.detail) == (
        "off",
        "not in use",
    )


def test_the_six_services_are_as_the_specification_says() -> None:
    by_name = {report.name: report for report in watch().services()}
    assert [report.deployment_priority for report in by_name.values()] == [1, 2, 3, 4, 5, 6]
    api, websocket = by_name["walmart-api-server"], by_name["walmart-websocket"]
    assert (api.port, api.protocol, api.load_balancing_strategy) == (
        3000,
        "http",
        "least_connections",
    )
    assert (api.scaling.min_instances, api.scaling.max_instances, api.scaling.auto_scale) == (
        1,
        3,
        True,
    )
    assert (websocket.port, websocket.protocol, websocket.capacity) == (8080, "ws", 500)
    pricing = by_name["walmart-pricing"]
    assert (pricing.port, pricing.capacity, pricing.weight) == (3007, 150, 2)
    nlp = by_name["walmart-nlp-queue"]
    assert (nlp.port, nlp.load_balancing_strategy) == (3008, "least_response_time")
    warmer = by_name["walmart-cache-warmer"]
    assert (warmer.port, warmer.scaling.max_instances, warmer.scaling.auto_scale) == (
        3006,
        1,
        False,
    )
    monitor = by_name["walmart-memory-monitor"]
    assert (monitor.port, monitor.health_check_interval) == (3009, 5000)
