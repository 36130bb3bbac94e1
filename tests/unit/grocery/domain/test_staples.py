from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.staples import Staple, checked_interval, due_after
from manciple.kit.errors import InvalidInput
from tests.list_builders import NOON


def a_staple(every_days: int) -> Staple:
    return Staple(
        staple_id="staple_1",
        product_id=None,
        name="milk",
        quantity_thousandths=1_000,
        unit=None,
        every_days=every_days,
        due_at=NOON,
        created_at=NOON,
    )


@given(st.integers(1, 400), st.integers(0, 10**8))
def test_the_next_turn_is_the_first_after_now_and_keeps_the_rhythm(every: int, late_s: int) -> None:
    now = NOON + timedelta(seconds=late_s)
    due = due_after(a_staple(every), now)
    assert now < due <= now + timedelta(days=every)
    assert (due - NOON) % timedelta(days=every) == timedelta()


def test_a_turn_to_come_stays() -> None:
    assert due_after(a_staple(7), NOON - timedelta(days=2)) == NOON


@pytest.mark.parametrize("days", [0, -1, 3_651])
def test_an_interval_is_from_a_day_to_ten_years(days: int) -> None:
    with pytest.raises(InvalidInput):
        checked_interval(days)
