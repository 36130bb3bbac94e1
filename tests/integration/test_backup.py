"""Copies of the database: whole, checked, and put back only where that is safe."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from manciple.grocery.stores.checkup import revisions, tables
from manciple.grocery.stores.opening import knows_schema, open_database, renew_generation
from manciple.grocery.stores.stores import Transaction
from manciple.kit.errors import NotFound, Refused
from manciple.migrations.head import HEAD
from manciple.platform.db.backup import back_up, examine, restore
from manciple.platform.db.checkup import Verdict, examine_database
from manciple.platform.db.database import Database
from tests.fakes import FakeClock
from tests.stocks import a_full_product


@pytest.fixture
def path(tmp_path: Path) -> Path:
    database = open_database(tmp_path / "x.db")
    add(database, *"abc")
    database.close_here()
    return tmp_path / "x.db"


def add(database: Database, *ids: str) -> None:
    database.write_here(
        lambda c: Transaction(c, FakeClock()).products.upsert_many(a_full_product(i) for i in ids)
    )


def ids_in(path: Path) -> list[str]:
    database = open_database(path)
    found = database.read_here(lambda c: Transaction(c, FakeClock()).products.page(limit=10_000))
    database.close_here()
    return [product.product_id for product in found]


def test_a_copy_can_be_put_back(path: Path, tmp_path: Path) -> None:
    copy = back_up(path, tmp_path / "copy.db")
    assert copy.rows["walmart_products"] == 3
    database = open_database(path)
    add(database, "later")
    database.close_here()
    restore(tmp_path / "copy.db", path, knows=knows_schema, mark=renew_generation)
    assert ids_in(path) == ["a", "b", "c"]
    assert ids_in(path.with_name("x.db.before-restore")) == ["a", "b", "c", "later"]


def generation(path: Path) -> int:
    database = open_database(path)
    found = database.read_here(lambda c: Transaction(c, FakeClock()).products.generation())
    database.close_here()
    return found


def test_followers_notice_that_a_database_was_restored(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    before = generation(path)
    assert generation(path) == before != 0
    restore(tmp_path / "copy.db", path, knows=knows_schema, mark=renew_generation)
    assert generation(path) not in {before, 0}


def test_a_copy_made_while_somebody_writes_is_of_one_instant(path: Path, tmp_path: Path) -> None:
    database = open_database(path)
    done = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not done.is_set() and number < 500:
            number += 1
            add(database, f"p{number}-1", f"p{number}-2")

    writer = threading.Thread(target=keep_writing)
    writer.start()
    copies = [back_up(path, tmp_path / f"copy{i}.db").rows["walmart_products"] for i in range(5)]
    done.set()
    writer.join()
    database.close_here()
    # Pairs are written together: a copy with half of one would be even.
    assert all(rows % 2 == 1 for rows in copies)


def test_a_copy_does_not_overwrite_unasked(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    with pytest.raises(Refused, match="exists already"):
        back_up(path, tmp_path / "copy.db")
    back_up(path, tmp_path / "copy.db", replace=True)


def test_a_copy_needs_a_folder_that_is_there(path: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        back_up(path, tmp_path / "nowhere" / "copy.db")


def test_nothing_is_restored_below_a_running_server(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    database = open_database(path)
    database.read_here(lambda c: c.execute(text("SELECT 1")))
    with pytest.raises(Refused, match="in use"):
        restore(tmp_path / "copy.db", path, knows=knows_schema, mark=renew_generation)
    add(database, "d")
    database.close_here()
    assert ids_in(path) == ["a", "b", "c", "d"]
    assert not list(tmp_path.glob("*.restoring"))


def test_a_copy_of_a_newer_schema_is_refused(path: Path, tmp_path: Path) -> None:
    database = open_database(path)
    database.write_here(lambda c: c.execute(text("UPDATE alembic_version SET version_num='9999'")))
    database.close_here()
    back_up(path, tmp_path / "copy.db")
    with pytest.raises(Refused, match="9999"):
        restore(
            tmp_path / "copy.db", tmp_path / "other.db", knows=knows_schema, mark=renew_generation
        )
    assert not (tmp_path / "other.db").exists()


def test_a_damaged_copy_is_refused(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    body = bytearray((tmp_path / "copy.db").read_bytes())
    body[8192:40960] = b"\xa5" * (40960 - 8192)
    (tmp_path / "copy.db").write_bytes(body)
    with pytest.raises(Refused, match="damaged"):
        restore(tmp_path / "copy.db", path, knows=knows_schema, mark=renew_generation)
    assert ids_in(path) == ["a", "b", "c"]


def test_a_damaged_database_can_be_restored_over(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    path.write_bytes(b"ruined" * 1000)
    restore(tmp_path / "copy.db", path, knows=knows_schema, mark=renew_generation)
    assert ids_in(path) == ["a", "b", "c"]


def test_there_is_no_copy_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No file"):
        back_up(tmp_path / "nowhere.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_one_file_that_only_its_owner_reads(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert examine(tmp_path / "copy.db").schema == HEAD


def verdicts(path: Path) -> dict[str, Verdict]:
    findings = examine_database(path, head=HEAD, looks=(revisions, tables))
    return {finding.part: finding.verdict for finding in findings}


def test_a_healthy_database_has_nothing_wrong(path: Path) -> None:
    assert set(verdicts(path).values()) == {Verdict.OK}


def test_a_look_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    verdicts(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("UPDATE counters SET value = 0", "revisions"),
        ("UPDATE alembic_version SET version_num = '9999'", "schema"),
        ("DROP TABLE audit_trail", "tables"),
        ("ALTER TABLE audit_trail DROP COLUMN details", "tables"),
        ("UPDATE price_history SET product_id = 'nobody' WHERE id = 1", "foreign keys"),
    ],
)
def test_what_is_wrong_is_found(path: Path, sql: str, part: str) -> None:
    database = open_database(path)
    with database.engines.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute(sql)
    database.close_here()
    assert verdicts(path)[part] is Verdict.FAILED


def test_a_damaged_database_is_found(path: Path) -> None:
    path.write_bytes(b"ruined" * 1000)
    assert verdicts(path)["database"] is Verdict.FAILED


def test_a_missing_database_is_found(tmp_path: Path) -> None:
    assert verdicts(tmp_path / "x.db") == {"database": Verdict.FAILED}
