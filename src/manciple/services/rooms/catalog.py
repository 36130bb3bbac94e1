"""The catalog as a whole: the shelf of a new house, and people's own files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.catalog import FillCatalog
from manciple.grocery.connectors.shelf import BundledShelf
from manciple.services.house import House


@asynccontextmanager
async def catalog_room(house: House) -> AsyncIterator[None]:
    """Sets the catalog; a new house is filled with the bundled shelf, in about a second."""
    house.catalog = FillCatalog(house.stores)
    await house.catalog.stock(BundledShelf(), progress=house.on_stock)
    yield
