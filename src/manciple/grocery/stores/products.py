"""Products, remembered: batch reads, batch writes, and what changed since."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, func, select, update

from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import Size
from manciple.grocery.stores.counters import generation_of, next_numbers
from manciple.grocery.stores.prices import Prices
from manciple.grocery.stores.product_news import tell_changes, tell_prices
from manciple.grocery.stores.product_rows import SELECT, price_columns, product_of, row_of
from manciple.grocery.stores.schema import walmart_products
from manciple.kit.errors import NotFound
from manciple.platform.bus.outbox import Outbox
from manciple.platform.db.upsert import insert_or

_COUNTER = "products"
_c = walmart_products.c
_alive = _c.deleted_at.is_(None)

# Bound values in one statement; SQLite before 3.32 stopped at 999.
_CHUNK = 900

_BY_IDS = SELECT.where(_c.product_id.in_(bindparam("ids", expanding=True)))
_LIVING_BY_IDS = _BY_IDS.where(_alive)
_REMOVED = select(_c.product_id).where(
    _c.product_id.in_(bindparam("ids", expanding=True)), _c.deleted_at.is_not(None)
)
_CHANGED = (
    select(_c.revision, _c.deleted_at, *SELECT.selected_columns)
    .where(_c.revision > bindparam("after"))
    .order_by(_c.revision)
    .limit(bindparam("limit"))
)
_PAGE = (
    SELECT.where(_alive, _c.product_id > bindparam("after"))
    .order_by(_c.product_id)
    .limit(bindparam("limit"))
)


class Upserted(msgspec.Struct, frozen=True, kw_only=True):
    """How many products a write added, changed, and found to be just so already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Upserted") -> "Upserted":
        return Upserted(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
        )


class ProductChange(msgspec.Struct, frozen=True, kw_only=True):
    """That a product changed; `product` is None where it is no longer sold."""

    revision: int
    product_id: str
    product: Product | None


