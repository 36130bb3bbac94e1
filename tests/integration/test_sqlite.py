"""SQLite's own ways: pragmas, locks, a full disk, a file that is none."""

import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from manciple.kit.errors import Unavailable
from manciple.platform.db.database import Database
from manciple.platform.db.sqlite import open_sqlite


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_sqlite(tmp_path / "x.db", busy_timeout_ms=10)
    await opened.write(lambda c: run(c, "CREATE TABLE t (n INTEGER PRIMARY KEY, m BLOB)"))
    yield opened
    await opened.close()


def run(connection: Connection, sql: str) -> None:
    connection.execute(text(sql))


def pragma(connection: Connection, name: str) -> Any:
    return connection.execute(text(f"PRAGMA {name}")).scalar_one()


EXPECTED = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "cache_size": -64000,
    "mmap_size": 268435456,
    "busy_timeout": 30000,
    "synchronous": 1,
}


@pytest.mark.parametrize("name", EXPECTED)
async def test_readers_and_the_writer_have_the_pragmas(tmp_path: Path, name: str) -> None:
    database = open_sqlite(tmp_path / "x.db")
    assert await database.write(lambda c: pragma(c, name)) == EXPECTED[name]
    assert await database.read(lambda c: pragma(c, name)) == EXPECTED[name]
    await database.close()


async def test_only_a_durable_write_waits_for_the_disk(database: Database) -> None:
    full, normal = 2, 1
    assert await database.write(lambda c: pragma(c, "synchronous"), durable=True) == full
    assert await database.write(lambda c: pragma(c, "synchronous")) == normal


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await database.read(lambda c: run(c, "INSERT INTO t VALUES (1, 1)"))


async def test_a_reader_goes_on_while_somebody_writes(database: Database) -> None:
    def write_and_look(connection: Connection) -> int:
        run(connection, "INSERT INTO t VALUES (1, 1)")
        seen: list[int] = []
        reader = threading.Thread(target=lambda: seen.append(database.read_here(count)))
        reader.start()
        reader.join(timeout=120)
        return seen[0]

    assert await database.write(write_and_look) == 0
    assert await database.read(count) == 1


def count(connection: Connection) -> int:
    return len(connection.execute(text("SELECT n FROM t")).all())


async def test_a_lock_held_elsewhere_is_unavailable(database: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            await database.write(lambda c: run(c, "INSERT INTO t VALUES (1, 1)"))
    await database.write(lambda c: run(c, "INSERT INTO t VALUES (1, 1)"))


async def test_a_full_disk_is_told_and_does_no_harm(database: Database) -> None:
    def limit(connection: Connection) -> None:
        pages = pragma(connection, "page_count")
        run(connection, f"PRAGMA max_page_count = {pages + 2}")

    await database.write(limit)
    with pytest.raises(Unavailable, match="disk is full"):
        await database.write(lambda c: run(c, "INSERT INTO t VALUES (1, zeroblob(1000000))"))
    await database.write(lambda c: run(c, "INSERT INTO t VALUES (2, 'small')"))
    assert await database.read(count) == 1


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"This is a letter, not a database. " * 100)
    with pytest.raises(Unavailable, match="not one of SQLite"):
        open_sqlite(tmp_path / "x.db")


@pytest.mark.parametrize("sql", ["SELECT * FROM gone", "SELECT gone FROM t"])
async def test_a_file_without_what_it_should_have_is_told(database: Database, sql: str) -> None:
    with pytest.raises(Unavailable, match=r"changed its file: no such .*gone"):
        await database.read(lambda c: run(c, sql))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="folder"):
        open_sqlite(tmp_path / "file" / "x.db")


def test_nobody_else_may_read_a_new_database(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "x.db")
    database.write_here(lambda c: run(c, "CREATE TABLE t (n INTEGER)"))
    modes = [file.stat().st_mode & 0o077 for file in tmp_path.glob("x.db*")]
    database.close_here()
    assert modes == [0, 0, 0]


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "x.db")
    database.write_here(lambda c: run(c, "CREATE TABLE t (n INTEGER)"))
    database.read_here(lambda c: pragma(c, "page_count"))
    database.close_here()
    assert [file.name for file in tmp_path.iterdir()] == ["x.db"]
