"""Three clients edit one list at the same time, each through its own connection to the file."""

import asyncio
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.domain.list_edits import ItemEdit
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from manciple.kit.errors import Conflict
from tests.list_builders import a_product

PRODUCTS = ("milk", "eggs", "rice")
CLIENTS = 3
EDITS = 25


async def test_no_acknowledged_addition_is_lost_between_three_clients(tmp_path: Path) -> None:
    databases = [open_database(tmp_path / "grocery.db") for _ in range(CLIENTS)]
    try:
        houses = [Stores(database, SystemClock()) for database in databases]
        await houses[0].write(
            lambda tx: tx.products.upsert_many([a_product(name) for name in PRODUCTS])
        )
        list_id = (await KeepLists(houses[0], SystemClock()).create("ann", name="W")).list.list_id
        done = await asyncio.gather(
            *(add_at_random(stores, list_id, seed) for seed, stores in enumerate(houses))
        )
        views = [await KeepLists(stores, SystemClock()).see("ann", list_id) for stores in houses]
    finally:
        for database in databases:
            database.close_here()
    assert all(view.list == views[0].list for view in views)
    on_the_list = {
        item.product_id: item.quantity_thousandths // 1000 for item in views[0].list.items
    }
    assert on_the_list == dict(sum(done, Counter()))
    assert views[0].list.version == 1 + CLIENTS * EDITS


async def add_at_random(stores: Stores, list_id: str, seed: int) -> Counter[str]:
    """What this client added and was told to be on the list."""
    dice, added, fill = random.Random(seed), Counter[str](), FillList(stores, SystemClock())
    for _ in range(EDITS):
        name = dice.choice(PRODUCTS)
        wanted = WantedItem(product_id=name, quantity=Decimal(dice.randint(1, 3)))
        await fill.add("ann", list_id, wanted=[wanted])
        added[name] += int(wanted.quantity)
    return added


async def test_of_edits_on_one_version_exactly_one_wins(tmp_path: Path) -> None:
    databases = [open_database(tmp_path / "grocery.db") for _ in range(CLIENTS)]
    try:
        houses = [Stores(database, SystemClock()) for database in databases]
        await houses[0].write(lambda tx: tx.products.upsert_many([a_product("milk")]))
        list_id = (await KeepLists(houses[0], SystemClock()).create("ann", name="W")).list.list_id
        fillers = [FillList(stores, SystemClock()) for stores in houses]
        filled = await fillers[0].add("ann", list_id, wanted=[WantedItem(product_id="milk")])
        item_id = filled.seen.list.items[0].item_id
        answers = await asyncio.gather(
            *(
                fill.edit(
                    "ann",
                    list_id,
                    item_id=item_id,
                    edit=ItemEdit(quantity=Decimal(number + 5)),
                    version=filled.seen.list.version,
                )
                for number, fill in enumerate(fillers)
            ),
            return_exceptions=True,
        )
    finally:
        for database in databases:
            database.close_here()
    assert sum(isinstance(answer, Conflict) for answer in answers) == CLIENTS - 1
