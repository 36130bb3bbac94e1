import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.uses import HALF_LIFE_S, together, uses_now, weight

NOW = datetime(2026, 6, 1, tzinfo=UTC)
counts = st.floats(min_value=0.01, max_value=1e6)
moments = st.integers(0, 4 * 365 * 24 * 3600).map(lambda s: NOW + timedelta(seconds=s))
weights = st.floats(min_value=-500, max_value=500)


def test_a_use_counts_half_after_its_half_life() -> None:
    kept = weight(8, NOW)
    assert uses_now(kept, NOW) == pytest.approx(8)
    assert uses_now(kept, NOW + timedelta(seconds=HALF_LIFE_S)) == pytest.approx(4)


@given(counts, counts, moments)
def test_uses_of_one_moment_add_up(one: float, other: float, at: datetime) -> None:
    both = together(weight(one, at), weight(other, at))
    assert uses_now(both, at) == pytest.approx(one + other, rel=1e-6)


@given(weights, weights, weights)
def test_the_order_of_notes_makes_no_difference(a: float, b: float, c: float) -> None:
    assert together(together(a, b), c) == pytest.approx(together(a, together(b, c)), abs=1e-6)
    assert together(a, b) == together(b, a)


@given(weights, weights)
def test_a_note_never_takes_anything_away(a: float, b: float) -> None:
    assert together(a, b) >= max(a, b)
    assert together(a, -math.inf) == a


@given(counts, moments, moments)
def test_the_later_of_two_equal_uses_weighs_more(n: float, one: datetime, other: datetime) -> None:
    assert (weight(n, one) > weight(n, other)) == (one > other)
