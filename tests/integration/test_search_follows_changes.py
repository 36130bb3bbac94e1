"""What searches show follows the database, whichever process wrote and indexed the change."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.actions.search import Search
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.search_wishes import Wish
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.cache import MemoryCache
from tests.fakes import FakeClock

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MILK = Product(product_id="1", name="Whole Milk, 1 gal", rating=1.0, source="test", updated_at=NOW)


class Process:
    """What one process would open of a database and its index."""

    def __init__(self, path: Path, clock: FakeClock) -> None:
        self.database = open_database(path)
        self.stores = Stores(self.database, clock)
        index = ProductIndex(path.with_suffix(".index"))
        self.follower = IndexProducts(self.stores, index, clock)
        cache = MemoryCache(clock, ttl_s=300, stale_s=0, max_bytes=1000)
        self.search = Search(self.stores, index, self.follower, cache=cache)

    async def rate(self, rating: float) -> None:
        rated = msgspec.structs.replace(MILK, rating=rating)
        await self.stores.write(lambda tx: tx.products.upsert_many([rated]))

    async def shown(self) -> list[float | None]:
        found = await self.search.search(Wish(query="milk"))
        return [hit.product.rating for hit in found.hits]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def processes(tmp_path: Path, clock: FakeClock) -> AsyncIterator[tuple[Process, Process]]:
    async with AsyncExitStack() as stack:
        both = Process(tmp_path / "x.db", clock), Process(tmp_path / "x.db", clock)
        for each in both:
            stack.push_async_callback(each.database.close)
        await both[0].rate(1.0)
        yield both


async def test_a_change_made_here_is_shown_at_once(processes: tuple[Process, Process]) -> None:
    here, _ = processes
    assert await here.shown() == [1.0]
    await here.rate(2.0)
    assert await here.shown() == [2.0]


async def test_a_change_indexed_by_another_process_is_shown_soon(
    processes: tuple[Process, Process], clock: FakeClock
) -> None:
    here, there = processes
    assert await here.shown() == [1.0]
    await there.rate(3.0)
    await there.follower.catch_up()
    clock.turn(3)
    assert await here.shown() == [3.0]


async def test_a_product_removed_elsewhere_is_shown_no_more(
    processes: tuple[Process, Process], clock: FakeClock
) -> None:
    here, there = processes
    assert await here.shown() == [1.0]
    await there.stores.write(lambda tx: tx.products.remove_many(["1"]))
    await there.follower.catch_up()
    clock.turn(3)
    assert await here.shown() == []
