"""Lists and their lines as rows and back."""

from datetime import datetime
from typing import Any

import msgspec

from manciple.grocery.domain.lists import GroceryList, ItemStatus, ListItem, ListStatus
from manciple.grocery.domain.sharing import Access, access_to
from manciple.grocery.stores.schema_lists import grocery_items, grocery_lists

_h = grocery_lists.c
_i = grocery_items.c

# In the order in which `list_of` and `item_of` unpack them.
HEAD_COLUMNS = (
    _h.id,
    _h.user_id,
    _h.household_id,
    _h.list_name,
    _h.description,
    _h.status,
    _h.version,
    _h.created_at,
    _h.updated_at,
)
ITEM_COLUMNS = (
    _i.list_id,
    _i.id,
    _i.product_id,
    _i.name,
    _i.quantity_thousandths,
    _i.unit,
    _i.note,
    _i.status,
    _i.substitution_allowed,
    _i.substitutes,
    _i.position,
    _i.created_at,
    _i.checked_at,
)


def list_of(row: Any, items: tuple[ListItem, ...]) -> GroceryList:
    """The list in a row, with these lines.

    The row is of `HEAD_COLUMNS`, whether the one who asked made it, and else their role.
    """
    list_id, user_id, household_id, name, description, status, *rest = row
    version, created_at, updated_at, is_maker, role = rest
    return GroceryList(
        list_id=list_id,
        user_id=user_id,
        household_id=household_id,
        name=name,
        description=description,
        status=ListStatus(status),
        items=items,
        version=version,
        access=access_to(is_maker=bool(is_maker), role=role) or Access.READ,
        created_at=created_at,
        updated_at=updated_at,
    )


def item_of(row: Any) -> ListItem:
    """The line in a row of `ITEM_COLUMNS`."""
    (
        _list_id,
        item_id,
        product_id,
        text,
        quantity,
        unit,
        notes,
        status,
        substitution_allowed,
        substitutes,
        position,
        added_at,
        checked_at,
    ) = row
    return ListItem(
        item_id=item_id,
        product_id=product_id,
        text=text,
        quantity_thousandths=quantity,
        unit=unit,
        notes=notes,
        status=ItemStatus(status),
        substitution_allowed=substitution_allowed,
        substitutes=tuple(msgspec.json.decode(substitutes, type=list[str])),
        position=position,
        added_at=added_at,
        checked_at=checked_at,
    )


def head_row(found: GroceryList) -> dict[str, Any]:
    """The row that keeps a list, without its totals."""
    return {
        "id": found.list_id,
        "user_id": found.user_id,
        "household_id": found.household_id,
        "list_name": found.name,
        "description": found.description,
        "status": found.status.value,
        "version": found.version,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


def item_row(
    item: ListItem, list_id: str, *, cents: int | None, by: str, at: datetime
) -> dict[str, Any]:
    """The row that keeps a line; `cents` is what it was estimated at."""
    return {
        "id": item.item_id,
        "list_id": list_id,
        "product_id": item.product_id,
        "name": item.text,
        "quantity_thousandths": item.quantity_thousandths,
        "unit": item.unit,
        "estimated_price_cents": cents,
        "substitution_allowed": item.substitution_allowed,
        "substitutes": msgspec.json.encode(item.substitutes).decode(),
        "note": item.notes,
        "position": item.position,
        "status": item.status.value,
        "checked_at": item.checked_at,
        "added_by": by,
        "created_at": item.added_at,
        "updated_at": at,
    }
