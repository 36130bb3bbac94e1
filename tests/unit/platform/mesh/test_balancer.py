import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.errors import Unavailable
from manciple.platform.mesh.balancer import (
    Balancer,
    Instance,
    may_take_calls,
    share,
    smoothed_s,
)
from manciple.platform.mesh.spec import Strategy

instances = st.lists(
    st.builds(
        Instance,
        id=st.sampled_from([f"i{n}" for n in range(8)]),
        weight=st.integers(1, 5),
        capacity=st.integers(1, 10),
        in_flight=st.integers(0, 10),
        response_s=st.none() | st.floats(0.001, 2),
        age_s=st.floats(0, 100),
        is_draining=st.booleans(),
        is_broken=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


@given(instances, st.sampled_from(Strategy))
def test_only_an_able_instance_is_picked_and_a_full_one_last(
    known: list[Instance], strategy: Strategy
) -> None:
    able = [one for one in known if not one.is_draining and not one.is_broken]
    balancer = Balancer(strategy, random.Random(1))
    if not able:
        with pytest.raises(Unavailable):
            balancer.pick(known)
        return
    picked = balancer.pick(known)
    assert picked in able
    assert picked.in_flight < picked.capacity or all(o.in_flight >= o.capacity for o in able)


@given(st.integers(1, 7), st.integers(1, 5))
def test_round_robin_gives_everybody_the_same(count: int, rounds: int) -> None:
    known = [Instance(id=f"i{n}") for n in range(count)]
    balancer = Balancer(Strategy.ROUND_ROBIN)
    picks = Counter(balancer.pick(known).id for _ in range(count * rounds))

    assert set(picks.values()) == {rounds}


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_weights_are_kept_exactly_over_one_cycle(weights: list[int]) -> None:
    known = [Instance(id=f"i{n}", weight=weight) for n, weight in enumerate(weights)]
    balancer = Balancer(Strategy.WEIGHTED_ROUND_ROBIN)
    picks = Counter(balancer.pick(known).id for _ in range(sum(weights)))

    assert [picks[one.id] for one in known] == weights


def test_the_heaviest_does_not_come_in_runs() -> None:
    known = [Instance(id="a", weight=3), Instance(id="b"), Instance(id="c")]
    balancer = Balancer(Strategy.WEIGHTED_ROUND_ROBIN)

    assert "".join(balancer.pick(known).id for _ in range(5)) == "abaca"


def test_the_least_loaded_for_its_weight_is_picked() -> None:
    known = [
        Instance(id="a", in_flight=4),
        Instance(id="b", in_flight=7, weight=2),
        Instance(id="c", in_flight=5),
    ]

    assert Balancer(Strategy.LEAST_CONNECTIONS).pick(known).id == "b"


def test_of_two_random_instances_the_quicker_is_picked() -> None:
    known = [
        Instance(id="quick", response_s=0.01),
        Instance(id="slow", response_s=0.05),
        Instance(id="new"),
    ]
    balancer = Balancer(Strategy.LEAST_RESPONSE_TIME, random.Random(3))
    picks = Counter(balancer.pick(known).id for _ in range(600))

    assert picks["new"] > picks["quick"] > 100
    assert picks["slow"] == 0


def test_load_turns_the_quickest_into_the_slower_choice() -> None:
    known = [
        Instance(id="quick", response_s=0.01, in_flight=9),
        Instance(id="slow", response_s=0.05, in_flight=0),
    ]

    assert Balancer(Strategy.LEAST_RESPONSE_TIME).pick(known).id == "slow"


@given(st.floats(0, 30))
def test_a_share_grows_from_a_tenth_to_all_of_the_weight(age_s: float) -> None:
    assert 0.4 <= share(Instance(id="a", weight=4, age_s=age_s)) <= 4
    assert share(Instance(id="a", weight=4)) == 4


@given(st.floats(0.001, 5), st.floats(0.001, 5), st.floats(0, 60))
def test_smoothing_stays_between_old_and_new(old: float, new: float, since_s: float) -> None:
    after = smoothed_s(old, new, since_s=since_s)

    assert min(old, new) - 1e-9 <= after <= max(old, new) + 1e-9
    assert smoothed_s(None, new, since_s=since_s) == new


@given(instances)
def test_the_order_of_the_instances_changes_nothing(known: list[Instance]) -> None:
    assert may_take_calls(known) == may_take_calls(list(reversed(known)))
