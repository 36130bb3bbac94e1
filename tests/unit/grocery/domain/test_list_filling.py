from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.list_edits import mark
from manciple.grocery.domain.list_filling import Added, Reason, WantedItem
from manciple.grocery.domain.lists import (
    MAX_ITEMS,
    MAX_NOTES_CHARS,
    MAX_QUANTITY_THOUSANDTHS,
    MAX_TEXT_CHARS,
    ItemStatus,
    archive,
)
from manciple.kit.errors import Refused
from tests.list_builders import NOON, a_list, filled, wanted


def test_a_new_product_becomes_a_line_with_its_name() -> None:
    found, (outcome,) = filled(a_list(), wanted("milk", "2"))
    assert outcome.status is Added.ADDED
    assert (found.items[0].text, found.items[0].quantity_thousandths) == ("Great milk", 2_000)


def test_the_same_product_and_unit_merge_into_one_line() -> None:
    found, outcomes = filled(a_list(), wanted("milk", "1.5"), wanted("milk", "0.25"))
    assert [one.status for one in outcomes] == [Added.ADDED, Added.MERGED]
    assert [item.quantity_thousandths for item in found.items] == [1_750]


def test_another_unit_makes_another_line() -> None:
    found, _ = filled(
        a_list(), wanted("milk"), wanted("milk", unit="gal"), wanted("milk", unit="GAL")
    )
    assert [(item.unit, item.quantity_thousandths) for item in found.items] == [
        (None, 1_000),
        ("gal", 2_000),
    ]


def test_words_without_a_product_are_a_line_and_merge_whatever_their_case() -> None:
    found, outcomes = filled(
        a_list(), wanted(None, text="Candles  red"), wanted(None, text="candles red")
    )
    assert outcomes[1].status is Added.MERGED
    assert [item.text for item in found.items] == ["Candles red"]


def test_what_is_checked_off_is_not_merged_into() -> None:
    found, (outcome,) = filled(a_list(), wanted("milk"))
    assert outcome.item is not None
    checked = mark(found, [outcome.item.item_id], ItemStatus.CHECKED, at=NOON).list
    again, (second,) = filled(checked, wanted("milk"))
    assert second.status is Added.ADDED
    assert [item.status for item in again.items] == [ItemStatus.CHECKED, ItemStatus.PENDING]


def test_differing_notes_stand_side_by_side_and_equal_ones_once() -> None:
    found, _ = filled(
        a_list(),
        wanted("milk", notes="organic"),
        wanted("milk"),
        wanted("milk", notes="organic"),
        wanted("milk", notes="cold"),
    )
    assert found.items[0].notes == "organic; cold"


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (wanted("nowhere"), Reason.UNKNOWN_PRODUCT),
        (wanted(None), Reason.NOTHING_NAMED),
        (wanted(None, text=" \t"), Reason.NOTHING_NAMED),
        (wanted("milk", "0"), Reason.BAD_QUANTITY),
        (wanted("milk", "-1"), Reason.BAD_QUANTITY),
        (wanted("milk", "0.0001"), Reason.BAD_QUANTITY),
        (wanted("milk", "NaN"), Reason.BAD_QUANTITY),
        (wanted("milk", "sNaN"), Reason.BAD_QUANTITY),
        (wanted("milk", "Infinity"), Reason.BAD_QUANTITY),
        (wanted("milk", "1e999999"), Reason.TOO_MUCH),
        (wanted("milk", "1e-999999"), Reason.BAD_QUANTITY),
        (wanted("milk", "10000"), Reason.TOO_MUCH),
        (wanted("milk", notes="n" * (MAX_NOTES_CHARS + 1)), Reason.TOO_LONG),
        (wanted("milk", unit="u" * 21), Reason.TOO_LONG),
        (wanted(None, text="t" * (MAX_TEXT_CHARS + 1)), Reason.TOO_LONG),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(item: WantedItem, reason: Reason) -> None:
    found, (outcome,) = filled(a_list(), item)
    assert (outcome.status, outcome.reason, outcome.item) == (Added.REFUSED, reason, None)
    assert outcome.problem
    assert found.items == ()


def test_a_refused_item_leaves_its_neighbors_alone() -> None:
    found, outcomes = filled(a_list(), wanted("milk"), wanted("nowhere"), wanted("rice"))
    assert [one.status for one in outcomes] == [Added.ADDED, Added.REFUSED, Added.ADDED]
    assert [item.product_id for item in found.items] == ["milk", "rice"]


def test_a_merge_beyond_the_largest_quantity_is_refused_and_changes_nothing() -> None:
    found, outcomes = filled(a_list(), wanted("milk", "9999"), wanted("milk", "0.001"))
    assert outcomes[1].reason is Reason.TOO_MUCH
    assert found.items[0].quantity_thousandths == MAX_QUANTITY_THOUSANDTHS


def test_a_full_list_refuses_new_lines_and_still_merges() -> None:
    many = [wanted(None, text=f"thing {n}") for n in range(MAX_ITEMS)]
    found, outcomes = filled(
        a_list(), *many, wanted(None, text="more"), wanted(None, text="thing 7")
    )
    assert len(found.items) == MAX_ITEMS
    assert (outcomes[-2].reason, outcomes[-1].status) == (Reason.LIST_FULL, Added.MERGED)


def test_an_archived_list_takes_nothing() -> None:
    with pytest.raises(Refused):
        filled(archive(a_list()), wanted("milk"))


WANTED = st.builds(
    WantedItem,
    product_id=st.sampled_from(["milk", "eggs", "nowhere", None]),
    text=st.one_of(st.none(), st.text(max_size=8)),
    quantity=st.decimals(min_value=-1, max_value=20, places=4),
    unit=st.sampled_from([None, "lb", "LB"]),
    notes=st.one_of(st.none(), st.text(max_size=4)),
)


@given(st.lists(WANTED, max_size=30))
def test_nothing_is_lost_silently(items: list[WantedItem]) -> None:
    found, outcomes = filled(a_list(), *items)
    assert len(outcomes) == len(items)
    taken = [
        item.quantity
        for item, outcome in zip(items, outcomes, strict=True)
        if outcome.status is not Added.REFUSED
    ]
    on_the_list = sum(item.quantity_thousandths for item in found.items)
    assert sum(taken, Decimal(0)) * 1000 == on_the_list
    assert all(outcome.problem for outcome in outcomes if outcome.status is Added.REFUSED)


@given(st.lists(WANTED, max_size=30))
def test_lines_are_in_order_and_differ_in_product_or_words_or_unit(items: list[WantedItem]) -> None:
    found, _ = filled(a_list(), *items)
    positions = [item.position for item in found.items]
    assert positions == sorted(set(positions))
    keys = [(item.product_id or item.text.casefold(), item.unit) for item in found.items]
    assert len(keys) == len(set(keys))
