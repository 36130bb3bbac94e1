from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from manciple.platform.db.tables import instant_text
from manciple.platform.jobs.job import wait_s
from manciple.platform.jobs.turns import Candidate, take_turns

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
AT_NOON = instant_text(NOON)
LATER = instant_text(NOON + timedelta(seconds=9))

candidates = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 10_000),
        tenant=st.sampled_from("abcd"),
        priority=st.integers(-1, 2),
        run_at=st.integers(0, 100).map(lambda s: instant_text(NOON + timedelta(seconds=s))),
    ),
    unique_by=lambda one: one.id,
    max_size=60,
)


@given(candidates, st.integers(0, 70))
def test_turns_are_some_of_the_candidates_and_as_many_as_may_be(
    found: list[Candidate], limit: int
) -> None:
    picked = take_turns(found, {}, limit=limit)

    assert len(picked) == min(limit, len(found)) == len(set(picked))
    assert set(picked) <= {one.id for one in found}


@given(candidates)
def test_no_job_starts_before_one_of_higher_priority(found: list[Candidate]) -> None:
    priority = {one.id: one.priority for one in found}
    picked = [priority[id_] for id_ in take_turns(found, {}, limit=100)]

    assert picked == sorted(picked, reverse=True)


@given(st.integers(1, 40), st.integers(1, 12))
def test_a_tenant_who_floods_the_queue_takes_no_more_than_its_turns(flood: int, limit: int) -> None:
    many = [Candidate(n, "loud", 0, AT_NOON) for n in range(flood)]
    few = [Candidate(1000 + n, "quiet", 0, AT_NOON) for n in range(3)]
    picked = take_turns([*many, *few], {}, limit=limit)
    shares = Counter("quiet" if id_ >= 1000 else "loud" for id_ in picked)

    assert shares["quiet"] >= min(3, limit // 2)


def test_whoever_has_the_most_running_waits() -> None:
    both = [Candidate(1, "busy", 0, AT_NOON), Candidate(2, "idle", 0, LATER)]

    assert take_turns(both, {"busy": 3}, limit=2) == [2, 1]


@given(st.integers(1, 200), st.floats(0, 1))
def test_waits_grow_and_stay_bounded(attempt: int, jitter: float) -> None:
    wait = wait_s(attempt, jitter=jitter)

    assert 1 <= wait <= 3600
    assert wait_s(attempt + 1, jitter=jitter) >= wait
