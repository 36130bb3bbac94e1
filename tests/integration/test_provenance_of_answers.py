"""Real answers through every kind of procedure: no price of a product comes without its origin."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.domain.orders import Order, OrderFile, OrderLine
from manciple.services.house import House
from tests.asking import Client, an_open_house
from tests.commanding import commands_on
from tests.list_builders import a_product

MILK, SODA = "10450115", "900000002"
OWN = {"source", "observedAt", "store", "confidence"}
# Sums over several products, and what the caller named, are no price of a product.
PRICED = ("price", "was", "now", "paid", "newest", "least", "most")


def bare(value: Any, path: str = "") -> Iterator[str]:
    """Where an amount named as a price stands without its origin beside it or below it."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from bare(one, f"{path}[{number}]")
    if not isinstance(value, dict):
        return
    held = [one for one in value.values() if isinstance(one, dict)]
    is_told = set(value) >= OWN or any(set(one) >= OWN for one in held)
    for key, one in value.items():
        here = f"{path}.{key}"
        is_price = isinstance(one, int | float) and not isinstance(one, bool) and _is_priced(key)
        if is_price and not is_told:
            yield here
        yield from bare(one, here)


def _is_priced(key: str) -> bool:
    words = "".join(f"_{c.lower()}" if c.isupper() else c for c in key).split("_")
    is_count = any(word in words for word in ("without", "unknown", "percent", "is", "items"))
    return bool(set(words) & set(PRICED)) and not is_count


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_open_house(tmp_path) as opened:
        products = [
            a_product(MILK, cents=348, name="Great Value Whole Milk, 1 gal"),
            a_product(SODA, cents=500, name="Cola Soda, 12 ct"),
        ]
        await opened.stores.write(lambda tx: tx.products.upsert_many(products))
        line = OrderLine(
            name="Whole Milk", product_id=MILK, quantity_thousandths=2000, total_cents=696
        )
        order = Order(
            order_id="7",
            ordered_at=datetime(2026, 1, 3, tzinfo=UTC),
            lines=(line,),
            source="order-export",
        )
        await opened.orders.take("ann", [OrderFile(orders=(order,))])
        yield opened


async def answers(ann: Client) -> AsyncIterator[tuple[str, Any]]:
    """What a person asks in a day, and what they are answered."""

    async def ask(procedure: str, /, **wanted: Any) -> tuple[str, Any]:
        return procedure, await ann.ask(procedure, **wanted)

    yield await ask("searchProducts", query="milk")
    yield await ask("hybridSearch", query="milk")
    yield await ask("getProductDetails", productId=MILK)
    yield await ask("walmartPrice.record", productId=MILK, price=3.98, store="Main St")
    yield await ask("walmartPrice.watch", productId=MILK, below=3.5)
    for path in ("current", "history", "stats", "checkSize", "seasons"):
        yield await ask(f"walmartPrice.{path}", productId=MILK)
    yield await ask("walmartPrice.checkOffer", productId=MILK, was=4.48)
    for path in ("many", "compare"):
        yield await ask(f"walmartPrice.{path}", productIds=[MILK, SODA])
    for path in ("watches", "alerts"):
        yield await ask(f"walmartPrice.{path}")
    made = await ann.ask("createList", name="Weekly")
    list_id = made["list"]["id"]
    items = [{"productId": MILK, "quantity": 2}, {"productId": SODA, "quantity": 1}]
    yield await ask("addToList", listId=list_id, items=items)
    yield await ask("getList", listId=list_id)
    started = await ann.ask("startShoppingSession", type="online", listId=list_id)
    yield "startShoppingSession", started
    session_id = started["session"]["id"]
    yield await ask("processCheckout", sessionId=session_id)
    await ann.ask("walmartPrice.record", productId=SODA, price=9.99)
    quoted = await ann.ask("processCheckout", sessionId=session_id)
    yield "processCheckout", quoted
    yield await ask("orders.list")
    yield await ask("orders.get", orderId="7")
    yield await ask("agent.ask", sentence="add two gallons of whole milk to my list")


async def test_no_answer_holds_a_price_without_its_origin(house: House) -> None:
    seen, prices = [], 0
    async for path, answer in answers(Client(house)):
        seen.append(path)
        prices += json.dumps(answer).count('"observedAt"')
        assert list(bare(answer, path)) == []

    assert len(seen) > 18
    assert prices > 20


async def test_no_event_holds_a_price_without_its_origin(house: House) -> None:
    async for _ in answers(Client(house)):
        pass
    news = await house.stores.read(lambda tx: tx.outbox.after(0, limit=1000))
    priced = [one for one in news if one.topic == "product.price_change"]

    assert priced
    for one in news:
        assert list(bare(json.loads(one.payload), one.topic)) == []


def test_the_walk_finds_a_price_that_says_nothing() -> None:
    stated = {"amount": 3, "source": "x", "observedAt": "y", "store": None, "confidence": 1}

    assert list(bare({"items": [{"price": 3.98}]})) == [".items[0].price"]
    assert list(bare({"items": [{"price": 3.98, "stated": stated}]})) == []
    assert list(bare({"linesWithoutPrice": 2, "isPriced": True})) == []


def test_what_commands_print_for_scripts_says_it_too(tmp_path: Path) -> None:
    milk = a_product(MILK, cents=348, name="Great Value Whole Milk, 1 gal")
    manciple = asyncio.run(commands_on(tmp_path / "grocery.db", milk))
    for command in (
        ("search", "milk", "--json"),
        ("price", "show", MILK, "--json"),
        ("price", "history", MILK, "--json"),
        ("price", "stats", MILK, "--json"),
        ("price", "compare", MILK, "--json"),
    ):
        printed = json.loads(manciple(*command).stdout)
        assert list(bare(_camel(printed), " ".join(command))) == []


def _camel(value: Any) -> Any:
    """Names as the wire has them; commands print both writings."""
    if isinstance(value, list):
        return [_camel(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {_camel_name(key): _camel(one) for key, one in value.items()}


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
