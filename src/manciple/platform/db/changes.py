"""Notices that any process committed to a SQLite file, at near-zero cost.

`PRAGMA data_version` changes for a connection whenever another connection commits; asking takes
microseconds and touches no table.
"""

import sqlite3
from pathlib import Path


class ChangeWatch:
    """A connection of its own that only ever asks whether something changed; close it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"file:{path}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
        )
        self._seen = self._version()

    def has_changed(self) -> bool:
        """Whether anything was committed since the last time it was asked."""
        version = self._version()
        changed, self._seen = version != self._seen, version
        return changed

    def close(self) -> None:
        """Lets the file go."""
        self._connection.close()

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
