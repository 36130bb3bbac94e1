"""Alembic, run over an open connection; imported only when there is something to migrate."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def known_versions(steps: Path) -> frozenset[str]:
    """Every version that the scripts in `steps` can make."""
    scripts = ScriptDirectory(str(steps))
    return frozenset(script.revision for script in scripts.walk_revisions())


def upgrade(connection: Connection, steps: Path) -> None:
    """Runs every missing step inside the transaction of `connection`."""
    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
