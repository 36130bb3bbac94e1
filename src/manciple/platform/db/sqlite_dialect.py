"""SQLite as SQLAlchemy speaks it, with transactions that begin where and how we say."""

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import PoolProxiedConnection

# What the address of a database begins with that is to be spoken to so.
SCHEME = "sqlite+manciple"


class SqliteDialect(SQLiteDialect_pysqlite):
    """Begins each transaction by the statement `begin`.

    The driver's own BEGIN comes too late, and never before DDL. A listener of SQLAlchemy's event
    would do as well, but one listener makes every transaction and statement look for others.
    """

    supports_statement_cache = True

    def __init__(self, begin: str = "BEGIN", **others: Any) -> None:
        super().__init__(**others)
        self._begin = begin

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Begins a transaction."""
        dbapi_connection.cursor().execute(self._begin)


registry.register(SCHEME.replace("+", "."), __name__, SqliteDialect.__name__)
