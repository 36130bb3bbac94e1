from decimal import Decimal

import pytest

from manciple.grocery.domain.list_edits import (
    ItemEdit,
    clear_checked,
    duplicate,
    edit_item,
    mark,
    remove,
    reorder,
)
from manciple.grocery.domain.lists import MAX_NAME_CHARS, GroceryList, ItemStatus, archive
from manciple.kit.errors import InvalidInput, NotFound, Refused
from tests.list_builders import NOON, a_list, filled, ids, wanted


def three() -> GroceryList:
    return filled(a_list(), wanted("milk"), wanted("eggs", "12", unit="ct"), wanted("rice"))[0]


def names(found: GroceryList) -> list[str]:
    return [item.item_id for item in found.items]


def test_an_edit_changes_what_it_names_and_leaves_the_rest() -> None:
    edited = edit_item(
        three(), "item_2", edit=ItemEdit(quantity=Decimal("2.5"), notes="brown"), at=NOON
    )
    item = edited.items[1]
    assert (item.quantity_thousandths, item.unit, item.notes) == (2_500, "ct", "brown")
    assert edited.items[0] == three().items[0]


def test_an_empty_text_in_an_edit_empties_unit_and_notes() -> None:
    edited = edit_item(three(), "item_2", edit=ItemEdit(unit="", notes=""), at=NOON)
    assert (edited.items[1].unit, edited.items[1].notes) == (None, None)


@pytest.mark.parametrize("edit", [ItemEdit(quantity=Decimal(0)), ItemEdit(text=" ")])
def test_an_edit_that_does_not_fit_is_invalid(edit: ItemEdit) -> None:
    with pytest.raises(InvalidInput):
        edit_item(three(), "item_1", edit=edit, at=NOON)


def test_an_edit_of_no_line_is_not_found() -> None:
    with pytest.raises(NotFound):
        edit_item(three(), "item_9", edit=ItemEdit(), at=NOON)


def test_removing_says_which_lines_were_not_there() -> None:
    touched = remove(three(), ["item_3", "item_9", "item_3"])
    assert (names(touched.list), touched.done, touched.missing) == (
        ["item_1", "item_2"],
        ("item_3",),
        ("item_9",),
    )


def test_checked_lines_can_be_cleared() -> None:
    checked = mark(three(), ["item_1", "item_3"], ItemStatus.CHECKED, at=NOON).list
    assert names(clear_checked(checked).list) == ["item_2"]


def test_named_lines_come_first_and_the_others_keep_their_order() -> None:
    touched = reorder(three(), ["item_3", "item_8"])
    assert names(touched.list) == ["item_3", "item_1", "item_2"]
    assert touched.missing == ("item_8",)
    assert [item.position for item in touched.list.items] == [0, 1, 2]


def test_a_line_cannot_be_named_twice_in_an_order() -> None:
    with pytest.raises(InvalidInput):
        reorder(three(), ["item_1", "item_1"])


def test_a_copy_has_all_lines_pending_under_new_ids() -> None:
    checked = mark(three(), ["item_1"], ItemStatus.CHECKED, at=NOON).list
    copy = duplicate(checked, "list_2", user_id="ann", name=None, new_id=ids("new"), at=NOON)
    assert (copy.name, copy.version, copy.user_id) == ("Weekly (copy)", 0, "ann")
    assert names(copy) == ["new_1", "new_2", "new_3"]
    assert {item.status for item in copy.items} == {ItemStatus.PENDING}


def test_a_copy_of_the_longest_name_still_fits() -> None:
    long = a_list(name="n" * MAX_NAME_CHARS)
    copy = duplicate(long, "list_2", user_id="ann", name=None, new_id=ids(), at=NOON)
    assert len(copy.name) == MAX_NAME_CHARS
    assert copy.name.endswith("(copy)")


def test_an_archived_list_is_not_edited() -> None:
    found = archive(three())
    for edit in (
        lambda: remove(found, ["item_1"]),
        lambda: mark(found, ["item_1"], ItemStatus.CHECKED, at=NOON),
        lambda: reorder(found, ["item_2"]),
        lambda: edit_item(found, "item_1", edit=ItemEdit(), at=NOON),
    ):
        with pytest.raises(Refused):
            edit()
