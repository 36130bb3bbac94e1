"""Opens the grocery database with its newest schema."""

import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import MetaData

from manciple.grocery.stores import (
    schema,
    schema_agent,
    schema_lists,
    schema_notices,
    schema_orders,
    schema_prices,
    schema_security,
    schema_shopping,
    schema_uses,
    schema_watches,
    schema_webhooks,
)
from manciple.grocery.stores.counters import GENERATION, begin_generation, generation_of
from manciple.migrations.head import HEAD, STEPS
from manciple.platform.db.database import Database
from manciple.platform.db.migrate import is_known, migrate
from manciple.platform.db.sqlite import READERS, open_in_memory, open_sqlite
from manciple.platform.db.trace_links import trace_links
from manciple.platform.jobs.table import jobs
from manciple.platform.mesh.table import instances

# Every room that declares tables; naming one table of each makes sure that all are declared.
_DECLARED = (
    schema.outbox,
    schema_lists.grocery_lists,
    schema_orders.orders,
    schema_shopping.staples,
    schema_security.audit_trail,
    schema_agent.corrections,
    schema_watches.price_watches,
    schema_uses.uses,
    schema_prices.price_days,
    schema_webhooks.webhook_endpoints,
    schema_notices.notification_targets,
    trace_links,
    jobs,
    instances,
)


def open_database(
    path: Path, *, readers: int = READERS, on_statement: Callable[[str], None] | None = None
) -> Database:
    """The database in the file `path`, made or brought to the newest schema.

    Raises:
        Refused: the file was written by a newer version of the product.
        Unavailable: the file cannot be opened, or another process migrates it for too long.
    """
    database = open_sqlite(path, readers=readers, on_statement=on_statement)
    try:
        migrate(database, steps=STEPS, head=HEAD)
        _begin_generation(database)
    except BaseException:
        database.close_here()
        raise
    return database


def open_database_in_memory(*, on_statement: Callable[[str], None] | None = None) -> Database:
    """An empty database with the newest schema that lives as long as the object; for tests."""
    database = open_in_memory(on_statement=on_statement)
    database.write_here(declared().create_all)
    _begin_generation(database)
    return database


def declared() -> MetaData:
    """Every table of the newest schema."""
    return _DECLARED[0].metadata


def renew_generation(connection: sqlite3.Connection) -> None:
    """Marks a database that was put in the place of another: its followers start anew.

    `connection` is the driver's own; the schema may be an older one.
    """
    connection.execute(
        "INSERT INTO counters (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (GENERATION, _new_generation()),
    )


def _begin_generation(database: Database) -> None:
    """Gives a new database its generation; an older one keeps what it has."""
    if database.read_here(generation_of) == 0:
        database.write_here(lambda connection: begin_generation(connection, _new_generation()))


def _new_generation() -> int:
    # Not 0, which stands for none; and within the signed 64 bits of a column.
    return secrets.randbits(62) + 1


def knows_schema(version: str | None) -> bool:
    """Whether this program can read a database of that version, migrating it if it is older."""
    return version is not None and is_known(version, steps=STEPS, head=HEAD)
