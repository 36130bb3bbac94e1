"""The steps lead from nothing to the very schema that the stores declare."""

import multiprocessing
import re
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Index, text

from manciple.grocery.stores.opening import knows_schema, open_database
from manciple.grocery.stores.schema import metadata
from manciple.kit.errors import Refused
from manciple.migrations.head import HEAD, STEPS
from manciple.platform.db.migrate import migrate, version_of
from manciple.platform.db.sqlite import open_in_memory, open_sqlite

# A column that was added in place stands behind the one before, on the same line.
_LINES = re.compile(r"\n|, (?=\w+ (?:TEXT|INTEGER|FLOAT|VARCHAR)\b)")


def differences(connection: Connection) -> list[object]:
    # What an index over an expression says is compared below, as text.
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_object": lambda thing, _name, kind, *_more: (
                kind != "index" or not has_expression(thing)
            ),
        },
    )
    return list(compare_metadata(context, metadata))


def has_expression(index: Index) -> bool:
    return any(not isinstance(part, Column) for part in index.expressions) or index.name in {
        known.name
        for table in metadata.tables.values()
        for known in table.indexes
        if any(not isinstance(part, Column) for part in known.expressions)
    }


def test_the_steps_make_what_the_stores_declare() -> None:
    database = open_in_memory()
    migrate(database, steps=STEPS, head=HEAD)
    assert database.write_here(differences) == []
    database.close_here()


def test_checks_defaults_and_indexes_are_the_same_too() -> None:
    migrated, declared = open_in_memory(), open_in_memory()
    migrate(migrated, steps=STEPS, head=HEAD)
    declared.write_here(metadata.create_all)
    pair = (migrated.write_here(clauses), declared.write_here(clauses))
    migrated.close_here()
    declared.close_here()
    assert pair[0] == pair[1]


def clauses(connection: Connection) -> dict[str, list[str]]:
    """The clauses of each table and index, in no order: how they are laid out differs."""
    rows = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'sqlite%'")
    )
    return {
        name: sorted(" ".join(line.split()).rstrip(",") for line in _LINES.split(sql))
        for name, sql in rows
        if name != "alembic_version"
    }


def test_a_database_of_another_program_is_left_alone() -> None:
    database = open_in_memory()
    database.write_here(lambda c: c.execute(text("CREATE TABLE recipes (name TEXT)")))
    with pytest.raises(Refused, match="'recipes'"):
        migrate(database, steps=STEPS, head=HEAD)
    database.close_here()


def test_the_stated_head_is_the_last_step() -> None:
    assert ScriptDirectory(str(STEPS)).get_current_head() == HEAD


def test_every_step_can_be_stopped_at_and_gone_on_from(tmp_path: Path) -> None:
    steps = [s.revision for s in ScriptDirectory(str(STEPS)).walk_revisions()]
    for version in reversed(steps):
        part = tmp_path / f"steps-{version}"
        shutil.copytree(STEPS, part, ignore=shutil.ignore_patterns("__pycache__"))
        for script in (part / "versions").glob("0*.py"):
            if script.name[:4] > version:
                script.unlink()
        database = open_sqlite(tmp_path / f"{version}.db")
        migrate(database, steps=part, head=version)
        migrate(database, steps=STEPS, head=HEAD)
        assert database.read_here(version_of) == HEAD
        database.close_here()


def test_a_database_of_a_newer_version_is_refused_unharmed(tmp_path: Path) -> None:
    database = open_database(tmp_path / "x.db")
    database.write_here(lambda c: c.execute(text("UPDATE alembic_version SET version_num='9999'")))
    database.close_here()
    with pytest.raises(Refused, match="newer"):
        open_database(tmp_path / "x.db")
    assert not knows_schema("9999")
    assert knows_schema(HEAD)
    assert knows_schema("0001")


def test_a_step_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    steps = tmp_path / "steps"
    shutil.copytree(STEPS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    (steps / "versions" / "9999_broken.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\nrevision = '9999'\n"
        f"down_revision = '{HEAD}'\n\n\ndef upgrade():\n"
        "    op.create_table('half', sa.Column('n', sa.Integer()))\n    raise LookupError\n"
    )
    database = open_database(tmp_path / "x.db")
    with pytest.raises(LookupError):
        migrate(database, steps=steps, head="9999")
    assert database.read_here(version_of) == HEAD
    assert "half" not in database.read_here(clauses)
    database.close_here()


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open, args=(tmp_path / "x.db",)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=300)
    assert [process.exitcode for process in processes] == [0, 0, 0]


def _open(path: Path) -> None:
    open_database(path).close_here()
