"""Keeping grocery lists: the one place where a list is loaded, changed, priced and saved.

A change, its totals, the way to undo it and its news are one transaction.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from manciple.grocery.domain.events import list_news
from manciple.grocery.domain.list_changes import (
    ListChange,
    ListEvent,
    news,
    require_version,
    settle,
)
from manciple.grocery.domain.list_totals import Estimate, estimate
from manciple.grocery.domain.lists import MAX_LISTS, GroceryList
from manciple.grocery.domain.products import Product
from manciple.grocery.stores.stores import Transaction
from manciple.kit.errors import Refused

Edit = Callable[[GroceryList], GroceryList]


class SeenList(msgspec.Struct, frozen=True, kw_only=True):
    """A list with what it costs by the prices of this moment, and the products it names."""

    list: GroceryList
    estimate: Estimate
    products: Mapping[str, Product]


def see(tx: Transaction, found: GroceryList) -> SeenList:
    """The list as people see it."""
    return see_all(tx, (found,))[0]


def see_all(tx: Transaction, found: Sequence[GroceryList]) -> list[SeenList]:
    """The lists as people see them; one read for all their products."""
    ids = {item.product_id for one in found for item in one.items if item.product_id is not None}
    products = tx.products.by_ids(ids)
    return [
        SeenList(list=one, estimate=estimate(one.items, products), products=products)
        for one in found
    ]


def begin(tx: Transaction, new: GroceryList) -> SeenList:
    """Keeps a new list of the person who makes it.

    Raises:
        Refused: its owner has as many lists as one can have.
    """
    require_room(tx, new.user_id)
    tx.users.ensure(new.user_id, display_name=new.user_id)
    empty = msgspec.structs.replace(new, items=(), name="")
    change = settle(empty, new, at=tx.now)
    if change is None:
        raise AssertionError(new)
    seen = see(tx, change.list)
    tx.lists.add(change, seen.estimate)
    _tell(tx, news(None, change, by=new.user_id))
    return seen


def change(
    tx: Transaction,
    found: GroceryList,
    *,
    by: str,
    kind: str,
    edit: Edit,
    version: int | None = None,
) -> SeenList:
    """Keeps what `edit` makes of the list; nothing is written where that is the same.

    That `by` may change it was asked when it was found.

    Raises:
        Conflict: `version` is given and the list is at another.
    """
    require_version(found, version)
    changed = settle(found, edit(found), at=tx.now)
    if changed is None:
        return see(tx, found)
    seen = keep(tx, found, changed, by=by)
    tx.lists.remember(changed, kind, by=by)
    return seen


def keep(tx: Transaction, before: GroceryList, changed: ListChange, *, by: str) -> SeenList:
    """Writes a change with its totals and its news, but no way to undo it."""
    seen = see(tx, changed.list)
    tx.lists.save(changed, seen.estimate, by=by)
    _tell(tx, news(before, changed, by=by))
    return seen


def require_room(tx: Transaction, owner: str) -> None:
    """Returns if the owner may have one more list.

    Raises:
        Refused: there are `MAX_LISTS` already.
    """
    if tx.lists.count(owner) >= MAX_LISTS:
        raise Refused(f"You have {MAX_LISTS} lists; delete one before adding another")


def _tell(tx: Transaction, events: Sequence[ListEvent]) -> None:
    for event in events:
        tx.outbox.add(
            event.topic,
            list_news(event),
            key=event.list_id,
            household_id=event.household_id,
            owner_id=event.user_id,
        )
