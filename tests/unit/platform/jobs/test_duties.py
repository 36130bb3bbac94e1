"""Duties that one of many does, whatever the clock on the wall says."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from manciple.grocery.stores.opening import open_database_in_memory
from manciple.platform.db.database import Database
from manciple.platform.jobs.duties import take_duty
from tests.fakes import FakeClock

NOW = FakeClock().now()


@pytest.fixture
def database() -> Iterator[Database]:
    opened = open_database_in_memory()
    yield opened
    opened.close_here()


def takes(database: Database, holder: str, *, after_s: float = 0.0) -> bool:
    def work(connection: Connection) -> bool:
        now = NOW + timedelta(seconds=after_s)
        return take_duty(connection, "watch", holder=holder, now=now, for_s=30.0)

    return database.write_here(work)


def test_one_holds_a_duty_until_its_time_is_over(database: Database) -> None:
    assert takes(database, "a")
    assert not takes(database, "b", after_s=29)
    assert takes(database, "a", after_s=29)
    assert not takes(database, "b", after_s=58)
    assert takes(database, "b", after_s=60)


def test_a_holder_that_died_is_followed_though_the_clock_was_set_back(database: Database) -> None:
    assert takes(database, "a")
    assert takes(database, "b", after_s=-3600)
    assert not takes(database, "a", after_s=-3599)
