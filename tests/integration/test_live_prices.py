"""Live prices against a shop of this test's own making."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from manciple.grocery.actions.live_prices import LivePrices, Remembering
from manciple.grocery.actions.watch_prices import WatchPrices
from manciple.grocery.domain.alerts import AlertKind, Rules
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import InvalidInput, NotFound, TooMany, Upstream
from tests.fakes import FakeClock
from tests.list_builders import a_product

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class FakeShop:
    """Answers with its prices until it is told to fail; `gate` holds answers back."""

    source = "fake"
    per_request = 20

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.cents: dict[str, int | None] = {"a": 300, "b": 400}
        self.stock: dict[str, bool] = {}
        self.asked: list[list[str]] = []
        self.failure: Exception | None = None
        self.gate: asyncio.Event | None = None

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        self.asked.append(list(product_ids))
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return [self._product(one) for one in product_ids if one in self.cents]

    async def search(self, words: str, *, limit: int) -> list[Product]:
        del words
        return [self._product(one) for one in self.cents][:limit]

    def _product(self, product_id: str) -> Product:
        cents = self.cents[product_id]
        now = self._clock.now()
        price = None
        if cents is not None:
            price = Price(
                cents=cents, source="fake", method="said", observed_at=now, confidence=0.9
            )
        return Product(
            product_id=product_id,
            name=f"Shop's {product_id}",
            price=price,
            price_missing=None if price else "not shown",
            in_stock=self.stock.get(product_id),
            source="fake",
            updated_at=now,
        )


class House:
    """Stores with two products, a shop, and what asks it."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOON)
        self.shop = FakeShop(self.clock)
        self.stores = Stores(open_database_in_memory(), self.clock)
        self.live = LivePrices(self.stores, self.clock, [self.shop], fresh_s=300)
        self.watches = WatchPrices(
            self.stores, self.clock, self.live, every_s=300, requests_per_hour=600
        )

    async def known(self, product_id: str) -> Product:
        return await self.stores.read(lambda tx: tx.products.by_id(product_id))

    async def news(self) -> list[tuple[str, Any]]:
        entries = await self.stores.read(lambda tx: tx.outbox.after(0, limit=1000))
        return [(entry.topic, msgspec.json.decode(entry.payload)) for entry in entries]


@pytest.fixture
async def house() -> Any:
    house = House()
    shelf = [a_product(one, cents=500) for one in ("a", "b")]
    await house.stores.write(lambda tx: tx.products.upsert_many(shelf))
    yield house
    await house.live.close()
    await house.stores.database.close()


async def test_a_price_is_asked_kept_and_told(house: House) -> None:
    live = await house.live.product("a", refresh="now")

    assert (live.is_live, live.missing) == (True, None)
    assert live.product.price is not None
    assert (live.product.price.cents, live.product.price.source) == (300, "fake")
    assert live.product.name != "Shop's a"
    ((topic, news),) = await house.news()
    assert (topic, news["oldPrice"], news["newPrice"]) == ("product.price_change", 5, 3)


async def test_a_fresh_price_is_not_asked_again(house: House) -> None:
    await house.live.product("a", refresh="now")
    house.clock.turn(299)
    await house.live.product("a", refresh="now")
    assert len(house.shop.asked) == 1
    house.clock.turn(2)
    await house.live.product("a", refresh="now")
    assert len(house.shop.asked) == 2


async def test_what_is_known_is_given_while_the_shop_is_asked(house: House) -> None:
    house.shop.gate = asyncio.Event()
    live = await house.live.product("a", refresh="behind")
    assert (live.is_live, live.is_refreshing) == (False, True)
    assert live.product == await house.known("a")
    house.shop.gate.set()
    await house.live.ask(["a"])

    assert len(house.shop.asked) == 1
    assert (await house.live.product("a", refresh="never")).is_live


async def test_many_who_ask_for_one_product_are_one_question(house: House) -> None:
    house.shop.gate = asyncio.Event()
    asking = [asyncio.create_task(house.live.ask(["a"])) for _ in range(50)]
    both = asyncio.create_task(house.live.ask(["a", "b"]))
    await asyncio.sleep(0)
    asking[0].cancel()
    await asyncio.sleep(0)
    house.shop.gate.set()
    found = await asyncio.gather(*asking[1:])

    assert {tuple(each) for each in found} == {("a",)}
    assert set(await both) == {"a", "b"}
    assert house.shop.asked == [["a"], ["b"]]


