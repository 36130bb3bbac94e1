"""What every database promises, be it in a file or in memory."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from manciple.kit.errors import Conflict, Unavailable
from manciple.platform.db.database import Database
from manciple.platform.db.sqlite import open_in_memory, open_sqlite


@pytest.fixture(params=["file", "memory"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_sqlite(tmp_path / "x.db") if request.param == "file" else open_in_memory()
    await opened.write(lambda c: run(c, "CREATE TABLE t (n INTEGER PRIMARY KEY, m INTEGER)"))
    yield opened
    await opened.close()


def run(connection: Connection, sql: str) -> None:
    connection.execute(text(sql))


def numbers(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT n FROM t ORDER BY n")).scalars())


async def test_what_was_written_can_be_read(database: Database) -> None:
    await database.write(lambda c: run(c, "INSERT INTO t VALUES (1, 1)"))
    assert await database.read(numbers) == [1]


async def test_nothing_is_kept_of_work_that_raises(database: Database) -> None:
    def work(connection: Connection) -> None:
        run(connection, "INSERT INTO t VALUES (1, 1)")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert await database.read(numbers) == []


async def test_even_tables_are_taken_back(database: Database) -> None:
    def work(connection: Connection) -> None:
        run(connection, "CREATE TABLE half_done (n INTEGER)")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    await database.write(lambda c: run(c, "CREATE TABLE half_done (n INTEGER)"))


async def test_a_broken_rule_of_the_schema_is_a_conflict(database: Database) -> None:
    await database.write(lambda c: run(c, "INSERT INTO t VALUES (1, 1)"))
    with pytest.raises(Conflict):
        await database.write(lambda c: run(c, "INSERT INTO t VALUES (1, 2)"))
    assert await database.read(numbers) == [1]


async def test_writes_come_one_after_the_other(database: Database) -> None:
    def add_next(connection: Connection) -> None:
        run(connection, "INSERT INTO t SELECT coalesce(max(n), 0) + 1, 0 FROM t")

    await asyncio.gather(*(database.write(add_next) for _ in range(50)))
    assert await database.read(numbers) == list(range(1, 51))


async def test_a_durable_write_is_a_write(database: Database) -> None:
    await database.write(lambda c: run(c, "INSERT INTO t VALUES (1, 1)"), durable=True)
    assert await database.read(numbers) == [1]


def numbers_of_nothing(connection: Connection) -> None:
    run(connection, "SELECT 1")


async def test_too_much_waiting_work_is_told_at_once(tmp_path: Path) -> None:
    database = Database(open_sqlite(tmp_path / "x.db").engines, max_waiting=3)
    results = await asyncio.gather(
        *(database.read(numbers_of_nothing) for _ in range(10)), return_exceptions=True
    )
    await database.close()
    assert sum(isinstance(result, Unavailable) for result in results) == 7


async def test_a_closed_database_says_so(database: Database) -> None:
    await database.close()
    await database.close()
    with pytest.raises(Unavailable, match="closed"):
        await database.read(numbers)


async def test_running_work_ends_before_closing(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "x.db")
    await database.write(lambda c: run(c, "CREATE TABLE t (n INTEGER, m INTEGER)"))
    writing = asyncio.ensure_future(database.write(lambda c: run(c, "INSERT INTO t VALUES (7, 0)")))
    await asyncio.sleep(0)
    await database.close()
    await writing
    again = open_sqlite(tmp_path / "x.db")
    assert await again.read(numbers) == [7]
    await again.close()
