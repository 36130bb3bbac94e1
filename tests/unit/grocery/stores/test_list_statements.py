from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.domain.lists import ItemStatus, ListStatus
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.stores import Stores
from tests.fakes import FakeClock
from tests.list_builders import a_product


class Counted:
    """Lists in a database that counts the statements it is asked."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.database = open_database_in_memory(on_statement=self.statements.append)
        self.stores = Stores(self.database, FakeClock())
        self.keep = KeepLists(self.stores, FakeClock())
        self.fill = FillList(self.stores, FakeClock())

    async def a_list_of(self, how_many: int) -> str:
        products = [a_product(f"p{number}") for number in range(how_many)]
        await self.stores.write(lambda tx: tx.products.upsert_many(products))
        list_id = (await self.keep.create("ann", name="Weekly")).list.list_id
        wanted = [WantedItem(product_id=product.product_id) for product in products]
        await self.fill.add("ann", list_id, wanted=wanted)
        return list_id

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        self.statements.clear()
        yield self.statements


@pytest.fixture
def counted() -> Iterator[Counted]:
    made = Counted()
    yield made
    made.database.close_here()


@pytest.mark.parametrize("how_many", [1, 50])
async def test_a_list_is_read_in_three_statements_however_long(
    counted: Counted, how_many: int
) -> None:
    list_id = await counted.a_list_of(how_many)
    with counted.counting() as statements:
        await counted.keep.see("ann", list_id)
    assert sum(one.startswith("SELECT") for one in statements) == 3


@pytest.mark.parametrize("how_many", [1, 20])
async def test_a_page_of_lists_is_read_in_three_statements(counted: Counted, how_many: int) -> None:
    for _ in range(how_many):
        await counted.a_list_of(2)
    with counted.counting() as statements:
        await counted.keep.page("ann", statuses=(ListStatus.ACTIVE,), after=None, limit=50)
    assert sum(one.startswith("SELECT") for one in statements) == 3


async def test_checking_many_lines_takes_as_many_statements_as_checking_one(
    counted: Counted,
) -> None:
    list_id = await counted.a_list_of(50)
    items = (await counted.keep.see("ann", list_id)).list.items
    used = []
    for some in (items[:1], items[1:]):
        ids = [item.item_id for item in some]
        with counted.counting() as statements:
            await counted.fill.mark("ann", list_id, item_ids=ids, status=ItemStatus.CHECKED)
            used.append(len([one for one in statements if "INTO outbox" not in one]))
    assert used[0] == used[1]