async def test_a_shop_that_fails_leaves_what_is_known_and_says_so(house: House) -> None:
    house.shop.failure = Upstream("fake", "is drifting")
    live = await house.live.product("a", refresh="now")

    assert not live.is_live
    assert "drifting" in (live.missing or "")
    assert live.product == await house.known("a")
    refreshed = await house.live.refresh(["a", "b"])
    assert set(refreshed.missing) == {"a", "b"}


async def test_a_price_that_is_not_shown_does_not_replace_a_known_one(house: House) -> None:
    house.shop.cents["a"] = None
    live = await house.live.product("a", refresh="now")

    assert (live.is_live, live.missing) == (False, "the shop shows no price now")
    assert live.product.price is not None


async def test_a_product_that_only_the_shop_knows_is_learned(house: House) -> None:
    house.shop.cents["new"] = 120
    assert (await house.live.product("new", refresh="now")).is_live
    assert (await house.known("new")).name == "Shop's new"
    with pytest.raises(NotFound):
        await house.live.product("nowhere", refresh="now")
    with pytest.raises(NotFound):
        await house.live.product("nowhere", refresh="never")


async def test_what_a_search_outside_saw_is_kept_of_known_products(house: House) -> None:
    house.shop.cents["stranger"] = 100
    await Remembering(house.shop, house.stores).search("milk", limit=10)

    price = (await house.known("b")).price
    assert price is not None
    assert price.cents == 400
    assert await house.stores.read(lambda tx: tx.products.by_ids(["stranger"])) == {}


async def test_a_watched_price_is_told_once_to_who_watches(house: House) -> None:
    await house.watches.watch("ann", "a", rules=Rules(below_cents=250), priority=5)
    for cents in (300, 250, 250, 240):
        house.shop.cents["a"] = cents
        await house.watches.turn()
        house.clock.turn(300)
    (alert,) = await house.watches.alerts("ann", limit=10)

    assert (alert.kind, alert.before_cents) == (AlertKind.BELOW, 250)
    assert alert.price is not None
    assert (alert.price.cents, alert.price.source) == (250, "fake")
    told = [news for topic, news in await house.news() if topic == "product.price_alert"]
    assert [(one["userId"], one["price"], one["alert"]) for one in told] == [("ann", 2.5, "below")]
    assert await house.watches.alerts("bob", limit=10) == []


async def test_a_product_that_is_there_again_is_told(house: House) -> None:
    await house.watches.watch("ann", "a", rules=Rules(back_in_stock=True), priority=5)
    for stock in (True, *[False] * 7, True):
        house.shop.stock["a"] = stock
        await house.watches.turn()
        house.clock.turn(300)

    assert [one.kind for one in await house.watches.alerts("ann", limit=9)] == [
        AlertKind.BACK_IN_STOCK
    ]
    topics = [topic for topic, _ in await house.news()]
    assert topics.count("product.stock_change") == 3


async def test_a_turn_ends_where_the_budget_does(house: House) -> None:
    for one in ("a", "b"):
        await house.watches.watch("ann", one, rules=Rules(drop_percent=5), priority=1)
    house.shop.failure = TooMany(wait_s=60)
    turn = await house.watches.turn()
    assert (turn.wanted, turn.seen, turn.is_cut) == (2, 0, True)
    house.shop.failure = None
    assert (await house.watches.turn()).seen == 2


async def test_watches_are_listed_changed_and_given_up(house: House) -> None:
    await house.watches.watch("ann", "a", rules=Rules(drop_percent=5), priority=1)
    await house.watches.watch("ann", "a", rules=Rules(drop_percent=9), priority=2)
    (only,) = await house.watches.watches("ann")
    assert (only.watch.rules, only.watch.priority) == (Rules(drop_percent=9), 2)
    await house.watches.unwatch("ann", "a")
    assert await house.watches.watches("ann") == []
    with pytest.raises(NotFound):
        await house.watches.unwatch("ann", "a")
    with pytest.raises(NotFound):
        await house.watches.watch("ann", "nowhere", rules=Rules(drop_percent=5), priority=1)
    with pytest.raises(InvalidInput):
        await house.watches.watch("ann", "a", rules=Rules(), priority=1)


async def test_without_a_source_the_known_price_is_given_and_said_so(house: House) -> None:
    alone = LivePrices(house.stores, house.clock, [], fresh_s=300)
    live = await alone.product("a", refresh="now")

    assert (live.is_live, live.missing) == (False, "no live source is set up")
    assert house.shop.asked == []
