"""Products, remembered."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import Connection

from manciple.grocery.domain.products import Product
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.products import ProductChange, Upserted
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import Conflict, NotFound
from tests.fakes import FakeClock
from tests.stocks import NOON, a_full_product, a_price


@pytest.fixture
def statements() -> list[str]:
    return []


@pytest.fixture
async def stores(statements: list[str]) -> AsyncIterator[Stores]:
    database = open_database_in_memory(on_statement=statements.append)
    yield Stores(database, FakeClock())
    await database.close()


async def test_a_product_comes_back_as_it_was(stores: Stores) -> None:
    full = a_full_product()
    bare = Product(product_id="2", name="Eggs", source="test", updated_at=NOON)
    await stores.write(lambda tx: tx.products.upsert_many([full, bare]))
    found = await stores.read(lambda tx: tx.products.by_ids(["2", "10450115", "unknown"]))
    assert found == {"10450115": full, "2": bare}


async def test_a_hundred_products_take_one_statement(stores: Stores, statements: list[str]) -> None:
    ids = [str(number) for number in range(100)]
    await stores.write(lambda tx: tx.products.upsert_many(a_full_product(id_) for id_ in ids))
    statements.clear()
    found = await stores.read(lambda tx: tx.products.by_ids(ids))
    assert len(found) == 100
    assert len([each for each in statements if each.startswith("SELECT")]) == 1
    assert len(statements) == 1


async def test_writing_a_thousand_products_takes_a_fixed_number_of_statements(
    stores: Stores, statements: list[str]
) -> None:
    few = [a_full_product(f"few-{number}") for number in range(10)]
    many = [a_full_product(f"many-{number}") for number in range(800)]
    statements.clear()
    await stores.write(lambda tx: tx.products.upsert_many(few))
    for_few = len(statements)
    statements.clear()
    await stores.write(lambda tx: tx.products.upsert_many(many))
    assert len(statements) == for_few <= 5


async def test_an_unknown_product_is_not_found(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.read(lambda tx: tx.products.by_id("nowhere"))


async def test_writing_the_same_again_changes_nothing(stores: Stores) -> None:
    product = a_full_product()
    later = msgspec.structs.replace(product, updated_at=NOON + timedelta(days=1))
    await stores.write(lambda tx: tx.products.upsert_many([product]))
    assert await stores.write(lambda tx: tx.products.upsert_many([later])) == Upserted(unchanged=1)
    assert await stores.read(lambda tx: tx.products.latest_revision()) == 1


async def test_a_follower_hears_of_every_change_in_order(stores: Stores) -> None:
    await stores.write(lambda tx: tx.products.upsert_many(a_full_product(i) for i in "abc"))
    await stores.write(lambda tx: tx.products.set_prices({"a": a_price(1, at=NOON)}))
    await stores.write(lambda tx: tx.products.remove_many(["b", "unknown"]))
    changes = await stores.read(lambda tx: tx.products.changed_since(1, limit=10))
    heard = [(change.revision, change.product_id, change.product is None) for change in changes]
    assert heard == [(3, "c", False), (4, "a", False), (5, "b", True)]


async def test_a_follower_can_page_through_changes(stores: Stores) -> None:
    await stores.write(lambda tx: tx.products.upsert_many(a_full_product(str(i)) for i in range(7)))

    def follow(tx: Transaction) -> list[str]:
        seen: list[str] = []
        revision = 0
        while changes := tx.products.changed_since(revision, limit=2):
            revision = changes[-1].revision
            seen += [change.product_id for change in changes]
        return seen

    assert sorted(await stores.read(follow)) == [str(i) for i in range(7)]


async def test_a_failed_write_gives_its_revisions_back(stores: Stores) -> None:
    def fail(tx: Transaction) -> None:
        tx.products.upsert_many([a_full_product("a")])
        raise LookupError

    with pytest.raises(LookupError):
        await stores.write(fail)
    await stores.write(lambda tx: tx.products.upsert_many([a_full_product("b")]))
    assert await stores.read(lambda tx: tx.products.latest_revision()) == 1


async def test_a_removed_product_is_gone_until_it_is_sold_again(stores: Stores) -> None:
    product = a_full_product("a")
    await stores.write(lambda tx: tx.products.upsert_many([product]))
    await stores.write(lambda tx: tx.products.remove_many(["a"]))
    assert await stores.read(lambda tx: tx.products.by_ids(["a"])) == {}
    assert await stores.read(lambda tx: tx.products.removed(["a", "b"])) == {"a"}
    await stores.write(lambda tx: tx.products.upsert_many([product]))
    assert await stores.read(lambda tx: tx.products.by_id("a")) == product


async def test_every_price_enters_the_history_once(stores: Stores) -> None:
    await stores.write(lambda tx: tx.products.upsert_many([a_full_product("a")]))
    newer = a_price(299, at=NOON + timedelta(days=1))
    for _ in range(2):
        await stores.write(lambda tx: tx.products.set_prices({"a": newer}))
    assert await stores.read(lambda tx: tx.prices.of("a")) == [newer, a_price()]


async def test_an_older_observation_does_not_become_the_price(stores: Stores) -> None:
    await stores.write(lambda tx: tx.products.upsert_many([a_full_product("a")]))
    older = a_price(1, at=NOON - timedelta(days=1))
    assert not await stores.write(lambda tx: tx.products.set_prices({"a": older}))
    found = await stores.read(lambda tx: tx.products.by_id("a"))
    assert found.price == a_price()
    assert len(await stores.read(lambda tx: tx.prices.of("a"))) == 2


async def test_a_negative_price_is_refused_by_the_schema(stores: Stores) -> None:
    with pytest.raises(Conflict, match="not_negative"):
        await stores.write(lambda tx: tx.products.upsert_many([a_full_product(price=a_price(-1))]))


async def test_listeners_hear_of_commits_only(stores: Stores) -> None:
    heard: list[int] = []
    stores.on_written(lambda: heard.append(1))
    await stores.write(lambda tx: tx.products.upsert_many([a_full_product()]))
    with pytest.raises(NotFound):
        await stores.write(lambda tx: tx.products.by_id("nowhere"))
    await stores.read(lambda tx: tx.products.count())
    assert heard == [1]


_IDS = st.sampled_from("abcdef")
_CENTS = st.integers(0, 999)


class ProductsLikeADict(RuleBasedStateMachine):
    """Whatever is done to the store, it holds what a dict would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.database = open_database_in_memory()
        self.clock = FakeClock()
        self.model: dict[str, Product] = {}
        self.followed: dict[str, Product] = {}
        self.revision = 0

    def tx(self, connection: Connection) -> Transaction:
        return Transaction(connection, self.clock)

    @rule(ids=st.lists(_IDS, max_size=4), cents=st.none() | _CENTS, name=st.text("xyz", min_size=1))
    def upsert(self, ids: list[str], cents: int | None, name: str) -> None:
        self.clock.turn(1)
        price = None if cents is None else a_price(cents, at=self.clock.now())
        products = [a_full_product(id_, price=price, name=name) for id_ in ids]
        self.database.write_here(lambda c: self.tx(c).products.upsert_many(products))
        self.model.update({product.product_id: product for product in products})

    @rule(id_=_IDS, cents=_CENTS)
    def price(self, id_: str, cents: int) -> None:
        self.clock.turn(1)
        price = a_price(cents, at=self.clock.now())
        self.database.write_here(lambda c: self.tx(c).products.set_prices({id_: price}))
        if id_ in self.model:
            self.model[id_] = msgspec.structs.replace(
                self.model[id_], price=price, updated_at=self.clock.now()
            )

    @rule(ids=st.lists(_IDS, max_size=3))
    def remove(self, ids: list[str]) -> None:
        self.database.write_here(lambda c: self.tx(c).products.remove_many(ids))
        for id_ in ids:
            self.model.pop(id_, None)

    @rule(limit=st.integers(1, 3))
    def follow(self, limit: int) -> None:
        def changes(connection: Connection) -> Sequence[ProductChange]:
            return self.tx(connection).products.changed_since(self.revision, limit=limit)

        for change in self.database.read_here(changes):
            assert change.revision > self.revision
            self.revision = change.revision
            if change.product is None:
                self.followed.pop(change.product_id, None)
            else:
                self.followed[change.product_id] = change.product

    @invariant()
    def holds_the_same(self) -> None:
        found = self.database.read_here(lambda c: self.tx(c).products.page(limit=100))
        assert {product.product_id: product for product in found} == self.model

    def teardown(self) -> None:
        last = self.database.read_here(lambda c: self.tx(c).products.latest_revision())
        while self.revision < last:
            self.follow(3)
        assert self.followed == self.model
        self.database.close_here()


ProductsLikeADict.TestCase.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None
)
TestProductsLikeADict = ProductsLikeADict.TestCase
