"""The audit trail against somebody who writes into the database file."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from manciple.grocery.actions.audit import Deed
from manciple.kit.errors import Refused
from manciple.services.house import House
from manciple.services.key_file import turn_keys
from tests.asking import an_open_house

ENTRIES = 6
Tampering = Callable[[sqlite3.Connection], object]


def deed(number: int) -> Deed:
    return Deed(actor="ann", address="203.0.113.9", action="list.change", object_id=f"{number}")


@asynccontextmanager
async def reopened(folder: Path) -> AsyncIterator[House]:
    async with an_open_house(folder, is_new=False) as house:
        yield house


async def a_trail(folder: Path) -> None:
    async with an_open_house(folder) as house:
        for number in range(ENTRIES):
            await house.audit.note(deed(number))
        assert await house.audit.keep_checkpoint() is None


def tamper(folder: Path, how: Tampering) -> None:
    """Changes the file as somebody could who has it: without our rules."""
    with closing(sqlite3.connect(folder / "grocery.db")) as connection, connection:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS audit_trail_takes_no_{verb}")
        how(connection)


def rewrite(connection: sqlite3.Connection) -> None:
    """Cuts the trail off and lets the house write another one over it."""
    connection.execute("DELETE FROM audit_trail WHERE seq > 2")


def swap(connection: sqlite3.Connection) -> None:
    for before, after in ((2, 99), (3, 2), (99, 3)):
        connection.execute("UPDATE audit_trail SET seq = ? WHERE seq = ?", (after, before))


def put_in(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE audit_trail SET seq = seq + 100 WHERE seq > 3")
    connection.execute("UPDATE audit_trail SET seq = seq - 99 WHERE seq > 100")
    connection.execute(
        "INSERT INTO audit_trail SELECT 4, at, actor, address, action, object_id, outcome, details,"
        " previous, hash FROM audit_trail WHERE seq = 3"
    )


TAMPERINGS: dict[str, Tampering] = {
    "an edit": lambda c: c.execute("UPDATE audit_trail SET actor = 'eve' WHERE seq = 3"),
    "an edit of the newest": lambda c: c.execute(
        "UPDATE audit_trail SET outcome = '' WHERE seq = ?", (ENTRIES,)
    ),
    "bytes in place of a text": lambda c: c.execute(
        "UPDATE audit_trail SET details = x'00' WHERE seq = 3"
    ),
    "a deletion in the middle": lambda c: c.execute("DELETE FROM audit_trail WHERE seq = 3"),
    "a deletion of the first": lambda c: c.execute("DELETE FROM audit_trail WHERE seq = 1"),
    "a deletion of the newest": lambda c: c.execute(
        "DELETE FROM audit_trail WHERE seq = ?", (ENTRIES,)
    ),
    "the end cut off": rewrite,
    "everything deleted": lambda c: c.execute("DELETE FROM audit_trail"),
    "another order": swap,
    "an entry put in": put_in,
}


async def test_a_trail_that_nobody_touched_is_whole(tmp_path: Path) -> None:
    await a_trail(tmp_path)
    async with reopened(tmp_path) as house:
        found = await house.audit.verify()
        assert (found.is_whole, found.entries, found.checkpoint) == (True, ENTRIES, ENTRIES)


@pytest.mark.parametrize("name", TAMPERINGS)
async def test_whatever_is_done_to_it_shows(tmp_path: Path, name: str) -> None:
    await a_trail(tmp_path)
    tamper(tmp_path, TAMPERINGS[name])
    async with reopened(tmp_path) as house:
        assert not (await house.audit.verify()).is_whole


async def test_a_trail_written_over_shows_however_long_it_grows(tmp_path: Path) -> None:
    await a_trail(tmp_path)
    tamper(tmp_path, rewrite)
    async with reopened(tmp_path) as house:
        for number in range(2 * ENTRIES):
            await house.audit.note(deed(100 + number))
        assert "another one than was noted" in str(await house.audit.keep_checkpoint())
        found = await house.audit.verify()
        assert found.first_broken is None
        assert not found.is_whole


async def test_a_forged_note_is_not_believed(tmp_path: Path) -> None:
    await a_trail(tmp_path)
    tamper(tmp_path, rewrite)
    note = tmp_path / "grocery.audit"
    note.write_text(note.read_text().replace(f'"seq":{ENTRIES}', '"seq":2'))
    async with reopened(tmp_path) as house:
        assert "was not written by this house" in str((await house.audit.verify()).problem)


async def test_the_note_outlives_turned_keys(tmp_path: Path) -> None:
    await a_trail(tmp_path)
    turn_keys(tmp_path / "grocery.db")
    async with reopened(tmp_path) as house:
        assert (await house.audit.verify()).is_whole


async def test_a_restored_trail_is_accepted_by_an_entry_of_its_own(tmp_path: Path) -> None:
    await a_trail(tmp_path)
    tamper(tmp_path, rewrite)
    async with reopened(tmp_path) as house:
        found = await house.audit.accept(deed(0))
        assert (found.is_whole, found.entries, found.checkpoint) == (True, 3, 3)


async def test_broken_links_are_not_accepted(tmp_path: Path) -> None:
    await a_trail(tmp_path)
    tamper(tmp_path, TAMPERINGS["an edit"])
    async with reopened(tmp_path) as house:
        with pytest.raises(Refused):
            await house.audit.accept(deed(0))


@pytest.mark.parametrize("name", ["the end cut off", "an edit"])
async def test_a_note_that_was_taken_away_is_missed(tmp_path: Path, name: str) -> None:
    await a_trail(tmp_path)
    tamper(tmp_path, TAMPERINGS[name])
    (tmp_path / "grocery.audit").unlink()
    async with reopened(tmp_path) as house:
        assert "is missing" in str((await house.audit.verify()).problem)
        assert await house.audit.keep_checkpoint() is not None
        assert not (await house.audit.verify()).is_whole


async def test_a_new_house_is_noted_before_anything_is_done(tmp_path: Path) -> None:
    async with an_open_house(tmp_path) as house:
        found = await house.audit.verify()
        assert (found.is_whole, found.entries, found.checkpoint) == (True, 0, 0)
