"""Who watches which product, and what they were told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, select, update

from manciple.grocery.domain.alerts import Alert, AlertKind, Memory, Rules
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.watch_turns import Watched
from manciple.grocery.domain.watches import ToldAlert, Watch
from manciple.grocery.stores.schema_watches import price_alerts, price_watches
from manciple.platform.db.upsert import insert_or

_w = price_watches.c
_a = price_alerts.c
_CHUNK = 500
_COLUMNS = (
    _w.user_id,
    _w.product_id,
    _w.priority,
    _w.below_cents,
    _w.drop_percent,
    _w.back_in_stock,
    _w.memory,
    _w.tried_at,
    _w.created_at,
)


class Watches:
    """The watches inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def put(self, user_id: str, product_id: str, *, rules: Rules, priority: int) -> None:
        """Keeps a watch; one of the same product gets the new rules and begins anew.

        Raises:
            Conflict: there is no such product or user.
        """
        ruled = {
            "priority": priority,
            "below_cents": rules.below_cents,
            "drop_percent": rules.drop_percent,
            "back_in_stock": rules.back_in_stock,
            "memory": "{}",
        }
        statement = insert_or(self._connection, price_watches).values(
            user_id=user_id, product_id=product_id, created_at=self._now, **ruled
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["user_id", "product_id"], set_=ruled)
        )

    def remove(self, user_id: str, product_id: str) -> bool:
        """Whether there was such a watch; it is gone."""
        gone = delete(price_watches).where(_w.user_id == user_id, _w.product_id == product_id)
        return self._connection.execute(gone).rowcount > 0

    def of_user(self, user_id: str) -> Sequence[Watch]:
        """Everything a person watches, the newest first."""
        statement = select(*_COLUMNS).where(_w.user_id == user_id)
        rows = self._connection.execute(statement.order_by(_w.created_at.desc(), _w.product_id))
        return [_watch(row) for row in rows]

    def count(self, user_id: str) -> int:
        """How many products a person watches."""
        statement = select(func.count()).select_from(price_watches).where(_w.user_id == user_id)
        return self._connection.execute(statement).scalar_one()

    def of_products(self, product_ids: Iterable[str]) -> Sequence[Watch]:
        """Everybody's watches of these products."""
        statement = select(*_COLUMNS).where(_w.product_id.in_(bindparam("ids", expanding=True)))
        return [
            _watch(row)
            for ids in _chunks(list(product_ids))
            for row in self._connection.execute(statement, {"ids": ids})
        ]

    def products(self) -> Sequence[Watched]:
        """Every watched product once, with its highest priority and its last look."""
        statement = select(_w.product_id, func.max(_w.priority)).add_columns(
            func.max(_w.tried_at, type_=_w.tried_at.type)
        )
        rows = self._connection.execute(statement.group_by(_w.product_id))
        return [
            Watched(product_id=product_id, priority=priority, tried_at=tried_at)
            for product_id, priority, tried_at in rows
        ]

    def tried(self, looks: Mapping[str, datetime]) -> None:
        """Notes what counts as the last look at these products."""
        rows = [{"which": product_id, "at": at} for product_id, at in looks.items()]
        if rows:
            statement = update(price_watches).where(_w.product_id == bindparam("which"))
            self._connection.execute(
                statement.values(tried_at=bindparam("at", type_=_w.tried_at.type)), rows
            )

    def remember(self, memories: Iterable[tuple[Watch, Memory]]) -> None:
        """Keeps what watches remember now."""
        rows = [
            {
                "whose": watch.user_id,
                "which": watch.product_id,
                "memory": msgspec.json.encode(memory).decode(),
            }
            for watch, memory in memories
            if memory != watch.memory
        ]
        if rows:
            one = (_w.user_id == bindparam("whose")) & (_w.product_id == bindparam("which"))
            self._connection.execute(update(price_watches).where(one), rows)

    def tell(self, watch: Watch, product: Product, alert: Alert) -> bool:
        """Whether the alert is kept now; False if just that was told before."""
        price = product.price
        row: dict[str, Any] = {
            "user_id": watch.user_id,
            "product_id": product.product_id,
            "name": product.name,
            "kind": alert.kind.value,
            "before_cents": alert.before_cents,
            "at": alert.at,
        }
        if price is not None and alert.cents is not None:
            row |= {
                "price_cents": price.cents,
                "currency": price.currency,
                "source": price.source,
                "method": price.method,
                "store": price.store,
                "confidence": price.confidence,
            }
        statement = insert_or(self._connection, price_alerts).values(**row)
        return self._connection.execute(statement.on_conflict_do_nothing()).rowcount > 0

    def alerts(self, user_id: str, *, limit: int, before: int | None = None) -> Sequence[ToldAlert]:
        """What a person was told, newest first; what came before the alert `before` if given."""
        statement = select(price_alerts).where(_a.user_id == user_id)
        if before is not None:
            statement = statement.where(_a.id < before)
        rows = self._connection.execute(statement.order_by(_a.id.desc()).limit(limit))
        return [_told(row) for row in rows]


def _watch(row: Any) -> Watch:
    user_id, product_id, priority, below, drop, back, memory, tried_at, created_at = row
    return Watch(
        user_id=user_id,
        product_id=product_id,
        priority=priority,
        rules=Rules(below_cents=below, drop_percent=drop, back_in_stock=back),
        memory=msgspec.json.decode(memory, type=Memory),
        tried_at=tried_at,
        created_at=created_at,
    )


def _told(row: Any) -> ToldAlert:
    price = None
    if row.price_cents is not None:
        price = Price(
            cents=row.price_cents,
            currency=row.currency,
            source=row.source,
            method=row.method,
            observed_at=row.at,
            store=row.store,
            confidence=row.confidence,
        )
    return ToldAlert(
        alert_id=row.id,
        product_id=row.product_id,
        name=row.name,
        kind=AlertKind(row.kind),
        price=price,
        before_cents=row.before_cents,
        at=row.at,
    )


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
