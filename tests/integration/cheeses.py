"""A house that sells the cheeses of one maker: real products, and few enough to begin fast."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from manciple.grocery.connectors.shelf import BundledShelf
from manciple.services.house import House
from tests.asking import an_open_house


@asynccontextmanager
async def a_house_with_cheeses(folder: Path) -> AsyncIterator[House]:
    async with an_open_house(folder) as house:
        shelf = [each for each in BundledShelf().products() if "Cabot" in each.name]
        await house.stores.write(lambda tx: tx.products.upsert_many(shelf))
        yield house
