"""One suite over every source of products, against a shop that misbehaves."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import stamina
from cryptography.hazmat.primitives.asymmetric import rsa

from manciple.grocery.actions.live_prices import LivePrices
from manciple.grocery.actions.ports import LookupSource, SearchSource
from manciple.grocery.connectors.brightdata import BrightData
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.saved_pages import SavedPages
from manciple.grocery.connectors.shelf import SOURCE as SHELF
from manciple.grocery.connectors.shelf import BundledShelf
from manciple.grocery.connectors.shop_pages import ShopPages
from manciple.grocery.connectors.walmart_affiliate import WalmartAffiliate
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.stores.opening import open_database_in_memory
from manciple.grocery.stores.stores import Stores
from manciple.kit.breaker import State
from manciple.kit.clock import SystemClock
from manciple.kit.errors import MancipleError, NotAllowed, TooMany, Upstream
from manciple.services.fake_shop import pages
from manciple.services.fake_shop.faults import Fault, Schedule
from manciple.services.fake_shop.pages import Layout
from manciple.services.fake_shop.server import FakeShop
from tests.fake_shop import a_fake_shop

CLOCK = SystemClock()
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Setting:
    """A shop that is open, and a way to it."""

    shop: FakeShop
    fetcher: Fetcher
    url: str
    folder: Path

    def pages(self) -> ShopPages:
        return ShopPages(self.fetcher, base_url=self.url, now=CLOCK.now)

    def brightdata(self, key: str = "fake-key") -> BrightData:
        return BrightData(self.fetcher, key, now=CLOCK.now, base_url=self.url)

    def affiliate(self, key: rsa.RSAPrivateKey = KEY) -> WalmartAffiliate:
        base_url = f"{self.url}/api-proxy/service"
        return WalmartAffiliate(
            self.fetcher, consumer_id="c", key=key, now=CLOCK.now, base_url=base_url
        )

    def saved(self) -> SavedPages:
        """Pages that somebody saved just now, as the shop gave them out at its next fault."""
        fault = self.shop.faults.next()
        for id_ in self.shop.market.wares:
            offer = self.shop.market.offer(id_, CLOCK.now())
            assert offer is not None
            body = saved_body(pages.product_page(offer), fault)
            (self.folder / f"{id_}.html").write_bytes(body)
        return SavedPages(self.folder)

    def shelf(self) -> LookupSource:
        return Shelf()

    def cents(self, product_id: str) -> int:
        offer = self.shop.market.offer(product_id, CLOCK.now())
        assert offer is not None
        return offer.price_cents


@asynccontextmanager
async def a_setting(**more: Any) -> AsyncIterator[Setting]:
    async with a_fake_shop(key=KEY.public_key(), **more) as (shop, port):
        fetcher = Fetcher(CLOCK, trusted=frozenset({f"127.0.0.1:{port}"}))
        with tempfile.TemporaryDirectory() as folder:
            try:
                yield Setting(shop, fetcher, f"http://127.0.0.1:{port}", Path(folder))
            finally:
                await fetcher.close()


class Shelf:
    """The bundled shelf, asked as any other source is."""

    source = SHELF
    per_request = 1000

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        wanted = frozenset(product_ids)
        return [one for one in BundledShelf().products() if one.product_id in wanted]


def saved_body(whole: bytes, fault: Fault) -> bytes:
    """A page as a browser saves it, of which a fault may have left less."""
    match fault:
        case Fault.TRUNCATED | Fault.RESET:
            return whole[: len(whole) // 2]
        case Fault.BOT_WALL:
            return pages.bot_wall()
        case Fault.DRIFT:
            return whole.replace(b'"priceInfo"', b'"pricing"')
        case Fault.FAILS | Fault.DOWN | Fault.TOO_MANY:
            return b"<html>oops</html>"
        case _:
            return whole


@pytest.fixture(autouse=True)
def quick_retries() -> Iterator[None]:
    stamina.set_testing(True, attempts=2)
    yield
    stamina.set_testing(False)


Lookup = Callable[[Setting], LookupSource]
Search = Callable[[Setting], SearchSource]
LOOKUPS = pytest.mark.parametrize(
    "source_of",
    [Setting.pages, Setting.brightdata, Setting.affiliate, Setting.saved],
    ids=lambda f: f.__name__,
)
OVER_HTTP = pytest.mark.parametrize(
    "source_of", [Setting.pages, Setting.brightdata, Setting.affiliate], ids=lambda f: f.__name__
)
SEARCHES = pytest.mark.parametrize(
    "source_of", [Setting.pages, Setting.affiliate, Setting.saved], ids=lambda f: f.__name__
)


def check(products: list[Product], setting: Setting, source: str) -> None:
    """Every price is the shop's own and says where it comes from."""
    for product in products:
        assert product.source == source
        if product.price is None:
            assert product.price_missing
            continue
        assert product.price.cents == setting.cents(product.product_id)
        assert product.price.source == source
        assert 0 < product.price.confidence <= 1
        assert product.price.observed_at.utcoffset() is not None


