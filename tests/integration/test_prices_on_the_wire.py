"""Observed prices, comparisons and pack plans as a client asks for them."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from manciple.grocery.domain.units import Size
from manciple.kit.errors import InvalidInput, NotAllowed, NotFound, Refused
from manciple.services.house import House
from tests.asking import READER, Client, an_open_house
from tests.fakes import FakeClock
from tests.list_builders import a_product

DAY_S = 86_400
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SIZES = {"big": (500, 160_000), "small": (120, 32_000), "tiny": (99, 16_000), "dear": (None, 8_000)}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    async with an_open_house(tmp_path, clock) as opened:
        rice = [
            a_product(name, cents=cents, size=Size(amount_thousandths=ounces, unit="ONZ"))
            for name, (cents, ounces) in SIZES.items()
        ]
        eggs = a_product("eggs", cents=300, size=Size(amount_thousandths=12_000, unit="C62"))
        await opened.stores.write(lambda tx: tx.products.upsert_many([*rice, eggs]))
        yield opened


@pytest.fixture
def ann(house: House) -> Client:
    return Client(house)


async def price_news(house: House) -> list[Any]:
    news = await house.stores.read(lambda tx: tx.outbox.after(0, limit=100))
    return [json.loads(one.payload) for one in news if one.topic == "product.price_change"]


async def test_a_price_that_differs_is_recorded_and_told(
    house: House, ann: Client, clock: FakeClock
) -> None:
    clock.turn(DAY_S)
    told = await ann.ask("walmartPrice.record", productId="big", price=4.5, store="Main St")
    assert (told["isNewPrice"], told["product"]["currentPrice"]) == (True, 4.5)
    assert told["product"]["price"]["source"] == "person"
    (news,) = await price_news(house)
    assert (news["productId"], news["oldPrice"], news["newPrice"]) == ("big", 5, 4.5)
    clock.turn(DAY_S)
    await ann.ask("walmartPrice.record", productId="big", price=4.5)
    assert len(await price_news(house)) == 1


async def test_an_older_observation_enters_only_the_history(
    house: House, ann: Client, clock: FakeClock
) -> None:
    clock.turn(DAY_S)
    earlier = (START - timedelta(days=9)).isoformat()
    told = await ann.ask("walmartPrice.record", productId="big", price=9, observedAt=earlier)
    assert (told["isNewPrice"], told["product"]["currentPrice"]) == (False, 5)
    seen = await ann.ask("walmartPrice.history", productId="big")
    assert [one["amount"] for one in seen["observations"]] == [5, 9]
    assert await price_news(house) == []


async def test_an_import_tells_what_changed_and_not_what_is_new(house: House) -> None:
    dearer = a_product("eggs", cents=350, size=Size(amount_thousandths=12_000, unit="C62"))
    sold_out = msgspec.structs.replace(a_product("flour"), in_stock=True)
    await house.stores.write(lambda tx: tx.products.upsert_many([dearer, sold_out]))
    gone = msgspec.structs.replace(sold_out, in_stock=False)
    await house.stores.write(lambda tx: tx.products.upsert_many([dearer, gone]))
    news = await house.stores.read(lambda tx: tx.outbox.after(0, limit=100))
    assert [(one.topic, one.key) for one in news if one.topic.startswith("product.")] == [
        ("product.price_change", "eggs"),
        ("product.stock_change", "flour"),
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        {"price": -1},
        {"price": 0},
        {"price": 1.005},
        {"price": 5, "observedAt": "2027-01-01T00:00:00Z"},
        {"price": 5, "observedAt": "0001-01-01T00:00:00+12:00"},
        {"price": 5, "observedAt": "9999-12-31T23:59:59-12:00"},
    ],
)
async def test_what_cannot_have_been_seen_is_invalid(ann: Client, wanted: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        await ann.ask("walmartPrice.record", productId="big", **wanted)


async def test_a_reader_records_nothing_and_no_unknown_product_has_a_price(ann: Client) -> None:
    with pytest.raises(NotAllowed):
        await ann.as_(READER).ask("walmartPrice.record", productId="big", price=1)
    for name in ("current", "history", "stats"):
        with pytest.raises(NotFound):
            await ann.ask(f"walmartPrice.{name}", productId="nowhere")


async def test_many_prices_come_in_order_and_say_what_is_unknown(ann: Client) -> None:
    found = await ann.ask("walmartPrice.many", productIds=["tiny", "nowhere", "big", "tiny"])
    assert [one["productId"] for one in found["prices"]] == ["tiny", "big"]
    assert found["unknown"] == ["nowhere"]


async def test_figures_count_what_was_seen_in_the_time_asked_for(
    ann: Client, clock: FakeClock
) -> None:
    for price in (4, 6, 3):
        clock.turn(DAY_S)
        await ann.ask("walmartPrice.record", productId="big", price=price)
    figures = (await ann.ask("walmartPrice.stats", productId="big"))["figures"]
    assert (figures["count"], figures["least"], figures["most"]) == (4, 3, 6)
    assert (figures["median"], figures["cheaperPercent"]) == (4.5, 75)
    recent = (await ann.ask("walmartPrice.stats", productId="big", days=1))["figures"]
    assert recent["count"] == 2
    none = await ann.ask("walmartPrice.stats", productId="dear")
    assert none["figures"] is None


async def test_products_are_compared_by_unit_price_within_their_kind(ann: Client) -> None:
    ids = ["tiny", "eggs", "big", "dear", "small"]
    found = (await ann.ask("walmartPrice.compare", productIds=ids))["products"]
    assert [(one["productId"], one["rank"]) for one in found] == [
        ("big", 1),
        ("small", 2),
        ("tiny", 3),
        ("eggs", None),
        ("dear", None),
    ]
    assert found[0]["unitPrice"] == "3.1 ¢/oz"


async def test_the_cheapest_packages_for_an_amount_are_planned(ann: Client) -> None:
    ids = ["big", "small", "tiny", "dear", "eggs"]
    plan = await ann.ask("planPacks", productIds=ids, quantity=12, unit="lb")
    assert {one["productId"]: one["packages"] for one in plan["packages"]} == {"big": 1, "small": 1}
    assert (plan["total"], plan["amount"], plan["leftover"]) == (6.2, 12, 0)
    assert (plan["isExact"], plan["notOffered"]) == (True, ["dear", "eggs"])


async def test_a_plan_for_words_takes_only_what_the_best_hit_is(house: House, ann: Client) -> None:
    size = Size(amount_thousandths=32_000, unit="ONZ")
    named = {
        "11111": ("White Rice", 300, "Rice & Grains"),
        "22222": ("Long Grain White Rice", 200, "Rice & Grains"),
        "33333": ("Chicken Soup With White Rice", 50, "Soups"),
    }
    products = [
        msgspec.structs.replace(
            a_product(product_id, cents=cents, name=name, size=size), category_path=(shelf,)
        )
        for product_id, (name, cents, shelf) in named.items()
    ]
    await house.stores.write(lambda tx: tx.products.upsert_many(products))
    plan = await ann.ask("planPacks", query="white rice", quantity=4, unit="lb")
    assert {one["productId"]: one["packages"] for one in plan["packages"]} == {"22222": 2}


async def test_a_plan_needs_a_known_unit_and_something_that_has_a_price(ann: Client) -> None:
    with pytest.raises(InvalidInput):
        await ann.ask("planPacks", productIds=["big"], quantity=1, unit="handful")
    with pytest.raises(InvalidInput):
        await ann.ask("planPacks", quantity=1, unit="lb")
    with pytest.raises(Refused):
        await ann.ask("planPacks", productIds=["dear", "eggs"], quantity=1, unit="lb")
