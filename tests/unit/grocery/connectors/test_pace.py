import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.connectors.pace import MOST_REFUSALS, REFUSALS_WINDOW_S, Pace, PaceSettings
from manciple.kit.errors import TooMany


@given(
    st.lists(st.floats(0, 20), max_size=60),
    st.integers(1, 5),
    st.floats(1, 30),
)
def test_no_window_ever_holds_more_calls_than_allowed(
    pauses: list[float], calls: int, window_s: float
) -> None:
    pace = Pace(PaceSettings(calls=calls, window_s=window_s, patience_s=1000))
    now_s, at = 0.0, []
    for pause in pauses:
        now_s += pause
        at.append(pace.next_call_s(now_s))

    assert at == sorted(at)
    for first, beyond in zip(at, at[calls:], strict=False):
        assert beyond - first >= window_s - 1e-6


@given(st.lists(st.floats(0, 40), max_size=200))
def test_a_target_never_refuses_us_often_enough_to_shut_us_out(pauses: list[float]) -> None:
    pace, now_s, refused = Pace(PaceSettings(calls=1000, patience_s=0)), 0.0, []
    for pause in pauses:
        now_s += pause
        try:
            pace.next_call_s(now_s)
        except TooMany:
            continue
        pace.refused(now_s, wait_s=None)
        refused.append(now_s)

    for first, last in zip(refused, refused[MOST_REFUSALS:], strict=False):
        assert last - first >= REFUSALS_WINDOW_S - 1e-6


def test_a_wait_that_the_target_names_is_kept() -> None:
    pace = Pace(PaceSettings(patience_s=100))
    pace.refused(10, wait_s=30)

    assert pace.next_call_s(11) == 40


def test_who_would_wait_too_long_is_told_how_long() -> None:
    pace = Pace(PaceSettings(calls=1, window_s=60, patience_s=5))
    pace.next_call_s(0)

    with pytest.raises(TooMany) as refused:
        pace.next_call_s(1)
    assert refused.value.wait_s == 59
