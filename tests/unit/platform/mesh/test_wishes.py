from datetime import timedelta

import pytest

from manciple.kit.errors import InvalidInput, NotFound
from manciple.platform.mesh import orders
from manciple.platform.mesh.load import SLOW_START_S
from manciple.platform.mesh.registry import Entry, Vitals
from manciple.platform.mesh.reporting import Moment
from manciple.platform.mesh.run_directory import Resolve
from manciple.platform.mesh.spec import Scaling, ServiceSpec
from manciple.platform.mesh.wish import Wish
from manciple.platform.mesh.wishes import Wishes
from tests.fakes import FakeClock

API = ServiceSpec(
    name="api", port=1, priority=1, purpose="", scaling=Scaling(max_instances=3, auto_scale=True)
)
WEB = ServiceSpec(name="web", port=2, priority=2, purpose="", needs=("api",))
MEMORY_BYTES = 1000


def wishes(kept: Resolve | None = None) -> Wishes:
    api = Wish(API, port=1, drain_s=10.0, kept=kept)
    return Wishes((api, Wish(WEB, port=2, drain_s=10.0)), memory_bytes=MEMORY_BYTES)


def busy(service: str) -> list[Entry]:
    """Instances that use one and a half of what they should."""
    now = FakeClock().now()
    vitals = Vitals(cpu_share=1.05, memory_bytes=100)
    one = Entry(
        id="a",
        service=service,
        address="",
        pid=1,
        started_s=0,
        since_at=now,
        vitals=vitals,
    )
    return [one]


def at(now_s: float) -> Moment:
    """So many seconds after the instances had left their slow start behind them."""
    return Moment(now_s, FakeClock().now() + timedelta(seconds=SLOW_START_S + now_s))


def wanted(found: Wishes) -> dict[str, int]:
    return {plan.service: plan.wanted for plan in found.plans(())}


def test_load_lets_a_service_grow_that_may() -> None:
    found = wishes()
    assert [wish.spec.name for wish in found.follow(busy, at(0.0))] == ["api"]
    assert wanted(found) == {"api": 2, "web": 1}


def test_what_an_instance_uses_to_start_makes_nothing_grow() -> None:
    found = wishes()
    for now_s in range(0, int(SLOW_START_S), 2):
        assert found.follow(busy, at(now_s - SLOW_START_S)) == []
    assert wanted(found)["api"] == 1


def test_load_is_looked_at_every_other_second() -> None:
    found = wishes()
    found.follow(busy, at(0.0))
    found.take(orders.Scale(service="api", count=1))
    found.take(orders.Scale(service="api", count=None))
    assert found.follow(busy, at(1.9)) == []
    assert found.follow(busy, at(2.0)) != []


def test_a_number_set_by_hand_stands_whatever_the_load() -> None:
    found = wishes()
    found.take(orders.Scale(service="api", count=3))
    assert found.follow(busy, at(0.0)) == []
    assert wanted(found)["api"] == 3
    found.take(orders.Scale(service="api", count=None))
    assert found.of("api").is_automatic


@pytest.mark.parametrize(("service", "count"), [("api", 0), ("api", 4), ("web", 2)])
def test_limits_hold_for_numbers_set_by_hand(service: str, count: int) -> None:
    found = wishes()
    with pytest.raises(InvalidInput, match=f"not {count}"):
        found.take(orders.Scale(service=service, count=count))
    assert wanted(found) == {"api": 1, "web": 1}


def test_an_unknown_service_is_told() -> None:
    with pytest.raises(NotFound):
        wishes().take(orders.Restart(service="nobody"))


def test_what_was_kept_is_wanted_again_within_todays_limits() -> None:
    kept = Resolve(port=1, wanted=9, is_pinned=True, generation=4)
    found = wishes(kept)
    assert wanted(found)["api"] == 3
    assert found.resolves()["api"] == Resolve(port=1, wanted=3, is_pinned=True, generation=4)


def test_a_restart_is_of_one_or_of_all() -> None:
    found = wishes()
    found.take(orders.Restart(service="web"))
    found.take(orders.Restart(service=None))
    assert {plan.service: plan.generation for plan in found.plans(())} == {"api": 1, "web": 2}


def test_in_the_end_those_go_first_who_let_people_in() -> None:
    found = wishes()
    found.take(orders.Down())
    assert {p.service: p.wanted for p in found.plans({"api", "web"})} == {"api": 0}
    assert {p.service: p.wanted for p in found.plans({"web"})} == {"api": 0, "web": 0}
    assert found.follow(busy, at(0.0)) == []
    assert not found.are_missing(())


def test_deploying_forgives_crashes() -> None:
    found = wishes()
    for at_s in range(5):
        found.of("api").crashed(float(at_s), "exit code 1")
    api = found.of("api")
    assert (api.is_looping(5.0), api.crashes_lately(5.0), api.last_end) == (True, 5, "exit code 1")
    assert api.next_start_s(5.0) == pytest.approx(0.6)
    found.take(orders.Deploy())
    assert api.next_start_s(5.0) is None
    assert not api.is_looping(5.0)
