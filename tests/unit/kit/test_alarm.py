from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.alarm import Alarm


def looks(*values: float) -> list[bool]:
    alarm = Alarm(100.0)
    changes = []
    for value in values:
        alarm.look(value)
        changes.append(alarm.is_raised)
    return changes


def test_it_is_raised_by_two_looks_in_a_row() -> None:
    assert looks(101, 99, 101, 101) == [False, False, False, True]


def test_it_is_cleared_only_a_good_way_below() -> None:
    assert looks(101, 101, 95, 91, 89, 89) == [False, True, True, True, True, False]


def test_at_the_mark_is_not_above_it() -> None:
    assert looks(100, 100, 100) == [False, False, False]


@given(st.lists(st.floats(90.0, 100.0), max_size=50), st.booleans())
def test_between_its_marks_it_stays_as_it_is(values: list[float], is_raised: bool) -> None:  # noqa: FBT001 - drawn
    alarm = Alarm(100.0, is_raised=is_raised)
    assert not any(alarm.look(value) for value in values)
    assert alarm.is_raised == is_raised


@given(st.lists(st.floats(0.0, 200.0), max_size=80))
def test_every_change_is_told_once(values: list[float]) -> None:
    alarm, was = Alarm(100.0), False
    for value in values:
        changed = alarm.look(value)
        assert changed == (alarm.is_raised != was)
        was = alarm.is_raised
