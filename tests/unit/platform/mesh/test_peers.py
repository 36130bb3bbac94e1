from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.breaker import Outcome
from manciple.kit.errors import Unavailable
from manciple.platform.mesh.peers import Peers
from tests.unit.platform.mesh.instances import SPEC, Here

names = st.lists(st.sampled_from("abcdef"), unique=True, min_size=1, max_size=6)
outcomes = st.lists(st.tuples(st.sampled_from(Outcome), st.floats(0, 20)), max_size=200)


@given(names, outcomes)
def test_at_most_half_of_the_instances_are_ejected_and_none_stays_busy(
    ids: list[str], went: list[tuple[Outcome, float]]
) -> None:
    peers, now_s = Peers(SPEC), 0.0
    peers.know([Here(id_, f"unix:/{id_}") for id_ in ids], now_s)
    for outcome, took_s in went:
        try:
            turn = peers.choose(now_s)
        except Unavailable:
            now_s += 1.0
            continue
        now_s += took_s
        peers.done(turn, outcome, now_s)
        states = peers.states(now_s)
        assert sum(one.is_ejected for one in states) * 2 <= len(ids)
        assert all(one.in_flight == 0 for one in states)


def test_the_fewest_calls_for_its_weight_decide_under_least_connections() -> None:
    peers = Peers(SPEC)
    peers.know([Here("a", "unix:/a"), Here("b", "unix:/b")], 0.0)
    first, second = peers.choose(0.0), peers.choose(0.0)
    assert {first.peer.member.id, second.peer.member.id} == {"a", "b"}


def test_what_was_learned_of_an_instance_outlives_a_look_at_the_registry() -> None:
    peers = Peers(SPEC)
    peers.know([Here("a", "unix:/a")], 0.0)
    peers.done(peers.choose(0.0), Outcome.GOOD, 0.5)
    gone = peers.know([Here("a", "unix:/a"), Here("b", "unix:/b")], 1.0)
    assert (gone, peers.states(1.0)[0].response_s) == ([], 0.5)
    (left,) = peers.know([Here("b", "unix:/b")], 2.0)
    assert left.member.id == "a"
