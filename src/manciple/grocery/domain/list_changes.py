"""What an edit changed of a list: the patch that undoes it, and the news that it makes."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec

from manciple.grocery.domain.lists import GroceryList, ItemStatus, ListItem, ListStatus
from manciple.kit.errors import Conflict

# Undo reaches this far back; a patch is mostly one or two lines, the whole list at worst.
MAX_UNDO = 50


class ListTopic(StrEnum):
    """What can happen to a list, by the name that subscribers know."""

    CREATED = "list.created"
    RENAMED = "list.renamed"
    ARCHIVED = "list.archived"
    RESTORED = "list.restored"
    DELETED = "list.deleted"
    ITEM_ADDED = "list.item_added"
    ITEM_UPDATED = "list.item_updated"
    ITEM_CHECKED = "list.item_checked"
    ITEM_UNCHECKED = "list.item_unchecked"
    ITEM_REMOVED = "list.item_removed"
    REORDERED = "list.reordered"
    SHARED = "list.shared"


class ListPatch(msgspec.Struct, frozen=True, kw_only=True):
    """What must be put back to undo a change.

    `items` are lines as they were before they were changed or removed; `created` are the ids of
    lines that were not there.
    """

    name: str
    description: str | None
    status: ListStatus
    items: tuple[ListItem, ...] = ()
    created: tuple[str, ...] = ()


class ListChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a list: `list` as it is now, what differs, and how to undo it."""

    list: GroceryList
    written: tuple[ListItem, ...]
    removed: tuple[str, ...]
    patch: ListPatch


class ListEvent(msgspec.Struct, frozen=True, kw_only=True):
    """News of a list; `item` is the line it is about, where it is about one.

    The list is `user_id`'s and shared by `household_id`, if any; `changed_by` did it.
    """

    topic: ListTopic
    list_id: str
    user_id: str
    household_id: str | None = None
    changed_by: str
    version: int
    item: ListItem | None = None


def require_version(found: GroceryList, version: int | None) -> None:
    """Returns if the caller saw the list as it is; None says that it does not matter.

    Raises:
        Conflict: the list changed since.
    """
    if version is not None and version != found.version:
        raise Conflict("The list", found=f"version {found.version}, not {version}")


def settle(before: GroceryList, after: GroceryList, *, at: datetime) -> ListChange | None:
    """The change from one to the other with the version counted up; None if they are equal."""
    was = {item.item_id: item for item in before.items}
    now = {item.item_id: item for item in after.items}
    written = tuple(item for item in after.items if was.get(item.item_id) != item)
    removed = tuple(item_id for item_id in was if item_id not in now)
    if not written and not removed and _head(before) == _head(after):
        return None
    replaced = [was[item.item_id] for item in written if item.item_id in was]
    patch = ListPatch(
        name=before.name,
        description=before.description,
        status=before.status,
        items=(*replaced, *(was[item_id] for item_id in removed)),
        created=tuple(item.item_id for item in written if item.item_id not in was),
    )
    settled = msgspec.structs.replace(after, version=before.version + 1, updated_at=at)
    return ListChange(list=settled, written=written, removed=removed, patch=patch)


def undone(found: GroceryList, patch: ListPatch) -> GroceryList:
    """The list as it was before the change that `patch` belongs to; that must be the last one."""
    items = {item.item_id: item for item in found.items if item.item_id not in patch.created}
    items.update({item.item_id: item for item in patch.items})
    return msgspec.structs.replace(
        found,
        name=patch.name,
        description=patch.description,
        status=patch.status,
        items=tuple(sorted(items.values(), key=lambda item: item.position)),
    )


def news(before: GroceryList | None, change: ListChange, *, by: str) -> tuple[ListEvent, ...]:
    """What subscribers should hear of a change; `before` is None for a new list."""
    found = change.list
    return tuple(
        ListEvent(
            topic=topic,
            list_id=found.list_id,
            user_id=found.user_id,
            household_id=found.household_id,
            changed_by=by,
            version=found.version,
            item=item,
        )
        for topic, item in (*_news_of_the_list(before, found), *_news_of_items(before, change))
    )


def _news_of_the_list(
    before: GroceryList | None, after: GroceryList
) -> Iterator[tuple[ListTopic, None]]:
    if before is None:
        yield ListTopic.CREATED, None
        return
    if (before.name, before.description) != (after.name, after.description):
        yield ListTopic.RENAMED, None
    if before.status is not after.status:
        yield _STATUS_TOPICS[after.status], None
    if _order(before, after) != _order(after, before):
        yield ListTopic.REORDERED, None


def _news_of_items(
    before: GroceryList | None, change: ListChange
) -> Iterator[tuple[ListTopic, ListItem]]:
    was = {item.item_id: item for item in before.items} if before is not None else {}
    for item in change.written:
        topic = _topic(was.get(item.item_id), item)
        if topic is not None:
            yield topic, item
    for item_id in change.removed:
        yield ListTopic.ITEM_REMOVED, was[item_id]


def _topic(before: ListItem | None, after: ListItem) -> ListTopic | None:
    """The news of one written line; None where only its place in the order moved."""
    if before is None:
        return ListTopic.ITEM_ADDED
    if before.status is not after.status and after.status is ItemStatus.CHECKED:
        return ListTopic.ITEM_CHECKED
    if before.status is ItemStatus.CHECKED and after.status is ItemStatus.PENDING:
        return ListTopic.ITEM_UNCHECKED
    if msgspec.structs.replace(before, position=after.position) == after:
        return None
    return ListTopic.ITEM_UPDATED


def _order(one: GroceryList, other: GroceryList) -> list[str]:
    """The order in `one` of the lines that both have."""
    shared = {item.item_id for item in other.items}
    return [item.item_id for item in one.items if item.item_id in shared]


def _head(found: GroceryList) -> tuple[str, str | None, ListStatus]:
    return (found.name, found.description, found.status)


_STATUS_TOPICS = {
    ListStatus.ACTIVE: ListTopic.RESTORED,
    ListStatus.ARCHIVED: ListTopic.ARCHIVED,
    ListStatus.DELETED: ListTopic.DELETED,
}
