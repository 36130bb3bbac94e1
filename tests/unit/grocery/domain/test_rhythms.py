from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.rhythms import (
    Purchase,
    RunningOut,
    TooLittle,
    is_due,
    running_out,
)

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def every(days: float, times: int, *, quantity: int = 1000) -> list[Purchase]:
    return [
        Purchase(bought_at=START + timedelta(days=days * n), quantity_thousandths=quantity)
        for n in range(times)
    ]


def estimate(purchases: list[Purchase]) -> RunningOut:
    found = running_out(purchases)
    assert isinstance(found, RunningOut)
    return found


def test_two_purchases_are_too_little() -> None:
    assert running_out(every(7, 2)) == TooLittle(purchases=2, needed=1)
    assert running_out([]) == TooLittle(purchases=0, needed=3)


def test_purchases_of_one_day_count_as_one() -> None:
    assert running_out(every(0.01, 5)) == TooLittle(purchases=1, needed=2)


def test_a_weekly_rhythm_runs_out_after_a_week() -> None:
    found = estimate(every(7, 10))
    assert found.likely_at - found.last_bought_at == timedelta(days=7)
    assert found.earliest_at < found.likely_at < found.latest_at


def test_a_regular_rhythm_is_trusted_more_than_a_wild_one() -> None:
    wild = [Purchase(bought_at=START + timedelta(days=d)) for d in (0, 1, 30, 33, 90, 92)]
    assert estimate(every(7, 6)).confidence > estimate(wild).confidence


def test_a_longer_history_is_trusted_more() -> None:
    assert estimate(every(7, 20)).confidence > estimate(every(7, 3)).confidence


def test_more_at_once_lasts_longer() -> None:
    more = [*every(7, 5), Purchase(bought_at=START + timedelta(35), quantity_thousandths=4000)]
    assert estimate(more).likely_at > estimate(every(7, 6)).likely_at


def test_it_is_due_near_its_time_and_not_long_after_it_was_given_up() -> None:
    found = estimate(every(7, 8))
    week = timedelta(days=7)
    last = found.last_bought_at
    assert not is_due(found, last + timedelta(days=1), within=timedelta(days=2))
    assert is_due(found, last + timedelta(days=1), within=week)
    assert is_due(found, last + timedelta(days=9), within=week)
    assert not is_due(found, last + timedelta(days=400), within=week)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 50_000)), min_size=1, max_size=30))
def test_an_estimate_is_an_interval_around_its_guess(rows: list[tuple[int, int]]) -> None:
    found = running_out(
        [
            Purchase(bought_at=START + timedelta(days=day), quantity_thousandths=quantity)
            for day, quantity in rows
        ]
    )
    if isinstance(found, RunningOut):
        assert found.last_bought_at < found.earliest_at < found.likely_at < found.latest_at
        assert 0 < found.confidence < 1
