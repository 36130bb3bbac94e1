"""A peek sees what a read sees, or says that it cannot."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from manciple.grocery.stores.opening import open_database
from manciple.platform.bus.outbox import Outbox
from manciple.platform.bus.peek import Peek
from manciple.platform.db.database import Database

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = open_database(path)
    yield opened
    opened.close_here()


def tell(database: Database, count: int) -> None:
    def work(outbox: Outbox) -> None:
        for number in range(count):
            outbox.add("list.item_added", {"ä": number}, key="k", household_id="h", owner_id=None)

    database.write_here(lambda connection: work(Outbox(connection, NOW)))


def test_it_gives_what_a_read_gives(database: Database, path: Path) -> None:
    tell(database, 3)
    with closing(Peek(path)) as peek:
        assert peek.after(0) == database.read_here(lambda c: Outbox(c, NOW).after(0, limit=9))
        assert peek.after(3) == []
        tell(database, 1)
        assert [entry.id for entry in peek.after(3) or ()] == [4]


def test_many_are_for_a_thread(database: Database, path: Path) -> None:
    tell(database, 60)
    with closing(Peek(path)) as peek:
        assert peek.after(0) is None
        assert len(peek.after(20) or ()) == 40


def test_it_does_not_wait_for_a_lock(database: Database, path: Path) -> None:
    tell(database, 1)
    database.close_here()
    with closing(Peek(path)) as peek, closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert peek.after(0) is None
