"""A simulated day: 5,000 watched products, a shop whose prices move and which fails on a schedule.

What the shop answered is written down beside; from that alone the day must be explained.
"""

import gc
import weakref
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from manciple.grocery.actions.live_prices import LivePrices
from manciple.grocery.actions.watch_prices import WatchPrices
from manciple.grocery.domain.alerts import AlertKind, Rules
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import MancipleError, TimedOut, TooMany, Upstream
from manciple.services.fake_shop.market import Market, Ware
from tests.fakes import FakeClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRODUCTS, TURNS, EVERY_S = 5_000, 288, 300.0
# So that the day passes in half a minute; each product is looked at every four hours.
PER_HOUR = 100
# Made anew each time: an error that is raised again holds on to all who ever caught it.
FAULTS: tuple[Callable[[], MancipleError] | None, ...] = (
    *[None] * 5,
    lambda: Upstream("fake", "500"),
    None,
    lambda: TimedOut(after_s=20),
    *[None] * 9,
    lambda: TooMany(wait_s=30),
    *[None] * 6,
)


class MovingShop:
    """Answers from a market, fails round and round, and writes everything down."""

    source = "fake"
    per_request = 20

    def __init__(self, market: Market, clock: FakeClock) -> None:
        self._market = market
        self._clock = clock
        self.asked_at: list[float] = []
        self.cents: dict[str, list[int]] = defaultdict(list)
        self.stock: dict[str, list[bool]] = defaultdict(list)

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        fault = FAULTS[len(self.asked_at) % len(FAULTS)]
        self.asked_at.append(self._clock.monotonic())
        self._clock.turn(0.5)
        if fault is not None:
            raise fault()
        return [self._answer(one) for one in product_ids]

    def _answer(self, product_id: str) -> Product:
        now = self._clock.now()
        # Its days pass six times as fast, so that sales begin and end within ours.
        offer = self._market.offer(product_id, NOON + 6 * (now - NOON))
        assert offer is not None
        self.cents[product_id].append(offer.price_cents)
        self.stock[product_id].append(offer.in_stock)
        price = Price(
            cents=offer.price_cents,
            source="fake",
            method="said",
            observed_at=now,
            confidence=0.9,
        )
        return a_ware(product_id, price=price, in_stock=offer.in_stock, at=now)


def a_ware(product_id: str, *, price: Price | None, in_stock: bool | None, at: datetime) -> Product:
    return Product(
        product_id=product_id,
        name=f"Ware {product_id}",
        price=price,
        price_missing=None if price else "never seen",
        in_stock=in_stock,
        source="fake",
        updated_at=at,
    )