@LOOKUPS
async def test_products_are_found_by_their_ids_and_unknown_ones_left_out(source_of: Lookup) -> None:
    async with a_setting() as setting:
        source = source_of(setting)
        found = await source.by_ids(["100", "102", "999"])

        assert {product.product_id for product in found} == {"100", "102"}
        check(found, setting, source.source)


@SEARCHES
async def test_products_are_found_by_words(source_of: Search) -> None:
    async with a_setting() as setting:
        source = source_of(setting)
        found = await source.search("oat milk", limit=3)

        assert found[0].name == "Oat Milk"
        assert len(found) <= 3
        check(found, setting, source.source)


@pytest.mark.parametrize("layout", Layout)
async def test_every_layout_of_the_pages_says_the_same(layout: Layout) -> None:
    async with a_setting(layout=layout) as setting:
        found = await setting.pages().search("milk", limit=10)

        assert len(found) == 4
        check(found, setting, "walmart-page")


FAULTS = [fault for fault in Fault if fault is not Fault.NONE]
WHOLE = frozenset({Fault.SLOW})


@LOOKUPS
@pytest.mark.parametrize("fault", FAULTS)
async def test_under_any_fault_nothing_is_invented_and_it_recovers(
    source_of: Lookup, fault: Fault
) -> None:
    async with a_setting(faults=Schedule([fault])) as setting:
        source = source_of(setting)
        # A fault that leaves an answer whole may drop facts, and may not change any.
        found = None
        with contextlib.suppress(Upstream, TooMany):
            found = await source.by_ids(["100"])
        assert (found is not None) or fault not in WHOLE
        check(found or [], setting, source.source)
        assert fault in WHOLE or all(product.price is None for product in found or [])
        setting.shop.faults = Schedule()
        fresh = Fetcher(CLOCK, trusted=frozenset({setting.url.removeprefix("http://")}))
        mended = Setting(setting.shop, fresh, setting.url, setting.folder)
        recovered = await source_of(mended).by_ids(["100"])
        await fresh.close()

        assert [product.product_id for product in recovered] == ["100"]
        assert recovered[0].price is not None
        check(recovered, setting, source.source)


@LOOKUPS
@pytest.mark.parametrize("fault", FAULTS)
async def test_the_answer_degrades_says_so_and_recovers(source_of: Lookup, fault: Fault) -> None:
    async with a_setting(faults=Schedule([fault])) as setting, a_house() as house:
        live = LivePrices(house, CLOCK, [source_of(setting)], fresh_s=300)
        known = await live.product("100", refresh="now")
        assert known.is_live is (fault in WHOLE)
        if not known.is_live:
            # What was known before stands, with its own source and its own time.
            assert known.product.price == OLD_PRICE
            assert known.missing
        await live.close()
        setting.shop.faults = Schedule()
        fresh = Fetcher(CLOCK, trusted=frozenset({setting.url.removeprefix("http://")}))
        mended = source_of(Setting(setting.shop, fresh, setting.url, setting.folder))
        live = LivePrices(house, CLOCK, [mended], fresh_s=300)
        recovered = await live.product("100", refresh="now")
        await live.close()
        await fresh.close()

        assert (recovered.is_live, recovered.missing) == (True, None)
        check(
            [msgspec.structs.replace(recovered.product, source=mended.source)],
            setting,
            mended.source,
        )


