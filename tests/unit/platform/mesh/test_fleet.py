from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.platform.mesh.fleet import (
    Action,
    Drain,
    Kill,
    Member,
    Phase,
    Plan,
    Start,
    Terminate,
    decide,
    is_looping,
    may_start_s,
)


def plan(wanted: int = 1, **more: object) -> Plan:
    return Plan(**({"service": "api", "wanted": wanted} | more))  # type: ignore[arg-type]  # a test's shorthand


def member(id_: str = "a", phase: Phase = Phase.READY, **more: object) -> Member:
    facts = {"id": id_, "service": "api", "phase": phase, "since_s": 100.0, "beat_s": 100.0}
    return Member(**(facts | more))  # type: ignore[arg-type]  # a test's shorthand


def act(plan_: Plan, *members: Member, at_s: float = 100.0) -> list[Action]:
    return decide([plan_], members, {}, at_s)


def test_what_is_missing_is_started() -> None:
    assert act(plan(3), member()) == [Start("api"), Start("api")]


def test_what_is_wanted_is_left_alone() -> None:
    assert act(plan(2), member("a"), member("b", Phase.STARTING)) == []


def test_a_service_waits_for_what_it_needs() -> None:
    first, second = plan(), plan(service="web", needs=("api",), priority=2)

    assert decide([second, first], [], {}, 0.0) == [Start("api")]
    assert decide([second, first], [member(beat_s=0.0, since_s=0.0)], {}, 0.0) == [Start("web")]


def test_one_that_hangs_is_killed_and_replaced() -> None:
    assert act(plan(), member(), at_s=107.0) == [
        Kill("a", "no sign of life for 6 s"),
        Start("api"),
    ]


def test_one_that_never_gets_ready_is_killed() -> None:
    (kill, _) = act(plan(), member(phase=Phase.STARTING), at_s=191.0)

    assert kill == Kill("a", "not ready after 90 s")


def test_the_least_useful_is_drained_when_fewer_are_wanted() -> None:
    busy, idle = member("a", in_flight=3), member("b", in_flight=0)

    assert act(plan(1), busy, idle) == [Drain("b", "no longer wanted")]


@pytest.mark.parametrize(
    ("in_flight", "at_s", "expected"),
    [
        (2, 101.0, []),
        (0, 101.0, [Terminate("a")]),
        # Callers have not noticed yet.
        (0, 100.4, []),
        (2, 121.0, [Terminate("a")]),
    ],
)
def test_a_drained_one_ends_when_it_is_idle_or_its_time_is_over(
    in_flight: int, at_s: float, expected: list[Action]
) -> None:
    assert act(plan(0), member(phase=Phase.DRAINING, in_flight=in_flight), at_s=at_s) == expected


def test_one_that_will_not_end_is_killed() -> None:
    (kill,) = act(plan(0), member(phase=Phase.STOPPING), at_s=106.0)

    assert kill == Kill("a", "did not end within 5 s")


def test_a_leaking_one_is_replaced_before_it_goes() -> None:
    leaking = member("a", is_leaking=True)

    assert act(plan(1), leaking) == [Start("api")]
    assert act(plan(1), leaking, member("b", Phase.STARTING)) == []
    assert act(plan(1), leaking, member("b")) == [Drain("a", "replaced")]


def test_one_that_somebody_wants_gone_is_replaced_before_it_goes() -> None:
    unwanted = member("a", is_unwanted=True)

    assert act(plan(1), unwanted) == [Start("api")]
    assert act(plan(1), unwanted, member("b")) == [Drain("a", "replaced")]


@pytest.mark.parametrize(
    "worn",
    [member(is_leaking=True), member(is_unwanted=True), member(generation=-1)],
    ids=["leaking", "unwanted", "old"],
)
def test_one_that_is_to_be_replaced_goes_like_any_other_where_none_is_wanted(worn: Member) -> None:
    assert act(plan(0), worn) == [Drain("a", "no longer wanted")]


