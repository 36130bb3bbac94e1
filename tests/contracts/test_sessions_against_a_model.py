"""Sessions in a real database beside a plain dict: statuses, picks, totals, quotes, budgets."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from manciple.grocery.actions.budget import Budget
from manciple.grocery.actions.checkout import Checkout, CheckoutStatus, Confirmation
from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.actions.shop import Shop
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.domain.sessions import SessionType, SessionVerb
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.sessions import Quote
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import Conflict, Refused
from tests.fakes import FakeClock
from tests.list_builders import a_product

T = TypeVar("T")
WHICH = st.sampled_from([0, 1, 2])
# What the verbs lead to, written down a second time on purpose.
ONLINE = {
    ("active", "pause"): "paused",
    ("paused", "resume"): "active",
    ("reviewing", "reopen"): "active",
    ("handed_over", "complete"): "completed",
    ("active", "abandon"): "abandoned",
    ("paused", "abandon"): "abandoned",
    ("reviewing", "abandon"): "abandoned",
    ("handed_over", "abandon"): "abandoned",
}
IN_STORE = {
    ("active", "pause"): "paused",
    ("paused", "resume"): "active",
    ("active", "complete"): "completed",
    ("active", "abandon"): "abandoned",
    ("paused", "abandon"): "abandoned",
}
VERBS = st.sampled_from(["pause", "resume", "reopen", "complete", "abandon"])


class SessionMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = open_database_in_memory()
        clock = FakeClock()
        self.stores = Stores(self.database, clock)
        self.shop, self.checkout = Shop(self.stores, clock), Checkout(self.stores, clock)
        self.budget = Budget(self.stores, clock)
        self.keep, self.fill = KeepLists(self.stores, clock), FillList(self.stores, clock)

    def teardown(self) -> None:
        self.database.close_here()
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize(kind=st.sampled_from(list(SessionType)))
    def begin(self, kind: SessionType) -> None:
        self.cents = [100, 250, 999]
        self.store_prices()
        list_id = self.run(self.keep.create("ann", name="Weekly")).list.list_id
        wanted = [WantedItem(product_id=str(10_000 + n)) for n in range(3)]
        filled = self.run(self.fill.add("ann", list_id, wanted=wanted))
        self.items = [item.item_id for item in filled.seen.list.items]
        seen = self.run(self.shop.start("ann", list_id=list_id, type=kind))
        self.session_id, self.is_in_store = seen.session.session_id, kind is SessionType.IN_STORE
        self.status, self.marks = "active", ["pending"] * 3
        self.prices: list[int | None] = [None] * 3
        self.quote: Quote | None = None
        self.quoted: dict[int, int] = {}
        self.spent = 0

    def store_prices(self) -> None:
        products = [a_product(str(10_000 + n), cents=cents) for n, cents in enumerate(self.cents)]
        self.run(self.stores.write(lambda tx: tx.products.upsert_many(products)))

    @rule(which=WHICH, cents=st.sampled_from([100, 101, 250, 2_000]))
    def a_price_changes(self, which: int, cents: int) -> None:
        self.cents[which] = cents
        self.store_prices()

    @rule(which=WHICH, price=st.one_of(st.none(), st.integers(0, 500)))
    def pick(self, which: int, price: int | None) -> None:
        call = self.shop.pick(
            "ann", self.session_id, item_ids=[self.items[which]], price_cents=price
        )
        if self.may_pick(call):
            self.marks[which], self.prices[which] = "checked", price

    @rule(which=WHICH)
    def put_back(self, which: int) -> None:
        call = self.shop.put_back("ann", self.session_id, item_ids=[self.items[which]])
        if self.may_pick(call):
            self.marks[which], self.prices[which] = "pending", None

    @rule(which=WHICH)
    def not_there(self, which: int) -> None:
        call = self.shop.not_there("ann", self.session_id, item_ids=[self.items[which]])
        if self.may_pick(call):
            self.marks[which], self.prices[which] = "unavailable", None

    def may_pick(self, call: Coroutine[Any, Any, object]) -> bool:
        if self.status == "active":
            self.run(call)
            return True
        with pytest.raises(Refused):
            self.run(call)
        return False

    @rule(verb=VERBS)
    def step(self, verb: str) -> None:
        call = self.shop.step("ann", self.session_id, SessionVerb(verb))
        after = (IN_STORE if self.is_in_store else ONLINE).get((self.status, verb))
        if after is None:
            with pytest.raises(Refused):
                self.run(call)
            return
        self.run(call)
        self.status = after
        if verb == "complete":
            picked = [n for n in range(3) if self.marks[n] == "checked"]
            self.spent = sum(self.quoted.values()) if self.quoted else self.cost(picked)
            for n in self.quoted:
                self.marks[n] = "checked"

    @rule()
    def ask_for_a_quote(self) -> None:
        call = self.checkout.process("ann", self.session_id)
        pending = self.pending()
        was_handed_over = bool(self.quoted)
        may = not self.is_in_store and self.status in {"active", "reviewing"} and pending
        if not may and not was_handed_over:
            with pytest.raises(Refused):
                self.run(call)
            return
        answer = self.run(call)
        if was_handed_over:
            assert answer.status is CheckoutStatus.HANDED_OVER
            return
        self.status, self.quote = "reviewing", answer.quote
        assert answer.quote.terms.till.total_cents == sum(pending.values())

    @rule()
    def confirm(self) -> None:
        if self.quote is None or self.quoted:
            return
        wanted = Confirmation(quote_id=self.quote.quote_id, terms_hash=self.quote.terms_hash)
        call = self.checkout.process("ann", self.session_id, confirmation=wanted)
        if self.status != "reviewing":
            with pytest.raises(Refused):
                self.run(call)
            return
        quoted = {int(one.product_id) - 10_000: one.line_cents for one in self.quote.terms.lines}
        now, was = self.pending(), sum(cents or 0 for cents in quoted.values())
        answer = self.run(call)
        if set(now) == set(quoted) and sum(now.values()) * 100 <= was * 102:
            assert answer.status is CheckoutStatus.HANDED_OVER
            self.status = "handed_over"
            self.quoted = {which: cents or 0 for which, cents in quoted.items()}
        else:
            assert answer.status is CheckoutStatus.QUOTE_CHANGED
            self.quote = answer.quote

    @rule()
    def a_forged_confirmation_is_a_conflict(self) -> None:
        if self.quote is None:
            return
        forged = Confirmation(quote_id=self.quote.quote_id, terms_hash="0" * 64)
        with pytest.raises(Conflict):
            self.run(self.checkout.process("ann", self.session_id, confirmation=forged))

    @invariant()
    def the_database_agrees(self) -> None:
        if not hasattr(self, "session_id"):
            return
        seen = self.run(self.shop.see("ann", self.session_id))
        assert seen.session.status == self.status
        by_id = {line.item.item_id: line for line in seen.lines}
        assert [by_id[one].item.status for one in self.items] == self.marks
        checked = [n for n in range(3) if self.marks[n] == "checked"]
        there = [n for n in range(3) if self.marks[n] != "unavailable"]
        assert seen.picked.total_cents == self.cost(checked)
        assert seen.everything.total_cents == self.cost(there)
        report = self.run(self.budget.report("ann"))
        assert sum(one.cents for one in report.spendings) == self.spent

    def pending(self) -> dict[int, int]:
        return {n: self.cents[n] for n in range(3) if self.marks[n] == "pending"}

    def cost(self, which: list[int]) -> int:
        return sum(self.cents[n] if (price := self.prices[n]) is None else price for n in which)


TestSessionsAgainstAModel = SessionMachine.TestCase
TestSessionsAgainstAModel.settings = settings(
    max_examples=30, stateful_step_count=20, deadline=None
)
