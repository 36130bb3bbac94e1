"""How the house is, asked of one process and of a mesh."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from manciple.kit.errors import NotFound
from manciple.services.settings_of_services import ApiSettings
from tests.integration.host.houses import a_house
from tests.integration.mesh.neighborhood import (
    a_mesh,
    an_api,
    as_client,
    pricing_in,
    settings_in,
)
from tests.patient import AsyncClient


async def test_every_procedure_tells_how_long_it_took(tmp_path: Path) -> None:
    async with a_house(tmp_path) as home, AsyncClient(base_url=home.api) as client:
        for _ in range(3):
            (await client.get("/trpc/monitoring.health")).raise_for_status()
        answer = await client.get("/trpc/monitoring.performance")
    figures = {one["path"]: one for one in answer.json()["result"]["data"]}
    health = figures["monitoring.health"]
    assert health["calls"] >= 3
    assert 0 < health["p50Ms"] <= health["p95Ms"] <= health["p99Ms"]


async def test_a_failure_nobody_foresaw_is_found_by_its_reference(tmp_path: Path) -> None:
    api = ApiSettings(port=0, drain_s=1.0, diagnostics=True)
    async with (
        a_house(tmp_path, api=api) as home,
        AsyncClient(base_url=home.api) as client,
    ):
        failed = (await client.get("/trpc/diagnostics.crash")).json()
        answer = await client.get("/trpc/monitoring.errors")
    (error,) = answer.json()["result"]["data"]
    assert failed["error"]["message"].endswith(error["reference"])
    assert (error["procedure"], error["kind"]) == ("diagnostics.crash", "RuntimeError")
    assert error["where"].startswith("manciple/api/diagnostics.py:")
    assert "boom" not in answer.text


async def test_in_one_process_metrics_are_as_they_were(tmp_path: Path) -> None:
    async with a_house(tmp_path) as home, AsyncClient(base_url=home.api) as client:
        text = (await client.get("/metrics")).text
        told = (await client.get("/trpc/monitoring.metrics")).json()["result"]["data"]
    assert told["instances"] == []
    assert told["threads"] > 0
    assert "http_server_request_duration_seconds_bucket" in text
    assert 'instance="' not in text


async def test_in_a_mesh_metrics_name_service_and_instance(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with (
        a_mesh(settings) as registry,
        an_api(settings) as house,
        pricing_in(registry, settings, tmp_path),
    ):
        with pytest.raises(NotFound):
            await as_client(house).mesh.request(
                service="walmart-pricing", path="/api/prices", input={"productId": "none"}
            )
        text = (await house.gathering.text()).decode()
        performance = await as_client(house).monitoring.performance()
        metrics = await as_client(house).monitoring.metrics()
        services = await as_client(house).monitoring.services()
    calls = next(
        one for one in text_string_to_metric_families(text) if one.name == "manciple_calls"
    )
    instances = {(one.labels["service"], one.labels["instance"]) for one in calls.samples}
    assert ("walmart-pricing", "pricing-1") in instances
    assert "walmartPrice.current" in {one.path for one in performance}
    each = {(one.service, one.instance): one for one in metrics.instances}
    assert each.keys() == {("walmart-api-server", "api-1"), ("walmart-pricing", "pricing-1")}
    assert metrics.memory_bytes == sum(one.memory_bytes for one in metrics.instances) > 0
    assert metrics.uptime_s == max(one.uptime_s for one in metrics.instances)
    assert each["walmart-pricing", "pricing-1"].calls["walmartPrice.current"] > 0
    running = {one.name: [each.id for each in one.instances] for one in services}
    assert running["walmart-pricing"] == ["pricing-1"]


async def test_who_does_not_answer_is_left_out_of_the_metrics(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with a_mesh(settings) as registry, an_api(settings) as house:
        async with pricing_in(registry, settings, tmp_path):
            pass
        text = (await house.gathering.text()).decode()
        errors = await as_client(house).monitoring.errors()
    assert 'instance="api-1"' in text
    assert 'instance="pricing-1"' not in text
    assert errors == ()
