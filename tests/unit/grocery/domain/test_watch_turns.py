"""Whose turn it is: nobody starves, and no hour sees more than its share."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.watch_turns import Watched, next_up, requests_per_turn

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def watched(name: str, priority: int, age_s: float | None) -> Watched:
    tried_at = None if age_s is None else NOON - timedelta(seconds=age_s)
    return Watched(product_id=name, priority=priority, tried_at=tried_at)


def test_what_was_never_seen_comes_first_then_age_weighed_by_priority() -> None:
    all_of_them = [
        watched("old", 0, 4000),
        watched("dear", 9, 500),
        watched("new", 0, None),
        watched("just seen", 9, 100),
    ]

    assert next_up(all_of_them, NOON, most=9, every_s=300) == ["new", "dear", "old"]
    assert next_up(all_of_them, NOON, most=1, every_s=300) == ["new"]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(1, 5))
def test_everything_is_looked_at_within_a_bounded_time(priorities: list[int], most: int) -> None:
    tried: dict[str, datetime | None] = {str(n): None for n in range(len(priorities))}
    now = NOON
    last_seen = dict.fromkeys(tried, 0)
    for turn in range(40 * len(priorities)):
        everything = [
            Watched(product_id=id_, priority=priorities[int(id_)], tried_at=at)
            for id_, at in tried.items()
        ]
        for id_ in next_up(everything, now, most=most, every_s=300):
            tried[id_], last_seen[id_] = now, turn
        # The lowest priority waits at most ten times as long as equal turns would make it.
        assert all(turn - seen <= 10 * len(priorities) + 1 for seen in last_seen.values())
        now += timedelta(seconds=300)


@given(st.integers(100, 100_000), st.sampled_from([60.0, 300.0, 900.0, 3600.0, 7200.0]))
def test_the_turns_that_begin_in_any_hour_stay_within_the_budget(
    per_hour: int, every_s: float
) -> None:
    turns = int(3600 // every_s) + 1 if every_s < 3600 else 1

    assert requests_per_turn(per_hour, every_s=every_s) * turns <= per_hour
