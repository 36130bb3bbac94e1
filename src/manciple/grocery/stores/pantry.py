"""The pantry and the staples, remembered; everything asks for the owner."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from manciple.grocery.domain.pantry import Movement, MovementKind, PantryItem, thing_key
from manciple.grocery.domain.staples import Staple
from manciple.grocery.stores.schema_shopping import pantry_items, pantry_movements, staples
from manciple.kit.errors import NotFound
from manciple.platform.db.upsert import insert_or

_i = pantry_items.c
_m = pantry_movements.c
_s = staples.c

_ITEMS = select(_i.id, _i.product_id, _i.name, _i.unit, _i.minimum_thousandths, _i.created_at)
_MOVEMENTS = select(_m.id, _m.change_thousandths, _m.kind, _m.note, _m.undoes, _m.at)
_STAPLES = select(
    _s.id,
    _s.product_id,
    _s.name,
    _s.quantity_thousandths,
    _s.unit,
    _s.every_days,
    _s.due_at,
    _s.created_at,
)


class Pantry:
    """The pantry inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def all(self, owner: str) -> Sequence[PantryItem]:
        """Everything kept at home, by name."""
        rows = self._connection.execute(
            _ITEMS.where(_i.user_id == owner).order_by(func.lower(_i.name), _i.id)
        )
        return [_item_of(row) for row in rows]

    def by_id(self, item_id: str, *, owner: str) -> PantryItem:
        """One thing kept at home.

        Raises:
            NotFound: the owner keeps none of that id.
        """
        row = self._connection.execute(
            _ITEMS.where(_i.id == item_id, _i.user_id == owner)
        ).one_or_none()
        if row is None:
            raise NotFound("pantry item", item_id)
        return _item_of(row)

    def same(self, owner: str, item: PantryItem) -> PantryItem | None:
        """The owner's own entry of the same thing in the same unit."""
        row = self._connection.execute(
            _ITEMS.where(
                _i.user_id == owner,
                _i.item_key == thing_key(item.product_id, item.name),
                _i.unit == (item.unit or ""),
            )
        ).one_or_none()
        return None if row is None else _item_of(row)

    def add(self, owner: str, item: PantryItem) -> None:
        """Keeps a new thing; there is none of it yet."""
        self._connection.execute(
            insert(pantry_items),
            {
                "id": item.item_id,
                "user_id": owner,
                "product_id": item.product_id,
                "name": item.name,
                "unit": item.unit or "",
                "item_key": thing_key(item.product_id, item.name),
                "minimum_thousandths": item.minimum_thousandths,
                "created_at": item.created_at,
            },
        )

    def set_minimum(self, item_id: str, minimum_thousandths: int | None) -> None:
        """Keeps how much of it is enough."""
        self._connection.execute(
            update(pantry_items)
            .where(_i.id == item_id)
            .values(minimum_thousandths=minimum_thousandths)
        )

    def forget(self, item_id: str) -> None:
        """Takes a thing out of the pantry with all its movements."""
        self._connection.execute(delete(pantry_items).where(_i.id == item_id))

    def stocks(self, item_ids: Iterable[str]) -> Mapping[str, int]:
        """How much of each there is, in thousandths: the sum of its movements."""
        rows = self._connection.execute(
            select(_m.pantry_item_id, func.sum(_m.change_thousandths))
            .where(_m.pantry_item_id.in_(list(item_ids)))
            .group_by(_m.pantry_item_id)
        )
        return {str(item_id): int(stock) for item_id, stock in rows}

    def move(
        self,
        item_id: str,
        change_thousandths: int,
        *,
        kind: MovementKind,
        note: str | None = None,
        undoes: int | None = None,
    ) -> None:
        """Writes a movement into the ledger.

        Raises:
            Conflict: `undoes` was taken back before.
        """
        self._connection.execute(
            insert(pantry_movements),
            {
                "pantry_item_id": item_id,
                "change_thousandths": change_thousandths,
                "kind": kind.value,
                "note": note,
                "undoes": undoes,
                "at": self._now,
            },
        )

    def movements(self, item_id: str, *, limit: int) -> Sequence[Movement]:
        """The last movements of a thing, newest first."""
        rows = self._connection.execute(
            _MOVEMENTS.where(_m.pantry_item_id == item_id).order_by(_m.id.desc()).limit(limit)
        )
        return [_movement_of(row) for row in rows]

    def last_to_undo(self, item_id: str) -> Movement | None:
        """The newest movement that neither is an undo nor was undone."""
        taken_back = select(_m.undoes).where(_m.pantry_item_id == item_id, _m.undoes.is_not(None))
        row = self._connection.execute(
            _MOVEMENTS.where(
                _m.pantry_item_id == item_id,
                _m.kind != MovementKind.UNDONE.value,
                _m.id.not_in(taken_back),
            )
            .order_by(_m.id.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _movement_of(row)


class Staples:
    """The staples inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def all(self, owner: str) -> Sequence[Staple]:
        """Every staple, the one due first first."""
        rows = self._connection.execute(
            _STAPLES.where(_s.user_id == owner).order_by(_s.due_at, _s.id)
        )
        return [_staple_of(row) for row in rows]

    def keep(self, owner: str, staple: Staple) -> Staple:
        """Keeps a staple in place of one of the same thing and unit; as it is kept."""
        values = {
            "name": staple.name,
            "quantity_thousandths": staple.quantity_thousandths,
            "every_days": staple.every_days,
            "due_at": staple.due_at,
        }
        key = thing_key(staple.product_id, staple.name)
        unit = staple.unit or ""
        statement = insert_or(self._connection, staples).values(
            id=staple.staple_id,
            user_id=owner,
            product_id=staple.product_id,
            unit=unit,
            item_key=key,
            created_at=staple.created_at,
            **values,
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["user_id", "item_key", "unit"], set_=values
            )
        )
        row = self._connection.execute(
            _STAPLES.where(_s.user_id == owner, _s.item_key == key, _s.unit == unit)
        ).one()
        return _staple_of(row)

    def set_due(self, due: Mapping[str, datetime]) -> None:
        """Keeps when each staple is wanted next."""
        for staple_id, at in due.items():
            self._connection.execute(update(staples).where(_s.id == staple_id).values(due_at=at))

    def remove(self, owner: str, staple_id: str) -> None:
        """Forgets a staple.

        Raises:
            NotFound: the owner has none of that id.
        """
        done = self._connection.execute(
            delete(staples).where(_s.id == staple_id, _s.user_id == owner)
        )
        if done.rowcount != 1:
            raise NotFound("staple", staple_id)


def _item_of(row: Any) -> PantryItem:
    item_id, product_id, name, unit, minimum, created_at = row
    return PantryItem(
        item_id=item_id,
        product_id=product_id,
        name=name,
        unit=unit or None,
        minimum_thousandths=minimum,
        created_at=created_at,
    )


def _movement_of(row: Any) -> Movement:
    movement_id, change, kind, note, undoes, at = row
    return Movement(
        movement_id=movement_id,
        change_thousandths=change,
        kind=MovementKind(kind),
        note=note,
        undoes=undoes,
        at=at,
    )


def _staple_of(row: Any) -> Staple:
    staple_id, product_id, name, quantity, unit, every_days, due_at, created_at = row
    return Staple(
        staple_id=staple_id,
        product_id=product_id,
        name=name,
        quantity_thousandths=quantity,
        unit=unit or None,
        every_days=every_days,
        due_at=due_at,
        created_at=created_at,
    )
