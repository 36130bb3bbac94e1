"""Lists in a real database beside a model of plain dicts; whatever is done, both agree."""

import asyncio
import copy
from collections.abc import Coroutine
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.domain.list_edits import ItemEdit
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.domain.lists import ItemStatus, ListStatus
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import Conflict, NotFound, Refused
from tests.fakes import FakeClock
from tests.list_builders import a_product

T = TypeVar("T")
CENTS = {"milk": 348, "eggs": 199, "rice": None}
NUMBERS = st.integers(0, 5)
WANTED = st.builds(
    WantedItem,
    product_id=st.sampled_from(["milk", "eggs", "rice", "nowhere", None]),
    text=st.sampled_from([None, "Candles", "candles"]),
    quantity=st.decimals("-0.5", 3, places=3),
    unit=st.sampled_from([None, "can"]),
)


class ListsMachine(RuleBasedStateMachine):
    lists = Bundle("lists")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = open_database_in_memory()
        clock = FakeClock()
        stores = Stores(self.database, clock)
        self.keep, self.fill = KeepLists(stores, clock), FillList(stores, clock)
        products = [a_product(name, cents=cents) for name, cents in CENTS.items()]
        self.run(stores.write(lambda tx: tx.products.upsert_many(products)))
        self.model: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        self.database.close_here()
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def edit(self, list_id: str) -> dict[str, Any] | None:
        """The model to change, its past kept for undo; None where the list takes no edits."""
        model = self.model[list_id]
        if model["status"] != "active":
            return None
        return model

    def settle(self, list_id: str, before: dict[str, Any]) -> None:
        """Counts a version up if something differs from `before`, which undo brings back."""
        model = self.model[list_id]
        if {**model, "past": None} != {**before, "past": None}:
            model["past"] = [*before["past"], before]
            model["version"] += 1

    @rule(target=lists, name=st.sampled_from(["Weekly", "Party"]))
    def create(self, name: str) -> str:
        seen = self.run(self.keep.create("ann", name=name))
        self.model[seen.list.list_id] = {
            "name": name, "status": "active", "items": [], "version": 1, "past": [],
        }  # fmt: skip
        return seen.list.list_id

    @rule(list_id=lists, wanted=st.lists(WANTED, max_size=5))
    def add(self, list_id: str, wanted: list[WantedItem]) -> None:
        model = self.edit(list_id)
        call = self.fill.add("ann", list_id, wanted=wanted)
        if model is None:
            with pytest.raises((Refused, NotFound)):
                self.run(call)
            return
        before = copy.deepcopy(model)
        outcomes = self.run(call).outcomes
        assert len(outcomes) == len(wanted)
        for item, outcome in zip(wanted, outcomes, strict=True):
            assert (outcome.status, outcome.item is None) == self.take(model, item, outcome.item)
        self.settle(list_id, before)

    def take(self, model: dict[str, Any], wanted: WantedItem, line: Any) -> tuple[str, bool]:
        what = wanted.product_id or wanted.text
        if what in (None, "nowhere") or wanted.quantity <= 0:
            return "refused", True
        key = (wanted.product_id, (wanted.text or "").casefold(), wanted.unit)
        for item in model["items"]:
            same = (item["product_id"], item["words"], item["unit"])
            if item["status"] == "pending" and (
                same == key if wanted.product_id is None else same[::2] == key[::2]
            ):
                item["quantity"] += wanted.quantity
                return "merged", False
        model["items"].append(
            {
                "id": line.item_id, "product_id": wanted.product_id, "words": key[1],
                "unit": wanted.unit, "quantity": wanted.quantity, "status": "pending",
            }
        )  # fmt: skip
        return "added", False

    @rule(list_id=lists, which=NUMBERS, quantity=st.decimals("0.001", 9, places=3))
    def change_quantity(self, list_id: str, which: int, quantity: Decimal) -> None:
        model = self.edit(list_id)
        if model is None or which >= len(model["items"]):
            return
        before = copy.deepcopy(model)
        item = model["items"][which]
        edit = ItemEdit(quantity=quantity)
        self.run(self.fill.edit("ann", list_id, item_id=item["id"], edit=edit))
        item["quantity"] = quantity
        self.settle(list_id, before)

    @rule(list_id=lists, which=st.sets(NUMBERS), status=st.sampled_from(list(ItemStatus)))
    def mark(self, list_id: str, which: set[int], status: ItemStatus) -> None:
        model = self.edit(list_id)
        if model is None:
            return
        before = copy.deepcopy(model)
        named = [item for number, item in enumerate(model["items"]) if number in which]
        ids = [item["id"] for item in named]
        touched = self.run(
            self.fill.mark("ann", list_id, item_ids=[*ids, "item_none"], status=status)
        )
        assert (touched.done, touched.missing) == (tuple(ids), ("item_none",))
        for item in named:
            item["status"] = status.value
        self.settle(list_id, before)

    @rule(list_id=lists, which=st.sets(NUMBERS))
    def remove(self, list_id: str, which: set[int]) -> None:
        model = self.edit(list_id)
        if model is None:
            return
        before = copy.deepcopy(model)
        gone = [item["id"] for number, item in enumerate(model["items"]) if number in which]
        self.run(self.fill.remove("ann", list_id, item_ids=gone))
        model["items"] = [item for item in model["items"] if item["id"] not in gone]
        self.settle(list_id, before)

    @rule(list_id=lists, which=st.lists(NUMBERS, unique=True))
    def reorder(self, list_id: str, which: list[int]) -> None:
        model = self.edit(list_id)
        if model is None:
            return
        before = copy.deepcopy(model)
        items = model["items"]
        first = [items[number] for number in which if number < len(items)]
        self.run(self.fill.reorder("ann", list_id, item_ids=[item["id"] for item in first]))
        model["items"] = [*first, *(item for item in items if item not in first)]
        self.settle(list_id, before)

    @rule(list_id=lists)
    def clear_checked(self, list_id: str) -> None:
        model = self.edit(list_id)
        if model is None:
            return
        before = copy.deepcopy(model)
        self.run(self.fill.clear_checked("ann", list_id))
        model["items"] = [item for item in model["items"] if item["status"] != "checked"]
        self.settle(list_id, before)

    @rule(list_id=lists, status=st.sampled_from(list(ListStatus)))
    def put(self, list_id: str, status: ListStatus) -> None:
        model = self.model[list_id]
        before = copy.deepcopy(model)
        verb = {"active": self.keep.restore, "archived": self.keep.archive}.get(
            status, self.keep.delete
        )
        if model["status"] == "deleted" and status != "active":
            with pytest.raises(NotFound):
                self.run(verb("ann", list_id, version=None))
            return
        self.run(verb("ann", list_id, version=None))
        model["status"] = status.value
        self.settle(list_id, before)

    @rule(list_id=lists)
    def undo(self, list_id: str) -> None:
        model = self.model[list_id]
        if not model["past"]:
            with pytest.raises(Refused):
                self.run(self.keep.undo("ann", list_id, version=None))
            return
        self.run(self.keep.undo("ann", list_id, version=model["version"]))
        self.model[list_id] = {**model["past"][-1], "version": model["version"] + 1}

    @rule(target=lists, list_id=lists)
    def duplicate(self, list_id: str) -> str:
        model = self.model[list_id]
        if model["status"] == "deleted":
            return list_id
        seen = self.run(self.keep.duplicate("ann", list_id, name="Copy"))
        items = [
            {**item, "id": line.item_id, "status": "pending"}
            for item, line in zip(model["items"], seen.list.items, strict=True)
        ]
        self.model[seen.list.list_id] = {
            "name": "Copy", "status": "active", "items": items, "version": 1, "past": [],
        }  # fmt: skip
        return seen.list.list_id

    @rule(list_id=lists)
    def a_stale_edit_is_a_conflict(self, list_id: str) -> None:
        model = self.model[list_id]
        if model["status"] == "deleted":
            return
        with pytest.raises(Conflict):
            self.run(self.fill.add("ann", list_id, wanted=[], version=model["version"] - 1))

    @rule(list_id=lists)
    def another_person_finds_nothing(self, list_id: str) -> None:
        with pytest.raises(NotFound):
            self.run(self.keep.see("bob", list_id))
        with pytest.raises(NotFound):
            self.run(self.keep.undo("bob", list_id, version=None))

    @invariant()
    def the_database_agrees(self) -> None:
        every = self.run(
            self.keep.page("ann", statuses=tuple(ListStatus), after=None, limit=200)
        ).lists
        assert {seen.list.list_id for seen in every} == set(self.model)
        for seen in every:
            model, found = self.model[seen.list.list_id], seen.list
            assert (found.name, found.status, found.version) == (
                model["name"], model["status"], model["version"],
            )  # fmt: skip
            lines = [
                (one.item_id, one.product_id, one.quantity_thousandths, one.unit, one.status)
                for one in found.items
            ]
            assert lines == [
                (one["id"], one["product_id"], one["quantity"] * 1000, one["unit"], one["status"])
                for one in model["items"]
            ]
            assert (seen.estimate.total_cents, seen.estimate.items_without_price) == total(model)


def total(model: dict[str, Any]) -> tuple[int, int]:
    counted = [item for item in model["items"] if item["status"] != "unavailable"]
    cents = [(CENTS.get(item["product_id"]), item["quantity"]) for item in counted]
    priced = [int(each * quantity + Decimal("0.5")) for each, quantity in cents if each is not None]
    return sum(priced), len(cents) - len(priced)


TestListsAgainstAModel = ListsMachine.TestCase
TestListsAgainstAModel.settings = settings(max_examples=40, stateful_step_count=25)
