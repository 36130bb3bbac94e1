"""Brings a database to the newest schema by itself, at start."""

import importlib
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from manciple.kit.errors import Refused
from manciple.platform.db.database import Database


def version_of(connection: Connection) -> str | None:
    """The schema's version in the database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return version


def migrate(database: Database, *, steps: Path, head: str) -> None:
    """Returns when the schema is at `head`; `steps` is the folder of Alembic's scripts.

    All missing steps are one transaction that takes the write lock before it looks, so of two
    processes one migrates and the other finds it done. A crash leaves the old schema whole.

    Raises:
        Refused: the database was written by a newer version of the product, or has tables and no
            version.
        Unavailable: another process holds the lock too long, or the disk is full.
    """
    if database.write_here(version_of) != head:
        database.write_here(lambda connection: _upgrade(connection, steps=steps, head=head))


def is_known(version: str, *, steps: Path, head: str) -> bool:
    """Whether a version is `head` or one of the steps to it."""
    return version == head or version in _runner().known_versions(steps)


def _runner() -> Any:
    # Alembic is loaded only here: most starts find nothing to do, and it takes 0.3 s to import.
    return importlib.import_module("manciple.platform.db.alembic_runner")


def _upgrade(connection: Connection, *, steps: Path, head: str) -> None:
    version = version_of(connection)
    if version == head:
        return
    if version is not None and not is_known(version, steps=steps, head=head):
        raise Refused(
            f"The database has schema {version!r}, which this version of manciple does not know: "
            "it was written by a newer one"
        )
    if version is None and (found := inspect(connection).get_table_names()):
        raise Refused(
            f"The database has tables ({found[0]!r}, …) and no version of manciple's schema: it is "
            "another program's, or somebody else changed it; `manciple restore` puts back a backup"
        )
    _runner().upgrade(connection, steps)
