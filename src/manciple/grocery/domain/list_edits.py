"""Edits of the lines of a list: change, remove, check off, order, copy."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from manciple.grocery.domain.list_filling import Unfit, clean_notes, clean_unit, thousandths
from manciple.grocery.domain.lists import (
    MAX_NAME_CHARS,
    MAX_SUBSTITUTES,
    MAX_TEXT_CHARS,
    GroceryList,
    ItemStatus,
    ListItem,
    checked_name,
    checked_text,
)
from manciple.kit.errors import InvalidInput, NotFound, Problem


class ItemEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a line; None leaves a field, "" empties `unit` or `notes`."""

    quantity: Decimal | None = None
    unit: str | None = None
    notes: str | None = None
    text: str | None = None
    status: ItemStatus | None = None
    substitution_allowed: bool | None = None
    substitutes: tuple[str, ...] | None = None


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """The list after an edit of many lines; `missing` are ids that no line has."""

    list: GroceryList
    done: tuple[str, ...]
    missing: tuple[str, ...]


def edit_item(found: GroceryList, item_id: str, *, edit: ItemEdit, at: datetime) -> GroceryList:
    """The list with one line changed.

    Raises:
        NotFound: no line has this id.
        InvalidInput: a value does not fit.
        Refused: the list is not active.
    """
    found.require_active()
    if all(item.item_id != item_id for item in found.items):
        raise NotFound("list item", item_id)
    return _replace(found, {item_id}, lambda item: _edited(item, edit, at))


def remove(found: GroceryList, item_ids: Sequence[str]) -> Touched:
    """The list without these lines.

    Raises:
        Refused: the list is not active.
    """
    found.require_active()
    gone = frozenset(item_ids)
    kept = tuple(item for item in found.items if item.item_id not in gone)
    return _touched(found, msgspec.structs.replace(found, items=kept), item_ids)


def mark(
    found: GroceryList, item_ids: Sequence[str], status: ItemStatus, *, at: datetime
) -> Touched:
    """The list with these lines checked, unavailable or pending again.

    Raises:
        Refused: the list is not active.
    """
    found.require_active()
    marked = _replace(found, frozenset(item_ids), lambda item: item.marked(status, at))
    return _touched(found, marked, item_ids)


def reorder(found: GroceryList, item_ids: Sequence[str]) -> Touched:
    """The list with these lines first, in this order; all others follow as they stood.

    Raises:
        InvalidInput: a line is named twice.
        Refused: the list is not active.
    """
    found.require_active()
    if len(set(item_ids)) != len(item_ids):
        raise InvalidInput.at("itemIds", "names a line twice")
    by_id = {item.item_id: item for item in found.items}
    first = [by_id[one] for one in item_ids if one in by_id]
    rest = [item for item in found.items if item.item_id not in set(item_ids)]
    ordered = [*first, *rest]
    if ordered == list(found.items):
        return _touched(found, found, item_ids)
    items = tuple(
        msgspec.structs.replace(item, position=position) for position, item in enumerate(ordered)
    )
    return _touched(found, msgspec.structs.replace(found, items=items), item_ids)


def clear_checked(found: GroceryList) -> Touched:
    """The list without what is checked off.

    Raises:
        Refused: the list is not active.
    """
    checked = [item.item_id for item in found.items if item.status is ItemStatus.CHECKED]
    return remove(found, checked)


def duplicate(
    found: GroceryList,
    list_id: str,
    *,
    user_id: str,
    name: str | None,
    new_id: Callable[[], str],
    at: datetime,
) -> GroceryList:
    """A new list of `user_id`, shared with nobody, with the same lines, all of them pending.

    Raises:
        InvalidInput: the name is empty or too long.
    """
    suffix = " (copy)"
    fallback = found.name[: MAX_NAME_CHARS - len(suffix)] + suffix
    items = tuple(
        msgspec.structs.replace(
            item.marked(ItemStatus.PENDING, at), item_id=new_id(), position=position, added_at=at
        )
        for position, item in enumerate(found.items)
    )
    return GroceryList(
        list_id=list_id,
        user_id=user_id,
        name=fallback if name is None else checked_name(name),
        description=found.description,
        items=items,
        created_at=at,
        updated_at=at,
    )


def _edited(item: ListItem, edit: ItemEdit, at: datetime) -> ListItem:
    changes: dict[str, object] = {}
    try:
        if edit.quantity is not None:
            changes["quantity_thousandths"] = thousandths(edit.quantity)
        if edit.unit is not None:
            changes["unit"] = clean_unit(edit.unit)
        if edit.notes is not None:
            changes["notes"] = clean_notes(edit.notes)
    except Unfit as unfit:
        raise InvalidInput(Problem((), unfit.problem)) from unfit
    if edit.text is not None:
        changes["text"] = _line_text(edit.text)
    if edit.substitution_allowed is not None:
        changes["substitution_allowed"] = edit.substitution_allowed
    if edit.substitutes is not None:
        if len(edit.substitutes) > MAX_SUBSTITUTES:
            raise InvalidInput.at("substitutes", f"must name at most {MAX_SUBSTITUTES}")
        changes["substitutes"] = edit.substitutes
    return msgspec.structs.replace(item, **changes).marked(edit.status or item.status, at)


def _line_text(text: str) -> str:
    clean = checked_text("text", text, MAX_TEXT_CHARS)
    if clean is None:
        raise InvalidInput.at("text", "must not be empty")
    return clean


def _replace(
    found: GroceryList, item_ids: Collection[str], change: Callable[[ListItem], ListItem]
) -> GroceryList:
    items = tuple(change(item) if item.item_id in item_ids else item for item in found.items)
    return msgspec.structs.replace(found, items=items)


def _touched(before: GroceryList, after: GroceryList, item_ids: Sequence[str]) -> Touched:
    known = {item.item_id for item in before.items}
    named = tuple(dict.fromkeys(item_ids))
    return Touched(
        list=after,
        done=tuple(one for one in named if one in known),
        missing=tuple(one for one in named if one not in known),
    )
