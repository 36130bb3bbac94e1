"""Orders, remembered once each, and what was bought how often."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select

from manciple.grocery.domain.orders import Order, OrderLine
from manciple.grocery.stores.product_rows import RETAILER
from manciple.grocery.stores.schema_orders import order_items, orders
from manciple.kit.errors import NotFound
from manciple.platform.db.upsert import insert_or

_o = orders.c
_i = order_items.c
_CHUNK = 500
_decoder = msgspec.json.Decoder(Order)


class SavedOrders(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders a write added, changed, and found to be just so already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class Purchases(msgspec.Struct, frozen=True, kw_only=True):
    """How often a product was bought, how much in all, and when last (None: nobody knows)."""

    times: int
    quantity_thousandths: int
    last_at: datetime | None


class Orders:
    """The orders inside one transaction; everything is one user's."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def save_many(self, user_id: str, found: Iterable[Order]) -> SavedOrders:
        """Every order kept once by the shop's number; a second import changes nothing.

        A partial order never replaces a full one.

        Raises:
            Conflict: there is no such user.
        """
        newest = _fullest(found)
        known = self._by_numbers(user_id, list(newest))
        wanted = [order for order in newest.values() if _is_news(order, known.get(order.order_id))]
        if wanted:
            self._write(user_id, wanted)
        changed = sum(order.order_id in known for order in wanted)
        return SavedOrders(
            added=len(wanted) - changed, changed=changed, unchanged=len(newest) - len(wanted)
        )

    def by_id(self, user_id: str, order_id: str) -> Order:
        """One order by the shop's number.

        Raises:
            NotFound: the user has none of that number.
        """
        order = self._by_numbers(user_id, [order_id]).get(order_id)
        if order is None:
            raise NotFound("order", order_id)
        return order

    def of(
        self, user_id: str, *, before: datetime | None = None, limit: int = 50
    ) -> Sequence[Order]:
        """Up to `limit` orders of a user, newest first; those without a date come last."""
        statement = (
            select(_o.details)
            .where(_o.user_id == user_id)
            .order_by(_o.order_date.desc().nulls_last(), _o.order_id)
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(_o.order_date < before)
        return [_decoder.decode(text) for text in self._connection.execute(statement).scalars()]

    def behind(self, user_id: str, order: Order, *, limit: int) -> Sequence[Order]:
        """Up to `limit` orders that come behind `order` in the order of `of`."""
        is_later_id = _o.order_id > order.order_id
        if order.ordered_at is None:
            rest = and_(_o.order_date.is_(None), is_later_id)
        else:
            same_time = and_(_o.order_date == order.ordered_at, is_later_id)
            rest = or_(_o.order_date < order.ordered_at, same_time, _o.order_date.is_(None))
        statement = (
            select(_o.details)
            .where(_o.user_id == user_id, rest)
            .order_by(_o.order_date.desc().nulls_last(), _o.order_id)
            .limit(limit)
        )
        return [_decoder.decode(text) for text in self._connection.execute(statement).scalars()]

    def purchases(self, user_id: str, product_ids: Iterable[str]) -> dict[str, Purchases]:
        """How often each of these products was bought, for those that ever were."""
        statement = (
            select(_i.product_id, func.count(_o.id.distinct()), func.sum(_i.quantity_thousandths))
            .add_columns(func.max(_o.order_date, type_=_o.order_date.type))
            .join_from(order_items, orders, _i.order_id == _o.id)
            .where(_o.user_id == user_id, _i.is_canceled.is_(False))
            .where(_i.product_id.in_(bindparam("ids", expanding=True)))
            .group_by(_i.product_id)
        )
        return {
            product_id: Purchases(times=times, quantity_thousandths=quantity, last_at=last_at)
            for ids in _chunks(list(dict.fromkeys(product_ids)))
            for product_id, times, quantity, last_at in self._connection.execute(
                statement, {"ids": ids}
            )
        }

    def _by_numbers(self, user_id: str, numbers: list[str]) -> dict[str, Order]:
        statement = select(_o.order_id, _o.details).where(
            _o.user_id == user_id,
            _o.retailer == RETAILER,
            _o.order_id.in_(bindparam("numbers", expanding=True)),
        )
        return {
            number: _decoder.decode(details)
            for chunk in _chunks(numbers)
            for number, details in self._connection.execute(statement, {"numbers": chunk})
        }

    def _write(self, user_id: str, wanted: Sequence[Order]) -> None:
        rows = [_order_row(order, user_id=user_id, at=self._now) for order in wanted]
        statement = insert_or(self._connection, orders)
        replaced = {name: statement.excluded[name] for name in rows[0] if name != "id"}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=replaced), rows
        )
        ids = [{"key": row["id"]} for row in rows]
        self._connection.execute(delete(order_items).where(_i.order_id == bindparam("key")), ids)
        lines = [
            _line_row(line, order_id=row["id"], number=number)
            for order, row in zip(wanted, rows, strict=True)
            for number, line in enumerate(order.lines)
        ]
        if lines:
            self._connection.execute(insert(order_items), lines)


def _fullest(found: Iterable[Order]) -> Mapping[str, Order]:
    """Each order once: of several the last, but a full one before a partial one."""
    newest: dict[str, Order] = {}
    for order in found:
        old = newest.get(order.order_id)
        if old is None or old.is_partial or not order.is_partial:
            newest[order.order_id] = order
    return newest


def _is_news(order: Order, known: Order | None) -> bool:
    if known is None:
        return True
    return order != known and (known.is_partial or not order.is_partial)


def _order_row(order: Order, *, user_id: str, at: datetime) -> dict[str, Any]:
    return {
        "id": _row_id(user_id, order.order_id),
        "user_id": user_id,
        "retailer": RETAILER,
        "order_id": order.order_id,
        "order_date": order.ordered_at,
        "status": order.status,
        "currency": order.currency,
        "subtotal_cents": order.totals.subtotal_cents,
        "tax_cents": order.totals.tax_cents,
        "total_cents": order.totals.grand_total_cents,
        "store_location": order.store,
        "source": order.source,
        "is_partial": order.is_partial,
        "details": msgspec.json.encode(order).decode(),
        "imported_at": at,
    }


def _line_row(line: OrderLine, *, order_id: str, number: int) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line": number,
        "product_id": line.product_id,
        "name": line.name,
        "quantity_thousandths": line.quantity_thousandths,
        "unit_price_cents": line.unit_price_cents,
        "line_total_cents": line.total_cents,
        "is_weighed": line.is_weighed,
        # Whoever counts purchases asks for this column.
        "is_canceled": not line.was_bought,
        "status": line.status,
    }


def _row_id(user_id: str, order_id: str) -> str:
    """The same order of the same user has the same row, whoever imports it and when."""
    told_apart = f"{user_id}\x00{RETAILER}\x00{order_id}"
    return f"order_{hashlib.sha256(told_apart.encode()).hexdigest()[:32]}"


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