def changes(seen: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The changes in a row of what was answered, from unknown on."""
    before = [None, *seen[:-1]]
    return [(old, new) for old, new in zip(before, seen, strict=True) if old != new]


def times_below(seen: Sequence[int], threshold: int) -> int:
    """How often a price came to the threshold from 2 % above it, or from the start."""
    count, is_armed = 0, True
    for cents in seen:
        if cents <= threshold:
            count += is_armed
            is_armed = False
        elif cents * 100 >= threshold * 102:
            is_armed = True
    return count


def is_kept(thing: object) -> bool:
    """Whether somebody keeps it; the driver drops weak references to cursors by the hundred."""
    return not isinstance(thing, weakref.ReferenceType)


async def test_a_day_of_watching_loses_nothing_and_tells_nothing_twice(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    wares = [
        Ware(product_id=str(n), name=f"Ware {n}", brand=None, category=())
        for n in range(10_000, 10_000 + PRODUCTS)
    ]
    market = Market(7, wares)
    shop = MovingShop(market, clock)
    stores = Stores(open_database(tmp_path / "grocery.db"), clock)
    live = LivePrices(stores, clock, [shop], fresh_s=EVERY_S)
    watches = WatchPrices(stores, clock, live, every_s=EVERY_S, requests_per_hour=PER_HOUR)
    below = await everything_watched(stores, market)
    objects = []
    for turn in range(TURNS):
        began_s = clock.monotonic()
        await watches.turn()
        clock.turn(EVERY_S - (clock.monotonic() - began_s))
        if turn in (TURNS // 2, TURNS - 1):
            gc.collect()
            objects.append(sum(map(is_kept, gc.get_objects())))

    # The budget: no hour, wherever it begins, sees more requests.
    for first, at_s in enumerate(shop.asked_at):
        later = shop.asked_at[first + PER_HOUR : first + PER_HOUR + 1]
        assert not later or later[0] - at_s > 3600
    assert len(shop.asked_at) > 0.5 * PER_HOUR * 24
    # Everything was looked at, and what is known is what was answered last.
    assert len(shop.cents) == PRODUCTS
    known = await stores.read(lambda tx: tx.products.by_ids(shop.cents))
    assert {id_: one.price.cents for id_, one in known.items() if one.price} == {
        id_: seen[-1] for id_, seen in shop.cents.items()
    }
    # No lost change and no invented one.
    news = await all_news(stores)
    assert news["product.price_change"] == {id_: changes(seen) for id_, seen in shop.cents.items()}
    assert news["product.stock_change"] == {id_: changes(seen) for id_, seen in shop.stock.items()}
    # No alert is missing, and none comes twice.
    alerts = await all_alerts(stores)
    assert sum(alerts.values()) > PRODUCTS // 50
    assert alerts == {
        id_: times for id_, seen in shop.cents.items() if (times := times_below(seen, below[id_]))
    }
    # Bounded memory: of the turns between, most leave no object behind.
    assert objects[1] - objects[0] < TURNS // 4
    await live.close()
    await stores.database.close()


async def everything_watched(stores: Stores, market: Market) -> dict[str, int]:
    """Everybody's thresholds: a tenth below the price at the start."""
    products = [
        a_ware(id_, price=None, in_stock=None, at=NOON - timedelta(days=1)) for id_ in market.wares
    ]
    await stores.write(lambda tx: tx.products.upsert_many(products))
    below = {}
    for id_ in market.wares:
        offer = market.offer(id_, NOON)
        assert offer is not None
        below[id_] = max(1, offer.price_cents * 9 // 10)

    def work(tx: Any) -> None:
        tx.users.ensure("ann", display_name="Ann")
        for id_, cents in below.items():
            rules = Rules(below_cents=cents)
            tx.watches.put("ann", id_, rules=rules, priority=4 + int(id_) % 3)

    await stores.write(work)
    return below


async def all_news(stores: Stores) -> dict[str, dict[str, list[tuple[Any, Any]]]]:
    """Every change that was told, by topic and product, in cents."""
    found: dict[str, dict[str, list[tuple[Any, Any]]]] = defaultdict(lambda: defaultdict(list))
    last = 0
    while entries := await stores.read(lambda tx, after=last: tx.outbox.after(after, limit=5000)):  # type: ignore[misc]  # a default binds the loop's value
        for entry in entries:
            facts = msgspec.json.decode(entry.payload)
            if entry.topic == "product.price_change":
                change = cents(facts["oldPrice"]), cents(facts["newPrice"])
                found[entry.topic][entry.key].append(change)
            elif entry.topic == "product.stock_change":
                found[entry.topic][entry.key].append((facts["wasInStock"], facts["inStock"]))
        last = entries[-1].id
    return found


def cents(amount: float | None) -> int | None:
    return None if amount is None else round(amount * 100)


async def all_alerts(stores: Stores) -> dict[str, int]:
    """How many alerts there were of each product."""
    found: dict[str, int] = defaultdict(int)
    told = await stores.read(lambda tx: tx.watches.alerts("ann", limit=100_000))
    assert all(one.kind is AlertKind.BELOW for one in told)
    for one in told:
        found[one.product_id] += 1
    return found
