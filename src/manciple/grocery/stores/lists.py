"""Grocery lists, remembered: whole lists are read, and only what a change touched is written.

Everything here asks who wants it: a list that is neither theirs nor shared with a household of
theirs is as if it did not exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from manciple.grocery.domain.list_changes import MAX_UNDO, ListChange, ListPatch
from manciple.grocery.domain.list_totals import Estimate
from manciple.grocery.domain.lists import GroceryList, ListItem, ListStatus
from manciple.grocery.domain.sharing import Access, require
from manciple.grocery.stores.list_rows import (
    HEAD_COLUMNS,
    ITEM_COLUMNS,
    head_row,
    item_of,
    item_row,
    list_of,
)
from manciple.grocery.stores.schema import household_members
from manciple.grocery.stores.schema_lists import grocery_items, grocery_lists, list_changes
from manciple.kit.errors import Conflict
from manciple.platform.db.upsert import insert_or

_h = grocery_lists.c
_i = grocery_items.c
_c = list_changes.c
_m = household_members.c

_ITEMS = (
    select(*ITEM_COLUMNS)
    .where(_i.list_id.in_(bindparam("ids", expanding=True)))
    .order_by(_i.list_id, _i.position)
)
# A rewritten line keeps who added it and when.
_KEPT = frozenset({"id", "list_id", "added_by", "created_at"})


class Lists:
    """The lists inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def by_id(
        self,
        list_id: str,
        *,
        who: str,
        needs: Access = Access.READ,
        deleted_too: bool = False,
    ) -> GroceryList:
        """One list that `who` may do that with.

        Raises:
            NotFound: it is not there for them, or it is deleted.
            NotAllowed: they may do less with it.
        """
        heads = _heads(who).where(_h.id == list_id)
        if not deleted_too:
            heads = heads.where(_h.status != ListStatus.DELETED.value)
        found = self._lists(heads)
        require(found[0].access if found else None, needs, what="list", id=list_id)
        return found[0]

    def page(
        self, who: str, *, statuses: Iterable[ListStatus], after: str | None, limit: int
    ) -> Sequence[GroceryList]:
        """Up to `limit` lists that somebody may see, newest first, made before the list `after`."""
        heads = (
            _heads(who)
            .where(_h.status.in_([status.value for status in statuses]))
            .order_by(_h.id.desc())
            .limit(limit)
        )
        if after is not None:
            heads = heads.where(_h.id < after)
        return self._lists(heads)

    def count(self, owner: str) -> int:
        """How many lists the owner made, deleted ones apart."""
        return self._connection.execute(
            select(func.count())
            .select_from(grocery_lists)
            .where(_h.user_id == owner, _h.status != ListStatus.DELETED.value)
        ).scalar_one()

    def add(self, change: ListChange, estimate: Estimate) -> None:
        """Keeps a new list with its lines; there is nothing to undo."""
        self._connection.execute(
            insert(grocery_lists), {**head_row(change.list), **_totals(estimate)}
        )
        self._write_items(change, estimate, by=change.list.user_id)

    def save(self, change: ListChange, estimate: Estimate, *, by: str) -> None:
        """Writes what a change touched.

        Raises:
            Conflict: the list changed since it was read.
        """
        head = head_row(change.list)
        done = self._connection.execute(
            update(grocery_lists)
            .where(_h.id == change.list.list_id, _h.version == change.list.version - 1)
            .values(**head, **_totals(estimate))
        )
        if done.rowcount != 1:
            raise Conflict("The list", found=f"not version {change.list.version - 1}")
        if change.removed:
            self._connection.execute(
                delete(grocery_items).where(_i.id == bindparam("gone")),
                [{"gone": item_id} for item_id in change.removed],
            )
        self._write_items(change, estimate, by=by)

    def share(self, list_id: str, household_id: str | None) -> None:
        """Shares a list with a household, or with nobody any more."""
        self._connection.execute(
            update(grocery_lists).where(_h.id == list_id).values(household_id=household_id)
        )

    def shared_by(self, maker: str, *, household_id: str) -> Sequence[GroceryList]:
        """The lists of somebody that a household shares, deleted ones too."""
        return self._lists(
            _heads(maker).where(_h.user_id == maker, _h.household_id == household_id)
        )

    def remember(self, change: ListChange, kind: str, *, by: str) -> None:
        """Keeps how to undo a change; the oldest beyond `MAX_UNDO` is forgotten."""
        list_id = change.list.list_id
        self._connection.execute(
            insert(list_changes),
            {
                "list_id": list_id,
                "version": change.list.version,
                "user_id": by,
                "kind": kind,
                "before": msgspec.json.encode(change.patch).decode(),
                "at": self._now,
            },
        )
        oldest = (
            select(_c.version)
            .where(_c.list_id == list_id)
            .order_by(_c.version.desc())
            .limit(1)
            .offset(MAX_UNDO - 1)
        ).scalar_subquery()
        self._connection.execute(
            delete(list_changes).where(_c.list_id == list_id, _c.version < oldest)
        )

    def take_last_change(self, list_id: str) -> tuple[str, ListPatch] | None:
        """The kind and the patch of the last change that is not undone, now marked as undone."""
        row = self._connection.execute(
            select(_c.id, _c.kind, _c.before)
            .where(_c.list_id == list_id, _c.undone_at.is_(None))
            .order_by(_c.version.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        change_id, kind, before = row
        self._connection.execute(
            update(list_changes).where(_c.id == change_id).values(undone_at=self._now)
        )
        return kind, msgspec.json.decode(before, type=ListPatch)

    def _lists(self, heads: Select[tuple[object, ...]]) -> list[GroceryList]:
        rows = self._connection.execute(heads).all()
        items = self._items([str(row[0]) for row in rows])
        return [list_of(row, items.get(str(row[0]), ())) for row in rows]

    def _items(self, list_ids: Sequence[str]) -> Mapping[str, tuple[ListItem, ...]]:
        if not list_ids:
            return {}
        rows = self._connection.execute(_ITEMS, {"ids": list_ids})
        return {
            list_id: tuple(item_of(row) for row in some)
            for list_id, some in groupby(rows, key=lambda row: str(row[0]))
        }

    def _write_items(self, change: ListChange, estimate: Estimate, *, by: str) -> None:
        if not change.written:
            return
        cents = {line.item_id: line.cents for line in estimate.lines}
        rows = [
            item_row(item, change.list.list_id, cents=cents.get(item.item_id), by=by, at=self._now)
            for item in change.written
        ]
        statement = insert_or(self._connection, grocery_items)
        replaced = {name: statement.excluded[name] for name in rows[0] if name not in _KEPT}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=replaced), rows
        )


def visible_to(who: str) -> ColumnElement[bool]:
    """The lists that somebody made, and those that a household of theirs shares."""
    homes = select(_m.household_id).where(_m.user_id == who)
    return or_(_h.user_id == who, _h.household_id.in_(homes))


def _heads(who: str) -> Select[tuple[object, ...]]:
    """The heads of what somebody may see, as `list_of` reads them."""
    is_member = (_m.household_id == _h.household_id) & (_m.user_id == who)
    return (
        select(*HEAD_COLUMNS, _h.user_id == who, _m.role)
        .outerjoin(household_members, is_member)
        .where(visible_to(who))
    )


def _totals(estimate: Estimate) -> dict[str, int]:
    return {
        "estimated_total_cents": estimate.total_cents,
        "unpriced_count": estimate.items_without_price,
    }
