from collections.abc import AsyncIterator

import pytest

from manciple.grocery.stores.opening import open_database_in_memory
from tests.unit.platform.bus.newsroom import Newsroom


@pytest.fixture
async def room() -> AsyncIterator[Newsroom]:
    database = open_database_in_memory()
    newsroom = Newsroom(database)
    await newsroom.exchange.open()
    yield newsroom
    await database.close()