OLD_PRICE = Price(
    cents=123,
    source="person",
    method="read in the store",
    observed_at=datetime(2026, 1, 5, tzinfo=UTC),
    confidence=0.9,
)


@asynccontextmanager
async def a_house() -> AsyncIterator[Stores]:
    """Stores that know a product and an old price of it."""
    stores = Stores(open_database_in_memory(), CLOCK)
    known = Product(
        product_id="100", name="Oat Milk", price=OLD_PRICE, source="person", updated_at=CLOCK.now()
    )
    await stores.write(lambda tx: tx.products.upsert_many([known]))
    try:
        yield stores
    finally:
        await stores.database.close()


async def test_the_shelf_answers_always_and_never_passes_for_live() -> None:
    shelf = Shelf()
    (first, *_) = BundledShelf().products()
    (found,) = await shelf.by_ids([first.product_id, "no such product"])

    assert found.source == SHELF
    assert found.price is not None
    assert found.price.source == SHELF
    assert found.price.method.startswith("sample: ")
    assert 0 < found.price.confidence < 1
    async with a_house() as house:
        await house.write(lambda tx: tx.products.upsert_many([found]))
        live = LivePrices(house, CLOCK, [shelf], fresh_s=300)
        shown = await live.product(first.product_id, refresh="now")
        await live.close()

        assert not shown.is_live
        assert shown.missing


async def test_saved_pages_say_which_cannot_be_read_and_give_the_others() -> None:
    async with a_setting() as setting:
        source = setting.saved()
        (setting.folder / "101.html").write_bytes(pages.bot_wall())

        assert [one.product_id for one in await source.by_ids(["100"])] == ["100"]
        with pytest.raises(Upstream, match=r"1 of 5 pages cannot be read.*101\.html.*bot check"):
            await source.by_ids(["101"])


@OVER_HTTP
async def test_a_passing_fault_is_outlived_by_trying_again(source_of: Lookup) -> None:
    async with a_setting(faults=Schedule.read("503,none")) as setting:
        assert len(await source_of(setting).by_ids(["100"])) == 1


async def test_a_shop_that_shows_a_wall_is_left_alone() -> None:
    async with a_setting(faults=Schedule([Fault.BOT_WALL])) as setting:
        source = setting.pages()
        for _ in range(20):
            with pytest.raises(MancipleError):
                await source.by_ids(["100"])

        (state,) = setting.fetcher.states()
        assert state.breaker is State.OPEN
        assert state.calls == state.failures < 20


async def test_a_wrong_key_is_said_so() -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    async with a_setting() as setting:
        with pytest.raises(NotAllowed):
            await setting.brightdata("wrong").by_ids(["100"])
        with pytest.raises(NotAllowed):
            await setting.affiliate(other).by_ids(["100"])


async def test_a_keyword_search_is_a_job_that_is_paid_once() -> None:
    async with a_setting(pace=20.0) as setting:
        source = setting.brightdata()
        job = await source.trigger("milk", limit=10)
        while (collected := await source.collect(job)) is None:
            await CLOCK.sleep(0.02)

        assert len(collected.products) == 4
        assert collected.refused == ()
        check(list(collected.products), setting, "brightdata")
        assert setting.shop.log.count("/datasets/v3/trigger") == 1


async def test_inputs_that_fail_are_reported() -> None:
    async with a_setting() as setting:
        collected = await setting.brightdata().scrape(["100", "999"])

    assert not isinstance(collected, str)
    assert [one.code for one in collected.refused] == ["dead_page"]


async def test_a_target_that_says_too_many_is_asked_a_few_times_at_most() -> None:
    async with a_setting(faults=Schedule([Fault.TOO_MANY])) as setting:
        source = setting.brightdata()
        for _ in range(30):
            with pytest.raises(MancipleError):
                await source.by_ids(["100"])

        assert len(setting.shop.log) < 10
