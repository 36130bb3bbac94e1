"""Every price ever seen, by product: the newest look by look, older ones by the day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, select

from manciple.grocery.domain.price_days import PriceDay, Seen, by_day, day_of, merged, newest_first
from manciple.grocery.domain.products import Price
from manciple.grocery.domain.units import Size
from manciple.grocery.stores.schema import price_history, walmart_products
from manciple.grocery.stores.schema_prices import price_days
from manciple.platform.db.upsert import insert_or

_c = price_history.c
_d = price_days.c
_w = walmart_products.c
_KEY = ("product_id", "day", "source", "method", "store", "currency", "size")
# People and receipts tell a price once, and a second import tells it again: as single looks, that
# is found to be known.
_TOLD_ONCE = ("person", "order-history", "shelf")
_PRICE = (
    _c.price_cents,
    _c.currency,
    _c.source,
    _c.method,
    _c.observed_at,
    _c.store,
    _c.confidence,
)


class Compacted(msgspec.Struct, frozen=True, kw_only=True):
    """How many looks became how many days; `after` is where to go on, None at the end."""

    looks: int
    days: int
    after: str | None


class Prices:
    """The history of prices inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(
        self, prices: Mapping[str, Price], *, sizes: Mapping[str, Size | None] | None = None
    ) -> None:
        """Keeps one observation for each product id; what is known already is kept once.

        `sizes` are those that were read with the prices.

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
                "size": _size_text((sizes or {}).get(product_id)),
            }
            for product_id, price in prices.items()
        ]
        if rows:
            insert = insert_or(self._connection, price_history)
            self._connection.execute(insert.on_conflict_do_nothing(), rows)

    def of(
        self, product_id: str, *, since: datetime | None = None, limit: int = 1000
    ) -> Sequence[Price]:
        """Up to `limit` single looks at one product, newest first; older ones are in `days`."""
        statement = (
            select(*_PRICE)
            .where(_c.product_id == product_id)
            .order_by(_c.observed_at.desc(), _c.id.desc())
            .limit(limit)
        )
        if since is not None:
            statement = statement.where(_c.observed_at >= since)
        return [_price(row) for row in self._connection.execute(statement)]

    def days(self, product_id: str, *, since: datetime | None = None) -> list[PriceDay]:
        """All that was seen of one product by the day, newest first, single looks among it.

        A day that began before `since` counts where it was looked at after that.
        """
        kept = select(price_days).where(_d.product_id == product_id)
        single = select(*_PRICE, _c.size).where(_c.product_id == product_id)
        if since is not None:
            kept = kept.where(_d.last_at >= since)
            single = single.where(_c.observed_at >= since)
        found = {day.kind: day for day in map(_day, self._connection.execute(kept))}
        for day in by_day(map(_seen, self._connection.execute(single))):
            known = found.get(day.kind)
            found[day.kind] = merged(known, day) if known is not None else day
        return newest_first(found.values())

    def compact(self, before: datetime, *, after: str | None, most_products: int) -> Compacted:
        """Turns single looks from before a midnight (UTC) into days, product after product.

        So many products behind the id `after` are looked at.

        What people and receipts told stays as it is, and so does what was seen once a day.
        """
        page = select(_c.product_id).distinct().order_by(_c.product_id).limit(most_products)
        if after is not None:
            page = page.where(_c.product_id > after)
        ids = list(self._connection.execute(page).scalars())
        looks = days = 0
        for product_id in ids:
            done = self._compact_one(product_id, before)
            looks, days = looks + done[0], days + done[1]
        is_end = len(ids) < most_products
        return Compacted(looks=looks, days=days, after=None if is_end else ids[-1])

    def _compact_one(self, product_id: str, before: datetime) -> tuple[int, int]:
        old = select(*_PRICE, _c.size, _c.id).where(
            _c.product_id == product_id,
            _c.observed_at < before,
            _c.source.not_in(_TOLD_ONCE),
        )
        # The current price is written again with whatever else changes of its product.
        current_at = self._connection.execute(
            select(_w.price_observed_at).where(_w.product_id == product_id)
        ).scalar_one()
        rows = self._connection.execute(old).all()
        looks = [(row.id, _seen(row)) for row in rows if row.observed_at != current_at]
        found = by_day(look for _, look in looks)
        known = {day.kind: day for day in self._kept(product_id, found)}
        # One look a day is one row already.
        days = {day.kind: day for day in found if day.count > 1 or day.kind in known}
        for kind, day in days.items():
            self._put(product_id, merged(known[kind], day) if kind in known else day)
        gone = [{"gone": id_} for id_, look in looks if day_of(look).kind in days]
        if gone:
            self._connection.execute(delete(price_history).where(_c.id == bindparam("gone")), gone)
        return len(gone), len(days)

    def _kept(self, product_id: str, found: Sequence[PriceDay]) -> list[PriceDay]:
        if not found:
            return []
        texts = sorted(day.day.isoformat() for day in found)
        statement = select(price_days).where(
            _d.product_id == product_id, _d.day >= texts[0], _d.day <= texts[-1]
        )
        return [_day(row) for row in self._connection.execute(statement)]

    def _put(self, product_id: str, day: PriceDay) -> None:
        row = _day_row(product_id, day)
        statement = insert_or(self._connection, price_days).values(**row)
        changed = {name: value for name, value in row.items() if name not in _KEY}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=list(_KEY), set_=changed)
        )


def _price(row: Any) -> Price:
    cents, currency, source, method, observed_at, store, confidence, *_ = row
    return Price(
        cents=cents,
        currency=currency,
        source=source,
        method=method,
        observed_at=observed_at,
        store=store or None,
        confidence=confidence,
    )


def _seen(row: Any) -> Seen:
    return Seen(price=_price(row), size=_size(row.size))


def _size(text: str) -> Size | None:
    return msgspec.json.decode(text, type=Size) if text else None


def _size_text(size: Size | None) -> str:
    return "" if size is None else msgspec.json.encode(size).decode()


def _day(row: Any) -> PriceDay:
    def price(cents: int, at: datetime) -> Price:
        return Price(
            cents=cents,
            currency=row.currency,
            source=row.source,
            method=row.method,
            observed_at=at,
            store=row.store or None,
            confidence=row.confidence,
        )

    return PriceDay(
        day=date.fromisoformat(row.day),
        looks=msgspec.json.decode(row.tally, type=tuple[tuple[int, int], ...]),
        first=price(row.first_cents, row.first_at),
        low=price(row.low_cents, row.low_at),
        high=price(row.high_cents, row.high_at),
        last=price(row.last_cents, row.last_at),
        size=_size(row.size),
    )


def _day_row(product_id: str, day: PriceDay) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "day": day.day.isoformat(),
        "source": day.last.source,
        "method": day.last.method,
        "store": day.last.store or "",
        "currency": day.last.currency,
        "size": _size_text(day.size),
        "looks": day.count,
        "tally": msgspec.json.encode(day.looks).decode(),
        "low_cents": day.low.cents,
        "median_cents": day.median_cents,
        "high_cents": day.high.cents,
        "first_cents": day.first.cents,
        "last_cents": day.last.cents,
        "low_at": day.low.observed_at,
        "high_at": day.high.observed_at,
        "first_at": day.first.observed_at,
        "last_at": day.last.observed_at,
        "confidence": day.last.confidence,
    }
