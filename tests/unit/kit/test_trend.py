import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.trend import MOST_POINTS, trend

figures = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=40)
MB = 1e6


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e5), st.integers(3, 300))
def test_a_straight_line_is_found_exactly(start: float, slope: float, count: int) -> None:
    found = trend([(at * 5.0, start + slope * at * 5.0) for at in range(count)])
    assert found.slope_per_s == pytest.approx(slope, rel=1e-3)
    assert found.grown(60.0) == pytest.approx(slope * 60, rel=1e-3)


@given(figures)
def test_a_figure_turned_upside_down_has_the_opposite_slope(values: list[float]) -> None:
    points = list(enumerate(values))
    turned = [(at, -value) for at, value in points]
    there = trend([(float(at), value) for at, value in points])
    back = trend([(float(at), value) for at, value in turned])
    assert there.slope_per_s == pytest.approx(-back.slope_per_s, abs=1e-6)


@given(st.floats(1.0, 1e6), st.floats(-1e12, 1e12), st.integers(0, 29))
def test_one_wild_point_hides_no_growth(slope: float, wild: float, place: int) -> None:
    points = [(float(at), slope * at) for at in range(30)]
    points[place] = (float(place), wild)
    assert trend(points).slope_per_s == pytest.approx(slope, rel=0.01)


def test_a_cache_that_fills_once_is_no_growth() -> None:
    points = [(at * 5.0, 100 * MB + min(at, 15) * MB) for at in range(120)]
    assert trend(points).grown(600.0) == 0.0


def test_a_sawtooth_of_garbage_is_no_growth() -> None:
    points = [(at * 5.0, 100 * MB + (at % 7) * 5 * MB) for at in range(120)]
    assert trend(points).grown(600.0) == 0.0


def test_a_leak_under_a_sawtooth_is_growth() -> None:
    points = [(at * 5.0, 100 * MB + at * MB + (at % 7) * 5 * MB) for at in range(120)]
    assert trend(points).grown(600.0) == pytest.approx(120 * MB, rel=0.1)


def test_nothing_is_said_of_too_little() -> None:
    assert trend([]).grown(1.0) == trend([(0.0, 5.0)]).grown(1.0) == 0.0
    assert trend([(1.0, 5.0), (1.0, 9.0)]).rising == 0.0


def test_of_many_points_some_are_enough() -> None:
    many = [(float(at), float(at)) for at in range(MOST_POINTS * 50)]
    assert trend(many).slope_per_s == pytest.approx(1.0)