def test_one_that_never_was_ready_is_ended_without_a_drain() -> None:
    fresh = member("b", Phase.STARTING)

    assert act(plan(1), member("a"), fresh) == [Terminate("b")]


def test_rests_double_and_stay_bounded() -> None:
    assert may_start_s([]) == 0
    assert may_start_s([10.0]) == 10
    assert may_start_s([10.0, 11.0]) == pytest.approx(11.2)
    assert may_start_s([10.0, 11.0, 12.0]) == pytest.approx(12.4)
    assert may_start_s([float(n) for n in range(30)]) == 29 + 30


def test_a_crashing_service_rests_and_is_called_looping() -> None:
    crashes = [1.0, 2.0, 3.0, 4.0, 5.0]

    assert decide([plan()], [], {"api": crashes}, 6.0) == []
    assert decide([plan()], [], {"api": crashes}, 9.0) == [Start("api")]
    assert is_looping(crashes, 6.0)
    assert not is_looping(crashes, 70.0)


class House:
    """Processes that do what they are told, at once or one tick later."""

    def __init__(self, wanted: int) -> None:
        self.now_s = 0.0
        self.made = 0
        self.plan = plan(wanted)
        self.members: dict[str, Member] = {}

    def tick(self) -> None:
        self.now_s += 1.0
        for action in decide([self.plan], list(self.members.values()), {}, self.now_s):
            match action:
                case Start():
                    self.made += 1
                    self._put(f"m{self.made}", Phase.STARTING)
                case Drain(id_):
                    self._put(id_, Phase.DRAINING)
                case Terminate(id_) | Kill(id_):
                    del self.members[id_]
        for id_, one in list(self.members.items()):
            if one.phase is Phase.STARTING and one.since_s < self.now_s:
                self._put(id_, Phase.READY)
            self.members[id_] = msgspec.structs.replace(self.members[id_], beat_s=self.now_s)

    def _put(self, id_: str, phase: Phase) -> None:
        known = self.members.get(id_)
        generation = known.generation if known else self.plan.generation
        self.members[id_] = member(
            id_, phase, since_s=self.now_s, beat_s=self.now_s, generation=generation
        )

    def count(self) -> Counter[Phase]:
        return Counter(one.phase for one in self.members.values())


@settings(max_examples=60)
@given(st.integers(1, 4), st.integers(1, 4))
def test_a_rolling_restart_replaces_all_and_never_serves_with_fewer(
    wanted: int, restarts: int
) -> None:
    house = House(wanted)
    for _ in range(5):
        house.tick()
    for generation in range(1, restarts + 1):
        house.plan = msgspec.structs.replace(house.plan, generation=generation)
        for _ in range(8 * wanted):
            house.tick()
            assert house.count()[Phase.READY] >= wanted
            assert len(house.members) <= wanted + 2
        assert {one.generation for one in house.members.values()} == {generation}
        assert house.count() == {Phase.READY: wanted}


@given(st.integers(0, 5), st.integers(0, 5))
def test_any_change_of_the_wanted_number_settles(before: int, after: int) -> None:
    house = House(before)
    for _ in range(6):
        house.tick()
    house.plan = msgspec.structs.replace(house.plan, wanted=after)
    for _ in range(10):
        house.tick()

    assert house.count() == ({Phase.READY: after} if after else {})


@given(st.integers(1, 4), st.integers(0, 12))
def test_an_end_in_the_middle_of_a_restart_ends_all(wanted: int, ticks: int) -> None:
    house = House(wanted)
    for _ in range(5):
        house.tick()
    house.plan = msgspec.structs.replace(house.plan, generation=1)
    for _ in range(ticks):
        house.tick()
    house.plan = msgspec.structs.replace(house.plan, wanted=0)
    for _ in range(10):
        house.tick()

    assert house.members == {}
