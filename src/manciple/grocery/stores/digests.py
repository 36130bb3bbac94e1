"""One number for everything that an import may write, to see whether two are the same."""

import hashlib

from sqlalchemy import Connection, Table, select

from manciple.grocery.stores.schema import price_history, walmart_products
from manciple.grocery.stores.schema_orders import order_items, orders
from manciple.grocery.stores.schema_prices import price_days

# Whatever an import of orders can touch, with times and revisions.
_TABLES = (orders, order_items, walmart_products, price_history, price_days)


def content_digest(connection: Connection, *, tables: tuple[Table, ...] = _TABLES) -> str:
    """SHA-256 over every row and column of the tables, in the order of their keys."""
    found = hashlib.sha256()
    for table in tables:
        found.update(f"{table.name}\n".encode())
        for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
            found.update(f"{tuple(row)!r}\n".encode())
    return found.hexdigest()
