"""Orders, remembered once each."""

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.grocery.domain.noted_intents import NotedIntent
from manciple.grocery.domain.orders import Fee, Order, OrderLine, OrderTotals, Payment
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.orders import Purchases, SavedOrders
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import Conflict, NotFound
from tests.fakes import FakeClock
from tests.stocks import NOON


def a_line(product_id: str = "milk", **changes: object) -> OrderLine:
    line = OrderLine(name="Milk", product_id=product_id, quantity_thousandths=2000, total_cents=696)
    return msgspec.structs.replace(line, **changes)


def an_order(order_id: str = "1", *lines: OrderLine, **changes: object) -> Order:
    order = Order(
        order_id=order_id,
        ordered_at=NOON,
        lines=lines or (a_line(),),
        totals=OrderTotals(grand_total_cents=750, fees=(Fee(label="Bag", cents=5),)),
        payments=(Payment(method="card", cents=750),),
        source="export",
    )
    return msgspec.structs.replace(order, **changes)


@pytest.fixture
async def stores() -> AsyncIterator[Stores]:
    database = open_database_in_memory()
    stores = Stores(database, FakeClock())
    await stores.write(lambda tx: tx.users.ensure("ann", display_name="Ann"))
    await stores.write(lambda tx: tx.users.ensure("ben", display_name="Ben"))
    yield stores
    await database.close()


async def save(stores: Stores, *orders: Order) -> SavedOrders:
    return await stores.write(lambda tx: tx.orders.save_many("ann", orders))


async def test_an_order_comes_back_as_it_was(stores: Stores) -> None:
    order = an_order()
    assert await save(stores, order) == SavedOrders(added=1)
    assert await stores.read(lambda tx: tx.orders.by_id("ann", "1")) == order


async def test_a_second_import_changes_nothing(stores: Stores) -> None:
    orders = [an_order(str(number)) for number in range(30)]
    await save(stores, *orders)
    assert await save(stores, *orders) == SavedOrders(unchanged=30)


async def test_a_corrected_order_replaces_the_old_one_and_its_lines(stores: Stores) -> None:
    await save(stores, an_order("1", a_line("milk"), a_line("eggs")))
    assert await save(stores, an_order("1", a_line("rice"))) == SavedOrders(changed=1)
    bought = await stores.read(lambda tx: tx.orders.purchases("ann", ["milk", "eggs", "rice"]))
    assert list(bought) == ["rice"]


@given(st.permutations([an_order(), an_order(is_partial=True, lines=())]))
@settings(max_examples=4)
def test_a_partial_order_never_replaces_a_full_one(orders: list[Order]) -> None:
    database = open_database_in_memory()

    def work(tx: Transaction) -> Order:
        tx.users.ensure("ann", display_name="Ann")
        for order in orders:
            tx.orders.save_many("ann", [order])
        return tx.orders.by_id("ann", "1")

    assert database.write_here(lambda c: work(Transaction(c, FakeClock()))) == an_order()
    database.close_here()


async def test_nobody_sees_the_orders_of_others(stores: Stores) -> None:
    await save(stores, an_order())
    with pytest.raises(NotFound):
        await stores.read(lambda tx: tx.orders.by_id("ben", "1"))
    assert await stores.read(lambda tx: tx.orders.of("ben")) == []
    assert await stores.read(lambda tx: tx.orders.purchases("ben", ["milk"])) == {}


async def test_orders_come_newest_first_and_undated_last(stores: Stores) -> None:
    days = [NOON + timedelta(days=day) for day in range(3)]
    dated = [an_order(str(day), ordered_at=at) for day, at in enumerate(days)]
    await save(stores, an_order("never", ordered_at=None), *dated)
    found = await stores.read(lambda tx: tx.orders.of("ann"))
    assert [order.order_id for order in found] == ["2", "1", "0", "never"]
    older = await stores.read(lambda tx: tx.orders.of("ann", before=days[1]))
    assert [order.order_id for order in older] == ["0"]


async def test_purchases_count_orders_and_leave_out_what_was_canceled(stores: Stores) -> None:
    later = NOON + timedelta(days=7)
    await save(
        stores,
        an_order("1", a_line(), a_line()),
        an_order("2", a_line(), ordered_at=later),
        an_order("3", a_line(is_canceled=True), ordered_at=later + timedelta(days=7)),
    )
    bought = await stores.read(lambda tx: tx.orders.purchases("ann", ["milk", "unknown"]))
    assert bought == {"milk": Purchases(times=2, quantity_thousandths=6000, last_at=later)}


async def test_an_order_of_nobody_is_a_conflict(stores: Stores) -> None:
    with pytest.raises(Conflict):
        await stores.write(lambda tx: tx.orders.save_many("nobody", [an_order()]))


async def test_an_understood_sentence_comes_back_as_it_was(stores: Stores) -> None:
    noted = NotedIntent(
        intent_id="intent_1",
        user_id="ann",
        user_query="two gallons of milk",
        detected_intent="add_to_list",
        confidence=0.93,
        entities={"items": [{"name": "milk", "quantity": 2}]},
        model_used="embedded",
        created_at=NOON,
    )
    await stores.write(lambda tx: tx.intents.add(noted))
    assert await stores.read(lambda tx: tx.intents.of("ann")) == [noted]
    assert await stores.read(lambda tx: tx.intents.of("ben")) == []
