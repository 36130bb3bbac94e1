"""A new house, made by a process that ends: its database, its shelf, its search index.

Stocking takes some 60 MB that a process does not get back from its own past, and the code of
migrations is needed once. So whoever opens a door lets another process do it.
"""

import asyncio
import sys
from pathlib import Path

import structlog

from manciple.grocery.actions.catalog import FillCatalog
from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.connectors.shelf import BundledShelf
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.catalogs import shelf_version_in
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from manciple.kit.this_python import this_python
from manciple.services.house import Progress
from manciple.services.settings import Settings

_log = structlog.get_logger(__name__)


async def new_house(settings: Settings, on_stock: Progress) -> None:
    """Makes the house where there is none, or stocks it; `on_stock` hears how many products are in.

    If that fails, nothing is said but a line of the log: whoever opens the house then does what
    is left, and says what is wrong.
    """
    path = settings.database.path
    if shelf_version_in(path) >= BundledShelf().version:
        return
    made = await asyncio.create_subprocess_exec(
        *this_python("-m", __name__, str(path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert made.stdout is not None  # noqa: S101 - it was asked for
        async for line in made.stdout:
            on_stock(int(line))
        code = await made.wait()
    except asyncio.CancelledError:
        made.terminate()
        await made.wait()
        raise
    if code:
        _log.warning("house.new.failed", exit_code=code)


async def make(path: Path) -> None:
    """Makes a house at `path`, or finishes one that was begun; prints how far it is."""
    clock = SystemClock()
    database = open_database(path)
    try:
        stores = Stores(database, clock)
        await FillCatalog(stores).stock(BundledShelf(), progress=_print)
        index = IndexProducts(stores, ProductIndex(path.with_suffix(".index")), clock)
        await index.catch_up()
    finally:
        await database.close()


def _print(done: int) -> None:
    print(done, flush=True)  # noqa: T201 - the process that waits reads it


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
