"""Copies of a SQLite database: made while it is in use, verified, put in place in one step."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from manciple.kit.errors import MancipleError, NotFound, Refused, Unavailable

_FULL_WAIT_S = 60.0
# What a household buys is nobody else's business.
OWNER_ONLY = 0o600


class Copy(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A verified copy: how large, of which schema, and the rows of each table."""

    path: Path
    size_bytes: int
    schema: str | None
    rows: dict[str, int]


def back_up(database: Path, copy: Path, *, replace: bool = False) -> Copy:
    """A copy of `database` as it is at one instant; readers and writers go on meanwhile.

    The copy appears under its name only once it is whole, checked and on the disk.

    Raises:
        Refused: there is a file at `copy` and `replace` is not wanted, or the copy is not whole.
        NotFound: there is no database, or no folder for the copy.
        Unavailable: it cannot be read, or the disk is full.
    """
    if not copy.parent.is_dir():
        raise NotFound("folder", str(copy.parent))
    if copy.exists() and not replace:
        raise Refused(f"{copy} exists already; --replace overwrites it")
    partial = copy.with_name(f"{copy.name}.partial")
    with _telling(f"The backup {copy}"), _removed_on_error(partial):
        with closing(_open(database)) as source, closing(sqlite3.connect(partial)) as target:
            # The copy and the counts come from the one snapshot of this transaction.
            source.execute("BEGIN")
            expected = _row_counts(source)
            source.backup(target)
            # One file, with no log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        found = examine(partial)
        if found.rows != expected:
            raise Refused("The backup does not hold every row; nothing was written")
        _settle(partial, copy)
    return Copy(path=copy, size_bytes=found.size_bytes, schema=found.schema, rows=found.rows)


def restore(
    copy: Path,
    database: Path,
    *,
    knows: Callable[[str | None], bool],
    mark: Callable[[sqlite3.Connection], None],
) -> Copy:
    """Puts a checked copy in the place of `database` in one step.

    The database that was there stays beside it as `….before-restore`. `knows` says whether a
    version of the schema is one that this program can read. `mark` changes the new database before
    anybody sees it, so that whoever follows it notices that time went backwards.

    Raises:
        Refused: the copy is damaged or of a newer schema, or the database is in use.
        NotFound: there is no copy.
        Unavailable: the files cannot be read or written.
    """
    with _telling(f"The database {database}"):
        found = examine(copy)
        if found.schema is None or not knows(found.schema):
            raise Refused(f"The copy has schema {found.schema!r}, which this version cannot read")
        database.parent.mkdir(parents=True, exist_ok=True)
        partial = database.with_name(f"{database.name}.restoring")
        with _removed_on_error(partial):
            with closing(_open(copy)) as source, closing(sqlite3.connect(partial)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
                expected = _row_counts(target)
                mark(target)
                target.commit()
            if expected != found.rows or not examine(partial).rows:
                raise Refused("The copy could not be read whole; nothing was changed")
            with _unused(database):
                _set_aside(database)
                _settle(partial, database)
    return found


def examine(path: Path) -> Copy:
    """What a database file holds, after a full check of its structure.

    Raises:
        Refused: it is damaged, or no database.
        NotFound: it is not there.
    """
    try:
        with closing(_open(path)) as connection:
            verdict = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            rows = _row_counts(connection)
            schema = None
            if "alembic_version" in rows:
                version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
                schema = version[0] if version else None
    except sqlite3.DatabaseError as error:
        raise Refused(f"{path} is damaged or no database: {error}") from error
    if verdict != ["ok"] or orphans:
        raise Refused(f"{path} is damaged: {'; '.join(verdict)}; {len(orphans)} orphaned rows")
    return Copy(path=path, size_bytes=path.stat().st_size, schema=schema, rows=rows)


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise NotFound("file", str(path))
    return sqlite3.connect(path, isolation_level=None, timeout=30)


def _row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    names = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - from the schema
        for name in sorted(names)
    }


@contextmanager
def _unused(database: Path) -> Iterator[None]:
    """A block during which nobody else has the database open.

    Leaving WAL needs every other connection closed, idle ones too: that is how a server shows.
    A file that is damaged beyond opening is in nobody's use.
    """
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Refused("The database is in use; stop `manciple serve` first") from error
        except sqlite3.DatabaseError:
            connection.close()
        yield


def _set_aside(database: Path) -> None:
    if database.exists():
        kept = database.with_name(f"{database.name}.before-restore")
        kept.unlink(missing_ok=True)
        # A second name for the same file: at no instant is the database without one.
        os.link(database, kept)
    for suffix in ("-wal", "-shm"):
        # A log left by a crash belongs to the file set aside; with the new one it would be poison.
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _settle(partial: Path, final: Path) -> None:
    """Gives a whole file its name; after a power cut the old or the new one is there."""
    partial.chmod(OWNER_ONLY)
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    partial.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _removed_on_error(partial: Path) -> Iterator[None]:
    partial.unlink(missing_ok=True)
    try:
        yield
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _telling(what: str) -> Iterator[None]:
    try:
        yield
    except MancipleError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"{what} ({error})", wait_s=_FULL_WAIT_S) from error
