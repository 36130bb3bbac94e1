"""The mesh through its doors: what is killed, hung or replaced is made good, and nobody notices."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from manciple.platform.mesh.orders import MeshStatus
from tests.acceptance.mesh.running import (
    API,
    Clients,
    Mesh,
    ids,
    is_well,
    kept_lists,
    ready,
    said,
)

pytestmark = pytest.mark.xdist_group("mesh")

PRICING = "walmart-pricing"
PORTS = {
    "walmart-api-server",
    "walmart-websocket",
    "walmart-pricing",
    "walmart-nlp-queue",
    "walmart-cache-warmer",
    "walmart-memory-monitor",
}


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mesh]:
    running = Mesh(tmp_path_factory.mktemp("mesh"))
    try:
        running.up()
        running.keep_small()
        yield running
    finally:
        ended = running.call("down")
        assert ended.stdout == "The mesh is down.\n", ended.stderr
        assert running.left() == []


@pytest.fixture(autouse=True)
def well(mesh: Mesh) -> None:
    """Each test begins with one instance of each service, all of them ready."""
    mesh.until(is_well)


def test_six_services_answer_at_their_ports(mesh: Mesh) -> None:
    status = mesh.status()
    assert {one.name for one in status.services} == PORTS
    for service in status.services:
        answer = requests.get(f"http://127.0.0.1:{service.port}/health", timeout=120)
        assert answer.status_code == 200, service.name
        assert answer.json()["status"] == "healthy"


def test_how_it_is_can_be_read_by_people_and_programs(mesh: Mesh) -> None:
    for_people = mesh.call("status")
    assert for_people.returncode == 0
    assert "memory-monitor" in for_people.stdout
    shown = said(mesh.call("status", "--json"))
    assert [one["name"] for one in shown["services"]][:2] == [API, "walmart-websocket"]
    assert all(one["instances"][0]["entry"]["phase"] == "ready" for one in shown["services"])


def test_a_second_mesh_over_the_same_database_is_refused(mesh: Mesh) -> None:
    refused = mesh.call("up")
    assert refused.returncode == 4
    assert f"supervisor {mesh.status().pid}" in refused.stderr
    assert mesh.call("up", "--daemon").returncode == 4


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("scale", "api-server", "9"), 2, "1 to 3 instances, not 9"),
        (("scale", "api-server", "many"), 2, "a number or auto"),
        (("restart", "nothing"), 3, "the services are api-server, "),
        (("drain", "nothing"), 3, "No instance 'nothing'"),
        (("logs", "nothing"), 3, "the services are api-server, "),
    ],
)
def test_wrong_orders_are_told_what_would_be_right(
    mesh: Mesh, words: tuple[str, ...], code: int, hint: str
) -> None:
    ended = mesh.call(*words)
    assert ended.returncode == code
    assert hint in ended.stderr


def test_the_log_of_a_service_tells_which_instance_wrote(mesh: Mesh) -> None:
    (one,) = ready(mesh.status(), PRICING)
    lines = mesh.call("logs", "pricing", "-n", "100000").stdout.splitlines()
    assert any("host.house.opened" in line and one.entry.id in line for line in lines)
    assert "mesh.instance.started" in mesh.call("logs", "supervisor", "-n", "1000").stdout


def test_no_request_fails_while_it_scales_and_restarts(mesh: Mesh) -> None:
    clients = Clients(mesh.url())
    with clients.at_work():
        assert mesh.call("scale", "api-server", "3").returncode == 0
        before = ids(mesh.status())
        assert len(before) == 3
        clients.wait_for(50)
        assert mesh.call("restart", "api-server").returncode == 0
        assert not before & ids(mesh.status())
        assert mesh.call("scale", "api-server", "1").returncode == 0
    assert set(clients.answers) == {"200"}, clients.answers
    assert clients.acknowledged <= kept_lists(mesh.url())


def test_a_killed_instance_is_replaced_and_no_acknowledged_write_is_lost(mesh: Mesh) -> None:
    assert mesh.call("scale", "api-server", "2").returncode == 0
    clients = Clients(mesh.url())
    crashes: set[int] = set()

    def is_made_good(now: MeshStatus) -> bool:
        crashes.add(now.service(API).crashes)
        return is_well(now) and victim.id not in ids(now)

    with clients.at_work():
        victim = ready(mesh.status())[0].entry
        os.kill(victim.pid, signal.SIGKILL)
        status = mesh.until(is_made_good)
    api = status.service(API)
    # Of the last minute: on a slow machine the crash is older when all is well again.
    assert max(crashes) == 1
    # How one ends that an earlier supervisor had started, the system tells nobody.
    assert api.last_end in {"killed by signal 9", "ended"}
    assert clients.acknowledged
    assert clients.acknowledged <= kept_lists(mesh.url())
    # Only who was being answered by the one that died may have noticed.
    unwell = sum(count for what, count in clients.answers.items() if what != "200")
    assert unwell <= 4, clients.answers
    assert mesh.call("scale", "api-server", "1").returncode == 0


def test_an_instance_that_hangs_is_replaced(mesh: Mesh) -> None:
    (victim,) = ready(mesh.status(), PRICING)
    os.kill(victim.entry.pid, signal.SIGSTOP)
    status = mesh.until(lambda now: is_well(now) and victim.entry.id not in ids(now, PRICING))
    assert status.service(PRICING).last_end == "no sign of life for 6 s"


def test_one_instance_is_drained_by_the_end_of_its_id(mesh: Mesh) -> None:
    (before,) = ready(mesh.status(), PRICING)
    ended = mesh.call("drain", before.entry.id.rpartition("-")[2])
    assert ended.returncode == 0, ended.stderr
    (after,) = ready(mesh.status(), PRICING)
    assert after.entry.id != before.entry.id


def test_services_go_on_without_a_supervisor_and_a_new_one_takes_them_over(mesh: Mesh) -> None:
    before = mesh.status()
    url = mesh.url()
    clients = Clients(url)
    with clients.at_work():
        os.kill(before.pid, signal.SIGKILL)
        alone = mesh.call("status")
        assert alone.returncode == 5
        assert "6 instances go on" in alone.stderr
        clients.wait_for(50)
        after = mesh.up()
    assert set(clients.answers) == {"200"}
    assert after.pid != before.pid
    for service in before.services:
        assert ids(after, service.name) == ids(before, service.name)
        assert after.service(service.name).port == service.port
    # It holds the port again: one more instance can be started on it, and ended.
    assert mesh.call("scale", "api-server", "2").returncode == 0
    assert mesh.call("scale", "api-server", "1").returncode == 0


def test_a_taken_port_is_told_by_its_service_and_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        mesh = Mesh(tmp_path, "--set", f"pricing.port={port}")
        refused = mesh.call("up")
    assert refused.returncode == 4
    (line,) = refused.stderr.splitlines()
    assert f"walmart-pricing: port {port} is taken" in line
    assert "MANCIPLE_PRICING_PORT=" in line
    assert mesh.left() == []
    assert mesh.call("status").returncode == 5


def test_the_end_finds_also_those_whom_a_dead_supervisor_left(tmp_path: Path) -> None:
    mesh = Mesh(tmp_path)
    assert mesh.call("down").stdout == "The mesh was not up.\n"
    status = mesh.up()
    (stopped,) = ready(status, PRICING)
    os.kill(status.pid, signal.SIGKILL)
    os.kill(stopped.entry.pid, signal.SIGSTOP)
    ended = mesh.call("down")
    assert ended.returncode == 0, ended.stderr
    assert "Ended 6 instances" in ended.stdout
    assert mesh.left() == []
