"""Notices that any process committed to a SQLite file, at near-zero cost.

`PRAGMA data_version` changes for a connection whenever another connection commits; asking takes
microseconds and touches no table. Whether rows were added to a table that counts its ids is one
more such question.
"""

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

# The bell of a commit rings with its last write; that it is whole shows a moment later, or, where
# the disk must confirm first, as much later as that takes.
LOOK_AGAIN_S = (0.001, 0.008, 0.06)
# Where the kernel rings no bell: half of what a subscriber may wait for another process' change.
POLL_S = 0.01
# With a bell; nothing ever waits for this but what a bell was not rung for.
REST_S = 2.0
_NEWEST_ID = "SELECT seq FROM sqlite_sequence WHERE name = ?"


def log_of(path: Path) -> Path:
    """The file that every commit is written to first."""
    return path.with_name(f"{path.name}-wal")


def reader_in_the_loop(path: Path) -> sqlite3.Connection:
    """A connection that only reads, for who stands in the event loop.

    A lock is no reason to wait there: it raises `sqlite3.OperationalError` at once.
    """
    return sqlite3.connect(
        f"file:{path}?mode=ro",
        uri=True,
        check_same_thread=False,
        isolation_level=None,
        timeout=0,
    )


class ChangeWatch:
    """A connection of its own that only ever asks whether something changed; close it."""

    def __init__(self, path: Path, tables: Iterable[str] = ()) -> None:
        self._connection = reader_in_the_loop(path)
        self._tables = tuple(tables)
        marks = ", ".join("?" for _ in self._tables)
        self._newest = f"SELECT name, seq FROM sqlite_sequence WHERE name IN ({marks})"  # noqa: S608 - marks
        self._seen = self.version()
        self._ids = self._newest_ids()

    def has_changed(self) -> bool:
        """Whether anything was committed since the last time it was asked."""
        version = self.version()
        changed, self._seen = version != self._seen, version
        return changed

    def has_added(self) -> bool:
        """Whether rows were added to one of the tables since the last time it was asked."""
        if not self.has_changed():
            return False
        ids = self._newest_ids()
        added, self._ids = ids != self._ids, ids
        return added

    def newest_id(self, table: str) -> int:
        """The newest id that a table which counts its ids ever gave; one look, no waiting."""
        try:
            row = self._connection.execute(_NEWEST_ID, [table]).fetchone()
        except sqlite3.OperationalError:
            # As below: whoever compares this with what it saw before looks once more.
            return -1
        return int(row[0]) if row is not None else 0

    def close(self) -> None:
        """Lets the file go."""
        self._connection.close()

    def _newest_ids(self) -> list[tuple[str, int]]:
        with contextlib.suppress(sqlite3.OperationalError):
            return self._connection.execute(self._newest, self._tables).fetchall()
        return []

    def version(self) -> int:
        """A number that is another whenever something was committed since."""
        try:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.OperationalError:
            # Locked for a moment, as while a log is recovered: better a look too many.
            return -1
