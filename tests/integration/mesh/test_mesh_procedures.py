"""The specification's own examples of the mesh, and what one process says to them."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from manciple.kit.errors import InvalidInput, NotAllowed, NotFound, Refused
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.guard import LOCAL_USER
from tests.integration.mesh.neighborhood import (
    a_mesh,
    an_api,
    as_client,
    pricing_in,
    settings_in,
)

READER = Principal(user_id="local", grants=frozenset({Grant.READ}))


async def test_one_process_is_every_service_and_says_so(tmp_path: Path) -> None:
    async with an_api(settings_in(tmp_path)) as house:
        house.watch.running.add("walmart-pricing")
        mesh = as_client(house).mesh
        for report in (await mesh.status(), await mesh.deploy_all_services()):
            assert report.is_one_process
            assert "one process" in report.note
        (found,) = await mesh.discover_services(name="walmart-pricing")
        assert (found.id, found.phase) == ("this-process", "ready")
        for doing in (
            mesh.scale_service(service="walmart-pricing", instances=2),
            mesh.drain_instance(instance_id="this-process"),
            mesh.restart_service(),
        ):
            with pytest.raises(Refused, match="manciple up"):
                await doing


async def test_register_then_discover_as_the_specification_shows(tmp_path: Path) -> None:
    async with an_api(settings_in(tmp_path)) as house:
        client = as_client(house)
        made = await client.request(
            "mesh.registerService",
            {
                "name": "walmart-pricing",
                "host": "localhost",
                "port": 3007,
                "health_endpoint": "/pricing/health",
            },
        )
        found = await client.request("mesh.discoverServices", {"name": "walmart-pricing"})
    assert [one["address"] for one in found] == ["http://localhost:3007"]
    told, now = (datetime.fromisoformat(one["expiresAt"]) for one in (made["instance"], found[0]))
    # Kept by a clock that nobody can turn, and told by the one on the wall.
    assert abs(now - told) < timedelta(seconds=1)
    assert made["renewEveryS"] == 3


async def test_a_request_through_a_proxy_as_the_specification_shows(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with an_api(settings) as house:
        (product,) = await house.stores.read(lambda tx: tx.products.page(limit=1))
        call = {
            "service": "walmart-pricing",
            "path": "/api/prices",
            "input": {"productId": product.product_id},
        }
        here = await as_client(house).request("mesh.request", call)
    async with (
        a_mesh(settings) as registry,
        an_api(settings) as house,
        pricing_in(registry, settings, tmp_path),
    ):
        there = await as_client(house).request("mesh.request", call)
        status = await as_client(house).mesh.status()
    assert here == there
    assert there["output"]["productId"] == product.product_id
    (pricing,) = next(one.instances for one in status.services if one.name == "walmart-pricing")
    assert (pricing.id, pricing.seen.breaker, pricing.seen.calls) == ("pricing-1", "closed", 1)
    assert not status.is_one_process
    assert "No supervisor runs" in status.note


async def test_a_call_may_do_what_its_caller_may_and_no_more(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    only_admin = Principal(user_id="local", grants=frozenset({Grant.ADMIN}))
    async with (
        a_mesh(settings) as registry,
        an_api(settings) as house,
        pricing_in(registry, settings, tmp_path),
    ):
        with pytest.raises(NotAllowed, match="read"):
            await as_client(house, only_admin).mesh.request(
                service="walmart-pricing", path="/api/prices", input={"productId": "1"}
            )


async def test_the_mesh_is_for_administrators(tmp_path: Path) -> None:
    async with an_api(settings_in(tmp_path)) as house:
        for somebody in (READER, LOCAL_USER):
            mesh = as_client(house, somebody).mesh
            for doing in (mesh.status(), mesh.topology(), mesh.deploy_all_services()):
                with pytest.raises(NotAllowed, match="admin"):
                    await doing


async def test_services_elsewhere_and_unknown_ones_are_refused(tmp_path: Path) -> None:
    async with an_api(settings_in(tmp_path)) as house:
        mesh = as_client(house).mesh
        with pytest.raises(InvalidInput, match="host"):
            await mesh.register_service(name="walmart-pricing", host="10.0.0.1", port=80)
        with pytest.raises(InvalidInput, match="health_endpoint"):
            await as_client(house).request(
                "mesh.registerService",
                {"name": "walmart-pricing", "port": 80, "health_endpoint": "no path"},
            )
        for doing in (
            mesh.register_service(name="walmart-bakery", port=80),
            mesh.discover_services(name="walmart-bakery"),
            mesh.scale_service(service="walmart-bakery", instances=1),
            mesh.request(service="walmart-bakery", path="/api/prices"),
        ):
            with pytest.raises(NotFound, match="walmart-bakery"):
                await doing


async def test_the_topology_names_what_needs_and_what_travels(tmp_path: Path) -> None:
    async with an_api(settings_in(tmp_path)) as house:
        topology = await as_client(house).mesh.topology()
    assert [one.deployment_priority for one in topology.services] == [1, 2, 3, 4, 5, 6]
    assert {(one.service, one.needs) for one in topology.needs} >= {
        ("walmart-pricing", "walmart-api-server")
    }
    travels = {one.procedure: one.service for one in topology.travels}
    assert travels["walmartPrice.refresh"] == "walmart-pricing"
