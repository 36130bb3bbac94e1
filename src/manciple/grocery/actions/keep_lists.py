"""Lists as wholes: make, see, describe, put away, delete, copy, undo."""

from collections.abc import Callable, Iterable
from functools import partial

import msgspec

from manciple.grocery.actions.lists import (
    Edit,
    SeenList,
    begin,
    change,
    keep,
    require_room,
    see,
    see_all,
)
from manciple.grocery.domain.list_changes import require_version, settle, undone
from manciple.grocery.domain.list_edits import duplicate
from manciple.grocery.domain.lists import (
    GroceryList,
    ListStatus,
    archive,
    delete,
    describe,
    restore,
    start,
)
from manciple.grocery.domain.sharing import Access
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Refused
from manciple.kit.ids import new_id

LIST_PREFIX = "list"
ITEM_PREFIX = "item"


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some lists; `next` is the last one's id where there are more."""

    lists: tuple[SeenList, ...]
    next: str | None


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """The list after an undo; `kind` says what was undone."""

    kind: str
    seen: SeenList


class KeepLists:
    """What a person does with their lists; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def create(self, owner: str, *, name: str, description: str | None = None) -> SeenList:
        """A new, empty list.

        Raises:
            InvalidInput: the name is empty, or a text is too long.
            Refused: the owner has too many lists.
        """
        list_id = new_id(LIST_PREFIX, self._clock)

        def work(tx: Transaction) -> SeenList:
            new = start(list_id, name, user_id=owner, description=description, at=tx.now)
            return begin(tx, new)

        return await self._stores.write(work)

    async def see(self, owner: str, list_id: str) -> SeenList:
        """One list with today's prices.

        Raises:
            NotFound: the owner has no such list.
        """
        return await self._stores.read(lambda tx: see(tx, tx.lists.by_id(list_id, who=owner)))

    async def page(
        self, owner: str, *, statuses: Iterable[ListStatus], after: str | None, limit: int
    ) -> ListPage:
        """Up to `limit` lists, newest first, made before the list `after`."""
        wanted = tuple(statuses)

        def work(tx: Transaction) -> ListPage:
            found = tx.lists.page(owner, statuses=wanted, after=after, limit=limit + 1)
            shown = found[:limit]
            more = shown[-1].list_id if len(found) > limit else None
            return ListPage(lists=tuple(see_all(tx, shown)), next=more)

        return await self._stores.read(work)

    async def describe(
        self,
        owner: str,
        list_id: str,
        *,
        name: str | None,
        description: str | None,
        version: int | None,
    ) -> SeenList:
        """The list under another name or description.

        Raises:
            NotFound: the owner has no such list.
            Conflict: the list is not at `version`.
            InvalidInput: a text does not fit.
            Refused: the list is not active.
        """
        edit = partial(describe, name=name, description=description)
        return await self._change(owner, list_id, kind="described", edit=edit, version=version)

    async def archive(self, owner: str, list_id: str, *, version: int | None) -> SeenList:
        """The list put away.

        Raises:
            NotFound: the owner has no such list.
            Conflict: the list is not at `version`.
        """
        return await self._change(owner, list_id, kind="archived", edit=archive, version=version)

    async def delete(self, owner: str, list_id: str, *, version: int | None) -> SeenList:
        """The list out of sight; `restore` and `undo` bring it back.

        Raises:
            NotFound: the owner has no such list.
            NotAllowed: it is neither theirs nor shared by a household that they own.
            Conflict: the list is not at `version`.
        """
        return await self._change(
            owner, list_id, kind="deleted", edit=delete, version=version, needs=Access.OWN
        )

    async def restore(self, owner: str, list_id: str, *, version: int | None) -> SeenList:
        """The list in use again, archived or deleted as it was.

        Raises:
            NotFound: the owner never had such a list.
            Conflict: the list is not at `version`.
            Refused: it was deleted and the owner has too many lists by now.
        """

        def work(tx: Transaction) -> SeenList:
            found = _even_deleted(tx, list_id, who=owner)
            if found.status is ListStatus.DELETED:
                require_room(tx, found.user_id)
            return change(tx, found, by=owner, kind="restored", edit=restore, version=version)

        return await self._stores.write(work)

    async def duplicate(self, owner: str, list_id: str, *, name: str | None) -> SeenList:
        """A new list with the same lines, all pending.

        Raises:
            NotFound: the owner has no such list.
            InvalidInput: the name does not fit.
            Refused: the owner has too many lists.
        """
        copy_id = new_id(LIST_PREFIX, self._clock)
        item_id = self._new_item_id()

        def work(tx: Transaction) -> SeenList:
            found = tx.lists.by_id(list_id, who=owner)
            copy = duplicate(found, copy_id, user_id=owner, name=name, new_id=item_id, at=tx.now)
            return begin(tx, copy)

        return await self._stores.write(work)

    async def undo(self, owner: str, list_id: str, *, version: int | None) -> Undone:
        """The list without its last change; may be repeated, up to a bound.

        Raises:
            NotFound: the owner never had such a list.
            Conflict: the list is not at `version`.
            Refused: there is nothing to undo.
        """

        def work(tx: Transaction) -> Undone:
            found = _even_deleted(tx, list_id, who=owner)
            require_version(found, version)
            last = tx.lists.take_last_change(list_id)
            if last is None:
                raise Refused("There is nothing to undo")
            kind, patch = last
            changed = settle(found, undone(found, patch), at=tx.now)
            seen = keep(tx, found, changed, by=owner) if changed else see(tx, found)
            return Undone(kind=kind, seen=seen)

        return await self._stores.write(work)

    async def _change(
        self,
        owner: str,
        list_id: str,
        *,
        kind: str,
        edit: Edit,
        version: int | None,
        needs: Access = Access.WRITE,
    ) -> SeenList:
        def work(tx: Transaction) -> SeenList:
            found = tx.lists.by_id(list_id, who=owner, needs=needs)
            return change(tx, found, by=owner, kind=kind, edit=edit, version=version)

        return await self._stores.write(work)

    def _new_item_id(self) -> Callable[[], str]:
        return partial(new_id, ITEM_PREFIX, self._clock)


def _even_deleted(tx: Transaction, list_id: str, *, who: str) -> GroceryList:
    """A list to be changed; one that is deleted only by whoever could have deleted it."""
    found = tx.lists.by_id(list_id, who=who, needs=Access.WRITE, deleted_too=True)
    if found.status is ListStatus.DELETED:
        return tx.lists.by_id(list_id, who=who, needs=Access.OWN, deleted_too=True)
    return found
