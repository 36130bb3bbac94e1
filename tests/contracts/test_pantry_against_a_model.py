"""The pantry in a real database beside plain numbers; stock is always the sum of what moved."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from manciple.grocery.actions.stock_pantry import Stocked, StockPantry, Thing
from manciple.grocery.domain.pantry import MovementKind
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import NotFound, Refused
from tests.fakes import FakeClock
from tests.list_builders import a_product

THINGS = st.sampled_from(["milk", "Rice", "rice "])
AMOUNTS = st.decimals("0.001", 5, places=3)


class PantryMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = open_database_in_memory()
        stores = Stores(self.database, FakeClock())
        self.pantry = StockPantry(stores, FakeClock())
        self.runner.run(stores.write(lambda tx: tx.products.upsert_many([a_product("milk")])))
        self.ids: dict[str, str] = {}
        # By thing: its stock, and the changes that can still be undone.
        self.stock: dict[str, Decimal] = {}
        self.past: dict[str, list[Decimal]] = {}

    def teardown(self) -> None:
        self.database.close_here()
        self.runner.close()

    @rule(name=THINGS, amount=AMOUNTS, kind=st.sampled_from(["bought", "used", "wasted"]))
    def move(self, name: str, amount: Decimal, kind: str) -> None:
        key = name.strip().casefold()
        change = amount if kind == "bought" else -amount
        if self.stock.get(key, Decimal(0)) + change < 0:
            with pytest.raises(Refused):
                self.run_move(name, kind, amount)
            return
        self.settle(key, self.run_move(name, kind, amount), change)

    @rule(name=THINGS, amount=st.decimals(0, 5, places=3))
    def count(self, name: str, amount: Decimal) -> None:
        key = name.strip().casefold()
        change = amount - self.stock.get(key, Decimal(0))
        self.settle(key, self.run_move(name, "counted", amount), change)

    @rule(name=THINGS)
    def undo(self, name: str) -> None:
        key = name.strip().casefold()
        if key not in self.ids:
            return
        past = self.past[key]
        if not past or self.stock[key] < past[-1]:
            with pytest.raises(Refused):
                self.runner.run(self.pantry.undo("ann", self.ids[key]))
            return
        self.runner.run(self.pantry.undo("ann", self.ids[key]))
        self.stock[key] -= past.pop()

    @rule(name=THINGS)
    def another_person_finds_nothing(self, name: str) -> None:
        item_id = self.ids.get(name.strip().casefold(), "pantry_none")
        with pytest.raises(NotFound):
            self.runner.run(self.pantry.undo("bob", item_id))

    @invariant()
    def the_ledger_agrees(self) -> None:
        found = self.runner.run(self.pantry.all("ann"))
        stock = {one.item.item_id: Decimal(one.stock_thousandths) / 1000 for one in found}
        assert stock == {self.ids[key]: amount for key, amount in self.stock.items()}
        for item_id, amount in stock.items():
            history = self.runner.run(self.pantry.history("ann", item_id))
            assert sum(one.change_thousandths for one in history) == amount * 1000
            assert amount >= 0

    def run_move(self, name: str, kind: str, amount: Decimal) -> Stocked:
        is_product = name == "milk"
        thing = Thing(product_id=name if is_product else None, text=None if is_product else name)
        return self.runner.run(
            self.pantry.move("ann", thing, kind=MovementKind(kind), quantity=amount)
        )

    def settle(self, key: str, moved: Stocked, change: Decimal) -> None:
        assert self.ids.setdefault(key, moved.item.item_id) == moved.item.item_id
        self.stock[key] = self.stock.get(key, Decimal(0)) + change
        past = self.past.setdefault(key, [])
        if change:
            past.append(change)


TestPantryAgainstAModel = PantryMachine.TestCase
TestPantryAgainstAModel.settings = settings(max_examples=25, stateful_step_count=20)
