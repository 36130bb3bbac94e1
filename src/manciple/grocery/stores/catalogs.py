"""The catalog as a whole: its figures, and which bundled shelf it was filled from."""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from manciple.grocery.domain.catalogs import CatalogStats
from manciple.grocery.stores.schema import counters, walmart_products
from manciple.platform.db.upsert import insert_or

_c = walmart_products.c
_alive = _c.deleted_at.is_(None)
_SHELF = "shelf-version"


def shelf_version_in(path: Path) -> int:
    """The version of the shelf in a database file that may be missing, empty or of any age."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            asked = connection.execute("SELECT value FROM counters WHERE name = ?", [_SHELF])
            row = asked.fetchone()
    except sqlite3.Error:
        return 0
    return int(row[0]) if row else 0


class Catalogs:
    """The catalog inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stats(self) -> CatalogStats:
        """What the catalog holds, counted now; a scan of the products."""
        row = self._connection.execute(
            select(
                func.count(),
                func.count(_c.brand.distinct()),
                func.count(_c.current_price_cents),
                func.count(_c.size_amount_thousandths),
                func.count(_c.gtin),
                func.max(_c.last_updated_at),
            ).where(_alive)
        ).one()
        products, brands, priced, sized, with_gtin, last = row
        return CatalogStats(
            products=products,
            brands=brands,
            priced=priced,
            sized=sized,
            with_gtin=with_gtin,
            categories=self._counts_by("category_path"),
            sources=self._counts_by("source"),
            last_updated_at=_instant(last),
        )

    def shelf_version(self) -> int:
        """The version of the bundled shelf that was filled in last; 0 for none."""
        found = self._connection.execute(
            select(counters.c.value).where(counters.c.name == _SHELF)
        ).scalar_one_or_none()
        return found or 0

    def set_shelf_version(self, version: int) -> None:
        """Keeps which version of the bundled shelf is filled in."""
        insert = insert_or(self._connection, counters).values(name=_SHELF, value=version)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["name"], set_={"value": version})
        )

    def _counts_by(self, column: str) -> tuple[tuple[str, int], ...]:
        key = _c[column]
        statement = (
            select(key, func.count()).where(_alive).group_by(key).order_by(func.count().desc(), key)
        )
        return tuple((name, count) for name, count in self._connection.execute(statement))


def _instant(found: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(found) if isinstance(found, str) else found
