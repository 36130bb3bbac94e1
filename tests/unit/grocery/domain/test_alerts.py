"""Alerts: once for each thing that happens, however the price trembles."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.alerts import Alert, AlertKind, Look, Memory, Rules, checked, judge
from manciple.kit.errors import InvalidInput

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(rules: Rules, looks: list[Look]) -> list[Alert]:
    memory = Memory()
    found: list[Alert] = []
    for look in looks:
        memory, alerts = judge(rules, memory, look)
        found += alerts
    return found


def prices(*cents: int | None) -> list[Look]:
    return [Look(at=NOON + timedelta(hours=hour), cents=each) for hour, each in enumerate(cents)]


def stocks(*minutes: tuple[int, bool | None]) -> list[Look]:
    return [Look(at=NOON + timedelta(minutes=at), in_stock=stock) for at, stock in minutes]


def test_a_price_at_the_threshold_is_told_once_until_it_was_clearly_above() -> None:
    found = told(Rules(below_cents=300), prices(350, 300, 301, 299, 305, 300, 306, 300))

    assert [alert.cents for alert in found] == [300, 300]


def test_a_price_that_is_low_at_the_first_look_is_told() -> None:
    assert len(told(Rules(below_cents=300), prices(250, 250))) == 1


def test_a_fall_is_measured_from_the_highest_price_and_then_from_itself() -> None:
    found = told(Rules(drop_percent=10), prices(100, 200, 190, 180, 175, 170, 162, 200, 180))

    assert [(alert.before_cents, alert.cents) for alert in found] == [
        (200, 180),
        (180, 162),
        (200, 180),
    ]


def test_an_unknown_price_says_nothing() -> None:
    assert told(Rules(below_cents=300, drop_percent=1), prices(None, 350, None)) == []


def test_back_in_stock_is_told_after_a_real_absence_only() -> None:
    found = told(
        Rules(back_in_stock=True),
        stocks((0, True), (5, False), (10, True), (20, False), (30, None), (60, True), (65, True)),
    )

    assert [alert.at for alert in found] == [NOON + timedelta(minutes=60)]
    assert found[0].kind is AlertKind.BACK_IN_STOCK


def test_a_look_that_comes_late_changes_nothing() -> None:
    rules = Rules(below_cents=300)
    memory, _ = judge(rules, Memory(), Look(at=NOON, cents=400))
    late = Look(at=NOON - timedelta(hours=1), cents=100)

    assert judge(rules, memory, late) == (memory, ())


@pytest.mark.parametrize(
    "rules", [Rules(), Rules(below_cents=0), Rules(drop_percent=0), Rules(drop_percent=100)]
)
def test_rules_that_ask_for_nothing_are_refused(rules: Rules) -> None:
    with pytest.raises(InvalidInput):
        checked(rules)


LOOKS = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(1, 2000)), st.one_of(st.none(), st.booleans())),
    max_size=60,
)


@given(LOOKS, st.integers(1, 2000), st.integers(1, 99))
def test_every_alert_is_true_and_a_repeated_look_tells_nothing(
    seen: list[tuple[int | None, bool | None]], below: int, drop: int
) -> None:
    rules = Rules(below_cents=below, drop_percent=drop, back_in_stock=True)
    memory = Memory()
    for minute, (cents, in_stock) in enumerate(seen):
        look = Look(at=NOON + timedelta(minutes=minute), cents=cents, in_stock=in_stock)
        memory, alerts = judge(rules, memory, look)
        for alert in alerts:
            if alert.kind is AlertKind.BELOW:
                assert cents is not None
                assert cents <= below
            if alert.kind is AlertKind.DROP:
                assert cents is not None
                assert alert.before_cents is not None
                assert cents * 100 <= alert.before_cents * (100 - drop)
        assert judge(rules, memory, look) == (memory, ())


@given(st.lists(st.integers(99, 101), min_size=1, max_size=200))
def test_a_price_that_trembles_around_the_threshold_is_told_once(cents: list[int]) -> None:
    found = told(Rules(below_cents=100), prices(*cents))

    assert len(found) == int(min(cents) <= 100)
