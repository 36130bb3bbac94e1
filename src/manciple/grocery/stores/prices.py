"""Every price ever seen, by product."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from manciple.grocery.domain.products import Price
from manciple.grocery.stores.schema import price_history
from manciple.platform.db.upsert import insert_or

_c = price_history.c


class Prices:
    """The history of prices inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(self, prices: Mapping[str, Price]) -> None:
        """Keeps one observation for each product id; what is known already is kept once.

        Raises:
            Conflict: there is no such product.
        """
        rows = [
            {
                "product_id": product_id,
                "price_cents": price.cents,
                "currency": price.currency,
                "source": price.source,
                "method": price.method,
                "observed_at": price.observed_at,
                "store": price.store or "",
                "confidence": price.confidence,
            }
            for product_id, price in prices.items()
        ]
        if rows:
            insert = insert_or(self._connection, price_history)
            self._connection.execute(insert.on_conflict_do_nothing(), rows)

    def of(
        self, product_id: str, *, since: datetime | None = None, limit: int = 1000
    ) -> Sequence[Price]:
        """Up to `limit` observed prices of one product, newest first."""
        statement = (
            select(_c.price_cents, _c.currency, _c.source, _c.method, _c.observed_at, _c.store)
            .add_columns(_c.confidence)
            .where(_c.product_id == product_id)
            .order_by(_c.observed_at.desc(), _c.id.desc())
            .limit(limit)
        )
        if since is not None:
            statement = statement.where(_c.observed_at >= since)
        return [_price(row) for row in self._connection.execute(statement)]


def _price(row: Any) -> Price:
    cents, currency, source, method, observed_at, store, confidence = row
    return Price(
        cents=cents,
        currency=currency,
        source=source,
        method=method,
        observed_at=observed_at,
        store=store or None,
        confidence=confidence,
    )
