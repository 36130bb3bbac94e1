"""A commit of another process wakes whoever follows, without anybody asking for it."""

import asyncio
import sqlite3
import struct
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.kit.file_bell import FileBell, tells_of
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.news import Listener
from manciple.platform.bus.outbox import Outbox
from manciple.platform.db.changes import LOOK_AGAIN_S, ChangeWatch, log_of
from manciple.platform.db.database import Database

CLOCK = SystemClock()
needs_inotify = pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells on Linux only")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(tmp_path / "house.db")
    yield opened
    await opened.close()


@pytest.fixture
def another(tmp_path: Path, database: Database) -> sqlite3.Connection:
    """A connection as another process has one."""
    del database
    return sqlite3.connect(tmp_path / "house.db", isolation_level=None)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not is_so():  # noqa: ASYNC110 - polls another's state, with a bound
            await asyncio.sleep(0.005)


def add_news(connection: sqlite3.Connection, key: str) -> None:
    connection.execute(
        "INSERT INTO outbox (topic, key, payload, at)"
        " VALUES ('list.created', ?, '{}', '2026-01-01T00:00:00.000000Z')",
        [key],
    )


@needs_inotify
async def test_a_bell_rings_when_its_file_is_written(tmp_path: Path) -> None:
    rung: list[int] = []
    bell = FileBell(tmp_path / "wanted", later=(0.001,))
    bell.ring = lambda: rung.append(1)
    assert bell.open()
    try:
        (tmp_path / "wanted").write_text("x")
        await until(lambda: len(rung) >= 2)
    finally:
        bell.close()


def test_what_the_kernel_tells_of_other_files_is_nothing() -> None:
    def told(name: bytes) -> bytes:
        return struct.pack("=iIII", 1, 2, 0, 16) + name.ljust(16, b"\0")

    assert tells_of(told(b"other") + told(b"wanted"), b"wanted")
    assert not tells_of(told(b"other") + told(b"wanted-too"), b"wanted")
    assert not tells_of(b"", b"wanted")


async def test_a_bell_without_a_folder_says_that_nobody_will_ring(tmp_path: Path) -> None:
    assert not FileBell(tmp_path / "missing" / "file").open()


async def test_only_new_rows_of_the_watched_tables_count(
    tmp_path: Path, database: Database, another: sqlite3.Connection
) -> None:
    del database
    watch = ChangeWatch(tmp_path / "house.db", ["outbox", "jobs"])
    try:
        assert not watch.has_added()
        another.execute("INSERT INTO counters (name, value) VALUES ('x', 1)")
        assert not watch.has_added()
        add_news(another, "a")
        assert watch.has_added()
        assert not watch.has_added()
        another.execute("DELETE FROM outbox")
        assert not watch.has_added()
    finally:
        watch.close()


@needs_inotify
async def test_news_of_another_process_are_heard_though_nobody_polls(
    tmp_path: Path, database: Database, another: sqlite3.Connection
) -> None:
    path = tmp_path / "house.db"
    watch, bell = ChangeWatch(path, ["outbox"]), FileBell(log_of(path), later=LOOK_AGAIN_S)
    # An hour: what is heard before was rung for.
    exchange = Exchange(database, CLOCK, Hub(), has_changed=watch.has_added, poll_s=3600.0)
    bell.ring = exchange.look
    await exchange.open()
    exchange.join(Listener(id="l"), lambda: None)
    exchange.hub.subscribe("l", ["*"])
    assert bell.open()
    running = asyncio.create_task(exchange.run())
    try:
        for number in range(1, 4):
            add_news(another, str(number))
            await until(lambda number=number: exchange.last_id == number)  # type: ignore[misc]  # a loop's number
        await database.write(
            lambda c: Outbox(c, CLOCK.now()).add("list.created", {}, key="4"), durable=True
        )
        await until(lambda: exchange.last_id == 4)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        bell.close()
        watch.close()
