"""The lines of a list: add many at once, change, check off, order, clear."""

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from manciple.grocery.actions.lists import SeenList, change
from manciple.grocery.domain.list_edits import (
    ItemEdit,
    Touched,
    clear_checked,
    edit_item,
    mark,
    remove,
    reorder,
)
from manciple.grocery.domain.list_filling import Outcome, WantedItem, fill
from manciple.grocery.domain.lists import GroceryList, ItemStatus
from manciple.grocery.domain.sharing import Access
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput
from manciple.kit.ids import new_id

ITEM_PREFIX = "item"


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each wanted item, in the order in which they were wanted."""

    outcomes: tuple[Outcome, ...]
    seen: SeenList


class TouchedList(msgspec.Struct, frozen=True, kw_only=True):
    """The list after an edit of many lines: those it was done to, and ids that no line has."""

    done: tuple[str, ...]
    missing: tuple[str, ...]
    seen: SeenList


class FillList:
    """What a person does with the lines of a list; `owner` is always the signed-in person.

    Each verb takes the list's `version` as the caller last saw it; None works on whatever is
    there. All raise NotFound (no such list), NotAllowed (a guest of the household that shares
    it), Conflict (another version) and Refused (the list is archived).
    """

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def add(
        self, owner: str, list_id: str, *, wanted: Sequence[WantedItem], version: int | None = None
    ) -> Filled:
        """Everything wanted, added or merged or refused; the whole call is one transaction.

        Raises:
            NotFound: the owner has no such list.
            Conflict: the list is not at `version`.
            Refused: the list is archived.
        """
        outcomes: tuple[Outcome, ...] = ()

        def work(tx: Transaction) -> Filled:
            products = tx.products.by_ids(_product_ids(wanted))
            preferences = tx.preferences.of(owner)

            def edit(found: GroceryList) -> GroceryList:
                nonlocal outcomes
                filled, outcomes = fill(
                    found,
                    wanted,
                    products=products,
                    prefers_substitutes=preferences.substitution_allowed,
                    new_id=self._new_item_id,
                    at=tx.now,
                )
                return filled

            found = tx.lists.by_id(list_id, who=owner, needs=Access.WRITE)
            seen = change(tx, found, by=owner, kind="items_added", edit=edit, version=version)
            return Filled(outcomes=_as_they_are_now(outcomes, seen), seen=seen)

        return await self._stores.write(work)

    async def edit(
        self, owner: str, list_id: str, *, item_id: str, edit: ItemEdit, version: int | None = None
    ) -> SeenList:
        """The list with one line changed.

        Raises:
            NotFound: there is no such list or line.
            Conflict: the list is not at `version`.
            InvalidInput: a value does not fit.
            Refused: the list is archived.
        """

        def work(tx: Transaction) -> SeenList:
            known = tx.products.by_ids(edit.substitutes or ())
            for product_id in edit.substitutes or ():
                if product_id not in known:
                    raise InvalidInput.at("substitutes", f"there is no product {product_id!r}")
            apply = partial(edit_item, item_id=item_id, edit=edit, at=tx.now)
            found = tx.lists.by_id(list_id, who=owner, needs=Access.WRITE)
            return change(tx, found, by=owner, kind="item_edited", edit=apply, version=version)

        return await self._stores.write(work)

    async def remove(
        self, owner: str, list_id: str, *, item_ids: Sequence[str], version: int | None = None
    ) -> TouchedList:
        """The list without these lines."""
        touch = partial(remove, item_ids=item_ids)
        return await self._touch(owner, list_id, kind="items_removed", touch=touch, version=version)

    async def mark(
        self,
        owner: str,
        list_id: str,
        *,
        item_ids: Sequence[str],
        status: ItemStatus,
        version: int | None = None,
    ) -> TouchedList:
        """The list with these lines in another status."""
        at = self._clock.now()
        touch = partial(mark, item_ids=item_ids, status=status, at=at)
        kind = f"items_{status}"
        return await self._touch(owner, list_id, kind=kind, touch=touch, version=version)

    async def reorder(
        self, owner: str, list_id: str, *, item_ids: Sequence[str], version: int | None = None
    ) -> TouchedList:
        """The list with these lines first, in this order.

        Raises:
            InvalidInput: a line is named twice.
        """
        touch = partial(reorder, item_ids=item_ids)
        return await self._touch(owner, list_id, kind="reordered", touch=touch, version=version)

    async def clear_checked(
        self, owner: str, list_id: str, *, version: int | None = None
    ) -> TouchedList:
        """The list without what is checked off."""
        return await self._touch(
            owner, list_id, kind="checked_cleared", touch=clear_checked, version=version
        )

    async def _touch(
        self,
        owner: str,
        list_id: str,
        *,
        kind: str,
        touch: Callable[[GroceryList], Touched],
        version: int | None,
    ) -> TouchedList:
        def work(tx: Transaction) -> TouchedList:
            found = tx.lists.by_id(list_id, who=owner, needs=Access.WRITE)
            touched = touch(found)
            seen = change(
                tx, found, by=owner, kind=kind, edit=lambda _: touched.list, version=version
            )
            return TouchedList(done=touched.done, missing=touched.missing, seen=seen)

        return await self._stores.write(work)

    def _new_item_id(self) -> str:
        return new_id(ITEM_PREFIX, self._clock)


def _product_ids(wanted: Sequence[WantedItem]) -> set[str]:
    named = {item.product_id for item in wanted if item.product_id is not None}
    return named | {one for item in wanted for one in item.substitutes}


def _as_they_are_now(outcomes: Sequence[Outcome], seen: SeenList) -> tuple[Outcome, ...]:
    """The outcomes with each line as all of them left it, merges of later ones included."""
    items = {item.item_id: item for item in seen.list.items}
    return tuple(
        msgspec.structs.replace(one, item=items[one.item.item_id]) if one.item else one
        for one in outcomes
    )
