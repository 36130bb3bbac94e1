"""Orders taken in from files: once each, whole or not at all, and what they teach."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.domain.orders import Order, OrderFile, OrderLine, OrderTotals
from manciple.grocery.domain.products import Price, Product
from manciple.kit.errors import InvalidInput
from manciple.services.fake_shop import pages
from manciple.services.fake_shop.orders import order, order_ids
from manciple.services.house import House
from tests.asking import ANN, BOB, Client, an_open_house
from tests.commanding import commands_on
from tests.fake_shop import whole_market
from tests.list_builders import a_product

JULY = datetime(2026, 7, 1, tzinfo=UTC)
HEAD = "Order Number,Order Date,Product Name,Qty,Price,Status,Order Type,Product Link\n"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_open_house(tmp_path) as opened:
        yield opened


def an_order(order_id: str = "1", at: datetime | None = JULY, **line: Any) -> Order:
    whole: dict[str, Any] = {
        "name": "Oat Milk, 64 fl oz",
        "product_id": "777",
        "quantity_thousandths": 2000,
        "total_cents": 798,
    }
    bought = OrderLine(**{**whole, **line})
    return Order(order_id=order_id, ordered_at=at, lines=(bought,), source="order-export")


async def take(house: House, *orders: Order, owner: str = "ann") -> None:
    await house.orders.take(owner, [OrderFile(orders=orders)])


async def kept(house: House, product_id: str) -> Product:
    return await house.stores.read(lambda tx: tx.products.by_id(product_id))


async def test_a_bought_product_that_nobody_knew_becomes_one_with_its_price(house: House) -> None:
    await take(house, an_order())

    found = await kept(house, "777")
    assert (found.name, found.source) == ("Oat Milk, 64 fl oz", "order-history")
    assert found.price == Price(
        cents=399,
        source="order-history",
        method="paid in an order",
        observed_at=JULY,
        confidence=0.95,
    )


async def test_what_is_known_better_is_not_overwritten(house: House) -> None:
    known = a_product("777", cents=450)
    await house.stores.write(lambda tx: tx.products.upsert_many([known]))
    old = datetime(2020, 1, 1, tzinfo=UTC)
    await take(house, an_order(at=old))

    assert await kept(house, "777") == known
    seen = (await house.prices.history("777", days=None, limit=10)).prices
    assert old in [price.observed_at for price in seen]


@pytest.mark.parametrize(
    "line",
    [{"is_weighed": True}, {"total_cents": None}, {"total_cents": 799}],
    ids=["by weight", "no price", "no whole cents"],
)
async def test_a_price_that_is_not_said_is_not_made_up(house: House, line: dict[str, Any]) -> None:
    await take(house, an_order(**line))

    found = await kept(house, "777")
    assert (found.price, bool(found.price_missing)) == (None, True)


async def test_a_canceled_line_teaches_nothing(house: House) -> None:
    await take(house, an_order(is_canceled=True))

    assert await house.stores.read(lambda tx: tx.products.by_ids(["777"])) == {}


async def test_an_import_twice_changes_nothing(house: House) -> None:
    orders = [an_order("1"), an_order("2", None), an_order("3", total_cents=900)]
    await take(house, *orders)
    before = await house.orders.digest()
    done = await house.orders.take("ann", [OrderFile(orders=tuple(orders))])

    assert (done.orders, done.added, done.changed, done.unchanged) == (3, 0, 0, 3)
    assert await house.orders.digest() == before
    await take(house, an_order("4"))
    assert await house.orders.digest() != before


async def test_a_broken_order_takes_no_other_along(house: House) -> None:
    rows = "5,2026-06-01,Milk,1,$3.00,,,\n6,2026-06-01,Bread,many,$2.00,,,\n"
    answer = await Client(house).ask("importOrders", fileName="x.csv", content=HEAD + rows)

    assert (answer["success"], answer["ordersImported"], answer["added"]) == (False, 1, 1)
    assert [one["orderId"] for one in answer["refused"]] == ["6"]


@pytest.mark.parametrize("content", ["<la", "<html><title>Orders</title></html>", "{}", "[1]"])
async def test_a_page_of_another_layout_is_the_fault_of_what_was_sent(
    house: House, content: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await Client(house).ask("importOrders", fileName="orders", content=content)
    assert refused.value.problems[0].where == ("content",)


async def test_a_receipt_that_does_not_add_up_is_remarked(house: House) -> None:
    wrong = Order(
        order_id="1",
        ordered_at=JULY,
        lines=(OrderLine(name="Milk", quantity_thousandths=1000, total_cents=300),),
        totals=OrderTotals(subtotal_cents=500),
        source="order-export",
    )
    done = await house.orders.take("ann", [OrderFile(orders=(wrong,))])

    assert [one.order_id for one in done.remarks] == ["1"]


async def test_orders_are_listed_page_by_page_and_only_to_their_owner(house: House) -> None:
    await take(house, *(an_order(str(day), datetime(2026, 6, day, tzinfo=UTC)) for day in (3, 1)))
    await take(house, an_order("8", None), an_order("9", None))
    ann = Client(house, ANN)
    seen, cursor = [], None
    while True:
        page = await ann.ask("orders.list", limit=1, cursor=cursor)
        seen += [one["orderId"] for one in page["orders"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break

    assert seen == ["3", "1", "8", "9"]
    assert (await ann.as_(BOB).ask("orders.list"))["orders"] == []
    one = await ann.ask("orders.get", orderId="3")
    assert (one["order"]["goods"], one["lines"][0]["quantity"]) == (7.98, 2)


def saved_pages(folder: Path) -> list[str]:
    """Every order page of the fake shop's customer, as files."""
    market = whole_market()
    for order_id in order_ids(market):
        page = pages.order_page([order(market, order_id)])
        (folder / f"{order_id}.html").write_bytes(page)
    return [str(file) for file in sorted(folder.glob("*.html"))]


def test_a_history_of_25_orders_161_products_and_229_lines(tmp_path: Path) -> None:
    files = saved_pages(tmp_path)
    manciple = asyncio.run(commands_on(tmp_path / "grocery.db"))
    done = json.loads(manciple("orders", "import", *files, "--json").stdout)

    assert (done["ordersImported"], done["productsImported"], done["lineItemsImported"]) == (
        25,
        161,
        229,
    )
    assert (done["added"], done["newProducts"]) == (25, 161)
    assert (done["refused"], done["remarks"]) == ([], [])
    before = manciple("orders", "digest").stdout
    again = manciple("orders", "import", *files)
    assert "25 known already" in again.stdout
    assert manciple("orders", "digest").stdout == before


def test_an_unreadable_file_is_said_and_the_others_are_taken(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.docx"
    good.write_text(HEAD + "5,2026-06-01,Milk,1,$3.00,,,\n")
    bad.write_bytes(b"\x00")
    manciple = asyncio.run(commands_on(tmp_path / "grocery.db"))
    done = manciple("orders", "import", str(bad), str(good))

    assert done.exit_code == 1
    assert "1 order, 1 product, 1 line item:" in done.stdout
    assert "bad.docx" in done.stderr
