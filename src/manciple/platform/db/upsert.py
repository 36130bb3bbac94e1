"""An INSERT that knows ON CONFLICT, in the dialect of the connection.

SQLite and PostgreSQL spell it alike; SQLAlchemy keeps one construct for each.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

from manciple.kit.late import Late

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
else:
    # Five megabytes of drivers' code that a house on SQLite never needs.
    postgresql = Late("sqlalchemy.dialects.postgresql")


def insert_or(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An insert into `table` with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
