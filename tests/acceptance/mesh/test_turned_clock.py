"""The wall clock is set an hour ahead, and back, under a running mesh: nobody's request fails."""

from collections.abc import Iterator
from functools import partial

import pytest
import requests

from manciple.platform.mesh.orders import MeshStatus
from tests.acceptance.mesh.running import Clients, Mesh, is_well, kept_lists, ready
from tests.acceptance.mesh.turned_clock import EVERYBODY, HOUR_S, TurnedClock, compiler

pytestmark = [
    pytest.mark.xdist_group("mesh"),
    pytest.mark.skipif(compiler() is None, reason="a clock of one's own takes a C compiler"),
]


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> TurnedClock:
    return TurnedClock(tmp_path_factory.mktemp("clock"))


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory, clock: TurnedClock) -> Iterator[Mesh]:
    running = Mesh(tmp_path_factory.mktemp("mesh"), environ=clock.environ)
    try:
        running.up()
        running.keep_small()
        yield running
    finally:
        clock.turn(0)
        running.call("down")


def beats(status: MeshStatus) -> dict[str, float]:
    """When each instance renewed its lease, by the clock that nobody turns."""
    everybody = (one.entry for service in status.services for one in service.instances)
    return {one.id: one.beat_s for one in everybody}


def have_renewed(before: dict[str, float], now: MeshStatus) -> bool:
    return all(at_s > before.get(id_, 0.0) for id_, at_s in beats(now).items())


@pytest.mark.parametrize("hours", [1, -1])
@pytest.mark.parametrize("whose", ["all", "one"])
def test_no_lease_ends_and_no_request_fails(
    mesh: Mesh, clock: TurnedClock, hours: int, whose: str
) -> None:
    before = mesh.status()
    clients = Clients(mesh.url())
    with clients.at_work():
        pid = ready(before)[0].entry.pid if whose == "one" else EVERYBODY
        clock.turn(hours * HOUR_S, pid=pid)
        for _ in range(2):
            mesh.until(partial(have_renewed, beats(mesh.status())))
        told = requests.get(f"{mesh.url()}/health", timeout=120).json()
        clients.wait_for(50)
        clock.turn(0)
    assert told["status"] == "healthy"
    assert set(clients.answers) == {"200"}, clients.answers
    assert beats(mesh.until(is_well)).keys() == beats(before).keys()
    assert clients.acknowledged <= kept_lists(mesh.url())