class Products:
    """The products inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._outbox = Outbox(connection, now)

    def by_ids(self, product_ids: Iterable[str]) -> dict[str, Product]:
        """The products that are there, by id; one statement for up to 900 ids."""
        found: dict[str, Product] = {}
        for ids in _chunks(list(dict.fromkeys(product_ids))):
            for row in self._connection.execute(_LIVING_BY_IDS, {"ids": ids}).all():
                product = product_of(row)
                found[product.product_id] = product
        return found

    def by_id(self, product_id: str) -> Product:
        """One product.

        Raises:
            NotFound: there is none of that id, or it is no longer sold.
        """
        found = self.by_ids((product_id,)).get(product_id)
        if found is None:
            raise NotFound("product", product_id)
        return found

    def removed(self, product_ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that were sold once and no longer are."""
        return frozenset(
            product_id
            for ids in _chunks(list(product_ids))
            for product_id in self._connection.execute(_REMOVED, {"ids": ids}).scalars()
        )

    def page(self, *, after: str = "", limit: int) -> Sequence[Product]:
        """Up to `limit` products in the order of their ids, from beyond the id `after`."""
        rows = self._connection.execute(_PAGE, {"after": after, "limit": limit})
        return [product_of(row) for row in rows]

    def count(self) -> int:
        """How many products are sold."""
        return self._connection.execute(
            select(func.count()).select_from(walmart_products).where(_alive)
        ).scalar_one()

    def changed_since(self, revision: int, *, limit: int) -> Sequence[ProductChange]:
        """Up to `limit` changes above `revision`, oldest first; each product's newest only."""
        rows = self._connection.execute(_CHANGED, {"after": revision, "limit": limit})
        return [
            ProductChange(
                revision=number,
                product_id=row[0],
                product=None if deleted_at is not None else product_of(row),
            )
            for number, deleted_at, *row in rows
        ]

    def latest_revision(self) -> int:
        """The number of the last change; 0 before the first."""
        last: int | None = self._connection.execute(select(func.max(_c.revision))).scalar_one()
        return last or 0

    def generation(self) -> int:
        """Which life of the database this is; revisions of another one mean nothing here."""
        return generation_of(self._connection)

    def upsert_many(self, products: Iterable[Product]) -> Upserted:
        """Every product kept as given, its price also in the history.

        What is already just so is not written again and gets no new revision. Where an id comes
        twice, the last one counts. A product that was removed is sold again.
        """
        newest = {product.product_id: product for product in products}
        done = Upserted()
        for ids in _chunks(list(newest)):
            done += self._upsert([newest[product_id] for product_id in ids])
        return done

    def observe_many(self, seen: Iterable[Product]) -> Upserted:
        """Prices and stock of known products as they were seen now; unknown ones are added.

        Every price enters the history, also one that is the same or came late. What else is known
        of a product stays, and so does what the look did not show.
        """
        looks = {product.product_id: product for product in seen}
        known = self.by_ids(looks)
        Prices(self._connection).add_many(
            {id_: looks[id_].price for id_ in known if looks[id_].price is not None},  # type: ignore[misc]  # not None, as asked
            sizes={id_: looks[id_].size for id_ in known},
        )
        return self.upsert_many(_observed(known.get(id_), look) for id_, look in looks.items())

    def set_prices(
        self, prices: Mapping[str, Price], *, sizes: Mapping[str, Size | None] | None = None
    ) -> Sequence[str]:
        """The ids whose current price is now another; every observation enters the history.

        `sizes` are those that were read with the prices.

        An observation older than the current price, or of an unknown product, changes nothing
        current. Of an unknown product nothing is kept at all.
        """
        known = self.by_ids(prices)
        observed = {id_: price for id_, price in prices.items() if id_ in known}
        Prices(self._connection).add_many(observed, sizes=sizes)
        changed = [id_ for id_, price in observed.items() if _supersedes(price, known[id_].price)]
        revisions = next_numbers(self._connection, _COUNTER, len(changed))
        rows = [
            {
                "key": id_,
                "revision": revision,
                "last_updated_at": self._now,
                "price_missing": None,
                **price_columns(observed[id_]),
            }
            for id_, revision in zip(changed, revisions, strict=True)
        ]
        if rows:
            self._connection.execute(
                update(walmart_products).where(_c.product_id == bindparam("key")), rows
            )
        tell_prices(self._outbox, known, {id_: observed[id_] for id_ in changed})
        return changed

    def remove_many(self, product_ids: Iterable[str]) -> int:
        """How many of these were sold until now and no longer are; their rows stay."""
        gone = list(self.by_ids(product_ids))
        revisions = next_numbers(self._connection, _COUNTER, len(gone))
        rows = [
            {"key": id_, "revision": revision, "deleted_at": self._now}
            for id_, revision in zip(gone, revisions, strict=True)
        ]
        if rows:
            self._connection.execute(
                update(walmart_products).where(_c.product_id == bindparam("key")), rows
            )
        return len(gone)

    def _upsert(self, products: Sequence[Product]) -> Upserted:
        ids = [product.product_id for product in products]
        living = self.by_ids(ids)
        wanted = [
            product for product in products if not _is_same(product, living.get(product.product_id))
        ]
        revisions = next_numbers(self._connection, _COUNTER, len(wanted))
        rows = [
            row_of(product, revision=revision)
            for product, revision in zip(wanted, revisions, strict=True)
        ]
        if rows:
            insert = insert_or(self._connection, walmart_products)
            replaced = {name: insert.excluded[name] for name in rows[0] if name != "id"}
            self._connection.execute(
                insert.on_conflict_do_update(index_elements=["product_id"], set_=replaced), rows
            )
        Prices(self._connection).add_many(
            {product.product_id: product.price for product in wanted if product.price is not None},
            sizes={product.product_id: product.size for product in wanted},
        )
        tell_changes(self._outbox, living, wanted)
        changed = sum(product.product_id in living for product in wanted)
        return Upserted(
            added=len(wanted) - changed,
            changed=changed,
            unchanged=len(products) - len(wanted),
        )


def _is_same(product: Product, kept: Product | None) -> bool:
    """Whether nothing but the time of the update differs."""
    return kept is not None and kept == msgspec.structs.replace(product, updated_at=kept.updated_at)


def _observed(kept: Product | None, seen: Product) -> Product:
    if kept is None:
        return seen
    is_newer = seen.price is not None and _supersedes(seen.price, kept.price)
    return msgspec.structs.replace(
        kept,
        price=seen.price if is_newer else kept.price,
        price_missing=None if is_newer else kept.price_missing,
        in_stock=kept.in_stock if seen.in_stock is None else seen.in_stock,
        updated_at=seen.updated_at,
    )


def _supersedes(price: Price, current: Price | None) -> bool:
    return current is None or (price != current and price.observed_at >= current.observed_at)


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
