"""Three clients edit one list at the same time, each through its own connection to the file."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.actions.lists import SeenList
from manciple.grocery.domain.list_edits import ItemEdit
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.domain.lists import ItemStatus
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from manciple.kit.errors import Conflict, NotFound
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


class Editor:
    """A client that edits at random and writes down what it was told, by the list's version."""

    def __init__(self, stores: Stores, list_id: str, *, seed: int) -> None:
        self.dice = random.Random(seed)
        self.list_id = list_id
        self.keep, self.fill = KeepLists(stores, SystemClock()), FillList(stores, SystemClock())
        self.told: dict[int, tuple[str, str, Any]] = {}

    async def edit(self) -> None:
        lines = (await self.keep.see("ann", self.list_id)).list.items
        verb = self.dice.choice([self.add, self.mark, self.remove, self.change])
        if lines or verb == self.add:
            await verb(self.dice.choice(lines).item_id if lines else "")

    async def add(self, _item_id: str) -> None:
        wanted = WantedItem(product_id=self.dice.choice(PRODUCTS))
        filled = await self.fill.add("ann", self.list_id, wanted=[wanted])
        item = filled.outcomes[0].item
        assert item is not None
        self.note(filled.seen, "add", item.item_id, item.product_id)

    async def mark(self, item_id: str) -> None:
        """Only on the version that was read, so that the answer tells whether anything changed."""
        status = self.dice.choice([ItemStatus.CHECKED, ItemStatus.UNAVAILABLE])
        read = (await self.keep.see("ann", self.list_id)).list.version
        with suppress(Conflict):
            touched = await self.fill.mark(
                "ann", self.list_id, item_ids=[item_id], status=status, version=read
            )
            if touched.seen.list.version > read:
                self.note(touched.seen, "mark", item_id, status)

    async def remove(self, item_id: str) -> None:
        touched = await self.fill.remove("ann", self.list_id, item_ids=[item_id])
        if touched.done:
            self.note(touched.seen, "remove", item_id, None)

    async def change(self, item_id: str) -> None:
        edit = ItemEdit(quantity=Decimal(self.dice.randint(10, 10_000)) / 1000)
        read = (await self.keep.see("ann", self.list_id)).list.version
        with suppress(Conflict, NotFound):
            seen = await self.fill.edit(
                "ann", self.list_id, item_id=item_id, edit=edit, version=read
            )
            if seen.list.version > read:
                self.note(seen, "change", item_id, edit.quantity)

    def note(self, seen: SeenList, verb: str, item_id: str, value: Any) -> None:
        self.told[seen.list.version] = (verb, item_id, value)


def replayed(told: dict[int, tuple[str, str, Any]]) -> dict[str, tuple[str, Decimal, str]]:
    """The lines that all acknowledged edits make, done one after the other."""
    lines: dict[str, tuple[str, Decimal, str]] = {}
    for _, (verb, item_id, value) in sorted(told.items()):
        if verb == "add":
            product, quantity, status = lines.get(item_id, (value, Decimal(0), "pending"))
            lines[item_id] = (product, quantity + 1, status)
        elif verb == "remove":
            del lines[item_id]
        else:
            product, quantity, status = lines[item_id]
            lines[item_id] = (
                (product, quantity, value) if verb == "mark" else (product, value, status)
            )
    return lines


async def test_three_clients_editing_at_random_agree_with_their_edits_in_order(
    tmp_path: Path,
) -> None:
    databases = [open_database(tmp_path / "grocery.db") for _ in range(CLIENTS)]
    try:
        houses = [Stores(database, SystemClock()) for database in databases]
        await houses[0].write(
            lambda tx: tx.products.upsert_many([a_product(name) for name in PRODUCTS])
        )
        list_id = (await KeepLists(houses[0], SystemClock()).create("ann", name="W")).list.list_id
        editors = [Editor(stores, list_id, seed=n) for n, stores in enumerate(houses)]

        async def work(editor: Editor) -> None:
            for _ in range(EDITS):
                await editor.edit()

        await asyncio.gather(*(work(editor) for editor in editors))
        found = (await editors[0].keep.see("ann", list_id)).list
    finally:
        for database in databases:
            database.close_here()
    told = {version: one for editor in editors for version, one in editor.told.items()}
    assert len(told) == sum(len(editor.told) for editor in editors)
    assert replayed(told) == {
        item.item_id: (item.product_id, Decimal(item.quantity_thousandths) / 1000, item.status)
        for item in found.items
    }


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
