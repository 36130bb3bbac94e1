"""Runs `manciple` commands in this process, on a database of their own."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner, Result

from manciple.cli.app import app
from manciple.grocery.domain.products import Product
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from tests.asking import FILLED_ALREADY

Command = Callable[..., Result]


async def commands_on(path: Path, *products: Product) -> Command:
    """Runs a command on a new database in `path` that holds only these products.

    What the command raises is raised here; its exit code and output are in the result.
    """
    database = open_database(path)
    stores = Stores(database, SystemClock())
    await stores.write(lambda tx: tx.products.upsert_many(products))
    await stores.write(lambda tx: tx.catalogs.set_shelf_version(FILLED_ALREADY))
    database.close_here()

    def manciple(*arguments: str, answer: str = "") -> Result:
        done = CliRunner(env={"COLUMNS": "120"}).invoke(
            app, ["--db", str(path), *arguments], input=answer
        )
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return manciple
