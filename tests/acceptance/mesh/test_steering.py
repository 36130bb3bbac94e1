"""The specification's examples of the mesh, through the door of a real one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from manciple.kit.clock import SystemClock
from manciple.services.key_file import key_ring
from tests.acceptance.attacks.besieged import Client, code, data

pytestmark = pytest.mark.xdist_group("mesh")
CLOCK = SystemClock()
PORTS = (
    "WALMART_API_PORT",
    "WALMART_WS_PORT",
    "MANCIPLE_PRICING_PORT",
    "MANCIPLE_NLP_QUEUE_PORT",
    "MANCIPLE_CACHE_WARMER_PORT",
    "MANCIPLE_MEMORY_MONITOR_PORT",
)
OWNER = {"email": "ann@example.org", "password": "tango lamp river", "displayName": "Ann"}


@contextmanager
def a_mesh(folder: Path) -> Iterator[str]:
    """The address of the API of a mesh of this test's own, whose ports are free ones."""
    environ = {**os.environ, **dict.fromkeys(PORTS, "0")}
    environ |= {"WALMART_DB_PATH": str(folder / "x.db"), "MANCIPLE_LOG_LEVEL": "warning"}
    manciple = [sys.executable, "-m", "manciple"]

    def run(*words: str) -> str:
        done = subprocess.run(
            [*manciple, *words],
            env=environ,
            cwd=folder,
            capture_output=True,
            timeout=300,
            check=True,
        )
        return done.stdout.decode()

    run("up", "--daemon", "--wait", "240")
    try:
        services = json.loads(run("status", "--json"))["services"]
        yield f"http://localhost:{services[0]['port']}"
    finally:
        run("down", "--wait", "240")


def owner(api: str, folder: Path) -> Client:
    """Whoever set the house up: an administrator."""
    setup_code = key_ring(folder / "x.db", given=None).derived("setup").hex()[:32]
    entrance = data(Client(api).do("auth.setup", {"code": setup_code, **OWNER}))
    return Client(api, {"authorization": f"Bearer {entrance['accessToken']}"})


def until(look: Callable[[], Any], is_so: Callable[[Any], bool], *, within_s: float = 300) -> Any:
    """What a look finds once it is so."""
    began_s = CLOCK.monotonic()
    while not is_so(found := look()):
        assert CLOCK.monotonic() - began_s < within_s, found
    return found


def calls_of(api: str, path: str, *, service: str) -> dict[str, float]:
    """How often each instance of a service answered a procedure, by the gathered metrics."""
    text = requests.get(f"{api}/metrics", timeout=120).text
    families = {one.name: one for one in text_string_to_metric_families(text)}
    return {
        one.labels["instance"]: one.value
        for one in families["manciple_calls"].samples
        if (one.labels["path"], one.labels["service"]) == (path, service)
    }


@pytest.mark.timeout(900)
def test_a_mesh_is_seen_called_scaled_and_restarted_through_its_own_door(tmp_path: Path) -> None:
    with a_mesh(tmp_path) as api:
        ann = owner(api, tmp_path)
        assert code(Client(api).ask("mesh.status")) in {"UNAUTHORIZED", "FORBIDDEN"}
        assert not data(ann.do("mesh.deployAllServices"))["isOneProcess"]

        def pricing() -> list[Any]:
            return list(data(ann.ask("mesh.discoverServices", {"name": "walmart-pricing"})))

        data(ann.do("mesh.scaleService", {"service": "walmart-pricing", "instances": 2}))
        two = until(pricing, lambda found: len(found) == 2)
        search = data(ann.ask("walmartGrocery.search", {"query": "milk"}))
        call: dict[str, Any] = {
            "service": "walmart-pricing",
            "path": "/api/prices",
            "input": {"productId": search["products"][0]["productId"]},
        }
        told: list[Any] = []

        def answered() -> dict[str, float]:
            told.append(data(ann.do("mesh.request", call))["output"]["productId"])
            return figures()

        def figures() -> dict[str, float]:
            return calls_of(api, "walmartPrice.current", service="walmart-pricing")

        # Whichever instance of the API server answers, it gathers the figures of all.
        until(answered, lambda found: set(found) == {one["id"] for one in two})
        until(figures, lambda found: sum(found.values()) == len(told))
        assert set(told) == {call["input"]["productId"]}

        guest = {"name": "walmart-pricing", "host": "localhost", "port": 9, "health_endpoint": "/x"}
        assert data(ann.do("mesh.registerService", guest))["renewEveryS"] == 3
        assert "walmart-pricing-at-9" in {one["id"] for one in pricing()}

        data(ann.do("mesh.drainInstance", {"instanceId": two[0]["id"]}))
        until(pricing, lambda found: two[0]["id"] not in {one["id"] for one in found})
        services = data(ann.ask("monitoring.services"))
        assert {one["status"] for one in services} == {"running"}
