"""SQLite behind `Database`: its connections, pragmas and errors."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from manciple.kit.errors import Conflict, MancipleError, Unavailable
from manciple.platform.db.database import Database, Engines
from manciple.platform.db.sqlite_dialect import SCHEME

# 30 s: writers must outwait a checkpoint and a migration in another process.
BUSY_TIMEOUT_MS = 30_000
CACHE_KIB = 64_000
MMAP_BYTES = 268_435_456
# Reads of SQLite are short and bound by the processor; more threads than this only wait.
READERS = 4

# A writer takes the lock at once: a read that turns into a write could fail half-way.
_BEGIN_WRITING = "BEGIN IMMEDIATE"

_WAIT_S = 1.0
_FULL_WAIT_S = 60.0


def open_sqlite(
    path: Path,
    *,
    readers: int = READERS,
    busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    on_statement: Callable[[str], None] | None = None,
) -> Database:
    """The database in the file `path`, made with its folder if it is missing.

    `on_statement` hears the text of every statement; tests count with it.

    Raises:
        Unavailable: the folder cannot be made or the file cannot be opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What a household buys is nobody else's business; SQLite's log files follow the mode.
        path.touch(mode=0o600)
    except OSError as error:
        raise Unavailable(f"The folder {path.parent} ({error.strerror})", wait_s=_WAIT_S) from error
    writer = _pooled(path, begin=_BEGIN_WRITING, connections=1)
    reader = _pooled(path, begin="BEGIN", connections=readers)
    _prepare(writer, busy_timeout_ms=busy_timeout_ms, is_reader=False)
    _prepare(reader, busy_timeout_ms=busy_timeout_ms, is_reader=True)
    _listen(writer, on_statement)
    _listen(reader, on_statement)
    return _checked(
        Database(
            Engines(
                name="sqlite",
                writer=writer,
                reader=reader,
                readers=readers,
                translate=translate,
                before_begin=_before_begin,
                before_close=_before_close,
            )
        )
    )


def open_in_memory(*, on_statement: Callable[[str], None] | None = None) -> Database:
    """An empty database that lives as long as the object: the test double of the file."""
    engine = create_engine(
        f"{SCHEME}://",
        begin=_BEGIN_WRITING,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
    )
    _prepare(engine, busy_timeout_ms=BUSY_TIMEOUT_MS, is_reader=False)
    _listen(engine, on_statement)
    return Database(
        Engines(
            name="sqlite",
            writer=engine,
            reader=engine,
            readers=0,
            translate=translate,
            before_begin=_before_begin,
            before_close=_before_close,
        )
    )


def _pooled(path: Path, *, begin: str, connections: int) -> Engine:
    return create_engine(
        f"{SCHEME}:///{path}",
        begin=begin,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        # `Database` ends each transaction itself: there is never one to roll back.
        pool_reset_on_return=None,
    )


def _checked(database: Database) -> Database:
    """The same database, once its file was really opened and is one of SQLite's."""
    try:
        database.write_here(lambda connection: connection.exec_driver_sql("SELECT 1"))
    except MancipleError:
        database.close_here()
        raise
    return database


def _prepare(engine: Engine, *, busy_timeout_ms: int, is_reader: bool) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        # Transactions begin by the dialect, never by the driver.
        connection.isolation_level = None
        # First of all: setting WAL below must wait its turn too.
        connection.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
        if not is_reader:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        if is_reader:
            connection.execute("PRAGMA query_only = ON")


def _listen(engine: Engine, on_statement: Callable[[str], None] | None) -> None:
    if on_statement is None:
        return

    @event.listens_for(engine, "before_cursor_execute")
    def executed(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        on_statement(statement)


def _before_begin(connection: Connection, durable: bool) -> None:  # noqa: FBT001 - a field's type
    """NORMAL may lose the last commits in a power cut (never in a crash of ours); FULL does not."""
    if durable:
        connection.info["is_full"] = True
        driver_connection(connection).execute("PRAGMA synchronous = FULL")
    elif connection.info.pop("is_full", False):
        driver_connection(connection).execute("PRAGMA synchronous = NORMAL")


def driver_connection(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection below SQLAlchemy's, outside any transaction of SQLAlchemy."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError(f"Not SQLite: {raw!r}")
    return raw


def _before_close(writer: Engine) -> None:
    """Keeps the planner's statistics fresh; cheap, and skipped where another process writes."""
    try:
        with writer.connect() as connection:
            raw = driver_connection(connection)
            raw.execute("PRAGMA busy_timeout = 0")
            raw.execute("PRAGMA optimize")
    except (DBAPIError, sqlite3.Error):
        return


def translate(error: DBAPIError) -> MancipleError | None:
    """What an error of the driver means to a caller; None where our own SQL is at fault."""
    cause = error.orig
    if isinstance(cause, sqlite3.IntegrityError):
        return Conflict("The stored data", found=str(cause))
    if not isinstance(cause, sqlite3.DatabaseError):
        return None
    if str(cause).startswith(_MISSING):
        # Each of our statements names what the schema has, and a start brings the file to it.
        what = f"The database (somebody else changed its file: {cause})"
        return Unavailable(what, wait_s=_FULL_WAIT_S)
    # The low byte is the primary code; the rest says more.
    reason = _REASONS.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if reason is None:
        return None
    what, wait_s = reason
    return Unavailable(what, wait_s=wait_s)


_MISSING = ("no such table: ", "no such column: ")
_REASONS = {
    sqlite3.SQLITE_BUSY: ("The database (locked by another process)", _WAIT_S),
    sqlite3.SQLITE_LOCKED: ("The database (locked)", _WAIT_S),
    sqlite3.SQLITE_FULL: ("The database (its disk is full)", _FULL_WAIT_S),
    sqlite3.SQLITE_IOERR: ("The database (its disk fails)", _FULL_WAIT_S),
    sqlite3.SQLITE_CANTOPEN: ("The database (its file cannot be opened)", _FULL_WAIT_S),
    sqlite3.SQLITE_PERM: ("The database (its file may not be opened)", _FULL_WAIT_S),
    sqlite3.SQLITE_CORRUPT: ("The database (its file is damaged)", _FULL_WAIT_S),
    sqlite3.SQLITE_NOTADB: ("The database (its file is not one of SQLite)", _FULL_WAIT_S),
    sqlite3.SQLITE_NOMEM: ("The database (out of memory)", _FULL_WAIT_S),
}
