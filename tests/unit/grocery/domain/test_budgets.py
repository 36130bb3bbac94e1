import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.budgets import (
    EVERYTHING,
    Envelope,
    Level,
    Spending,
    checked_month,
    crossings,
    states,
)
from manciple.kit.errors import InvalidInput
from tests.list_builders import NOON


def an_envelope(category: str, limit: int | None, month: str = "2026-01") -> Envelope:
    return Envelope(category=category, from_month=month, limit_cents=limit)


def a_spending(category: str, cents: int, month: str = "2026-03") -> Spending:
    return Spending(
        spending_id="s", month=month, category=category, cents=cents, note=None, source="x", at=NOON
    )


def test_spending_counts_in_its_own_envelope_and_in_the_one_for_everything() -> None:
    found = states(
        [an_envelope(EVERYTHING, 10_000), an_envelope("Drinks", 1_000)],
        [a_spending("drinks", 300), a_spending("Produce", 500), a_spending("drinks", 9, "2026-02")],
        month="2026-03",
    )
    assert [(one.category, one.spent_cents) for one in found] == [("", 800), ("Drinks", 300)]


def test_an_envelope_holds_until_another_is_set_and_none_closes_it() -> None:
    envelopes = [
        an_envelope("Drinks", 100, "2026-01"),
        an_envelope("Drinks", 200, "2026-03"),
        an_envelope("Drinks", None, "2026-05"),
    ]
    limits = {
        month: [one.limit_cents for one in states(envelopes, [], month=month)]
        for month in ("2025-12", "2026-02", "2026-03", "2026-04", "2026-06")
    }
    assert list(limits.values()) == [[], [100], [200], [200], []]


@pytest.mark.parametrize(
    ("spent", "planned", "level"),
    [
        (0, 0, Level.FINE),
        (799, 0, Level.FINE),
        (500, 300, Level.NEAR),
        (1_000, 0, Level.NEAR),
        (1_000, 1, Level.CROSSED),
    ],
)
def test_a_warning_comes_at_four_fifths_and_on_crossing(
    spent: int, planned: int, level: Level
) -> None:
    found = states(
        [an_envelope("Drinks", 1_000)],
        [a_spending("Drinks", spent)],
        month="2026-03",
        planned=[("Drinks", planned)],
    )
    assert found[0].level is level
    assert len(crossings(found)) == (level is not Level.FINE)


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "26-01", "2026-1", "2026-01-01", "", "x"])
def test_what_is_no_month_is_invalid(month: str) -> None:
    with pytest.raises(InvalidInput):
        checked_month(month)


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(-500, 500))))
def test_the_envelope_for_everything_holds_all_the_others(amounts: list[tuple[str, int]]) -> None:
    envelopes = [an_envelope(name, 10_000) for name in ("", "a", "b")]
    spendings = [a_spending(category, cents) for category, cents in amounts]
    everything, *rest = states(envelopes, spendings, month="2026-03")
    loose = sum(cents for category, cents in amounts if category == "")
    assert everything.spent_cents == loose + sum(one.spent_cents for one in rest)
