from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.list_changes import (
    ListChange,
    ListTopic,
    news,
    require_version,
    settle,
    undone,
)
from manciple.grocery.domain.list_edits import clear_checked, mark, remove, reorder
from manciple.grocery.domain.lists import (
    GroceryList,
    ItemStatus,
    archive,
    delete,
    describe,
    restore,
)
from manciple.kit.errors import Conflict
from tests.list_builders import NOON, a_list, filled, wanted

Edit = Callable[[GroceryList], GroceryList]


def changed(before: GroceryList, after: GroceryList) -> ListChange:
    change = settle(before, after, at=NOON)
    assert change is not None
    return change


def topics(before: GroceryList, after: GroceryList) -> list[ListTopic]:
    return [event.topic for event in news(before, changed(before, after), by="local")]


def three() -> GroceryList:
    return filled(a_list(), wanted("milk"), wanted("eggs"), wanted("rice"))[0]


def test_a_change_counts_the_version_up_and_no_change_does_not() -> None:
    assert changed(a_list(), three()).list.version == 1
    assert settle(three(), three(), at=NOON) is None


def test_a_stale_version_is_a_conflict_and_none_is_not_asked() -> None:
    require_version(three(), None)
    require_version(three(), 0)
    with pytest.raises(Conflict):
        require_version(three(), 7)


def test_only_touched_lines_are_written() -> None:
    change = changed(three(), mark(three(), ["item_2"], ItemStatus.CHECKED, at=NOON).list)
    assert [item.item_id for item in change.written] == ["item_2"]
    assert change.removed == ()


def test_news_name_what_happened_to_each_line() -> None:
    found = three()
    checked = mark(found, ["item_2"], ItemStatus.CHECKED, at=NOON).list
    assert topics(found, checked) == [ListTopic.ITEM_CHECKED]
    assert topics(checked, found) == [ListTopic.ITEM_UNCHECKED]
    assert topics(found, remove(found, ["item_1"]).list) == [ListTopic.ITEM_REMOVED]
    assert topics(found, reorder(found, ["item_3"]).list) == [ListTopic.REORDERED]
    assert topics(found, filled(found, wanted("milk"))[0]) == [ListTopic.ITEM_UPDATED]
    assert topics(a_list(), found) == [ListTopic.ITEM_ADDED] * 3


def test_news_name_what_happened_to_the_list() -> None:
    found = three()
    assert topics(found, archive(found)) == [ListTopic.ARCHIVED]
    assert topics(archive(found), restore(found)) == [ListTopic.RESTORED]
    assert topics(found, delete(found)) == [ListTopic.DELETED]
    assert topics(found, describe(found, name="Else")) == [ListTopic.RENAMED]
    assert news(None, changed(a_list(), found), by="local")[0].topic is ListTopic.CREATED


ITEM_IDS = st.lists(st.sampled_from(["item_1", "item_2", "item_3", "x_4"]), unique=True)
NEW = st.lists(st.builds(wanted, st.sampled_from(["milk", "rice"]), unit=st.sampled_from(["lb"])))
EDITS: st.SearchStrategy[Edit] = st.one_of(
    ITEM_IDS.map(lambda some: lambda one: remove(one, some).list),
    ITEM_IDS.map(lambda some: lambda one: mark(one, some, ItemStatus.CHECKED, at=NOON).list),
    ITEM_IDS.map(lambda some: lambda one: mark(one, some, ItemStatus.PENDING, at=NOON).list),
    ITEM_IDS.map(lambda some: lambda one: reorder(one, some).list),
    NEW.map(lambda items: lambda one: filled(one, *items)[0]),
    st.sampled_from(["A", "B"]).map(lambda name: lambda one: describe(one, name=name)),
    st.just(lambda one: clear_checked(one).list),
)


def content(found: GroceryList) -> GroceryList:
    return msgspec.structs.replace(found, version=0, updated_at=NOON)


@given(st.lists(EDITS, max_size=12))
def test_undoing_every_change_brings_back_the_beginning(edits: list[Edit]) -> None:
    states, patches = [three()], []
    for edit in edits:
        change = settle(states[-1], edit(states[-1]), at=NOON)
        if change is not None:
            states.append(change.list)
            patches.append(change.patch)
    found = states[-1]
    for patch, earlier in zip(reversed(patches), reversed(states[:-1]), strict=True):
        found = changed(found, undone(found, patch)).list
        assert content(found) == content(earlier)
    assert found.version == 2 * len(patches)
