"""One suite over every source of products, against a shop that misbehaves."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import stamina
from cryptography.hazmat.primitives.asymmetric import rsa

from manciple.grocery.actions.ports import LookupSource, SearchSource
from manciple.grocery.connectors.brightdata import BrightData
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.shop_pages import ShopPages
from manciple.grocery.connectors.walmart_affiliate import WalmartAffiliate
from manciple.grocery.domain.products import Product
from manciple.kit.clock import SystemClock
from manciple.kit.errors import MancipleError, NotAllowed, TooMany, Upstream
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

    def pages(self) -> ShopPages:
        return ShopPages(self.fetcher, base_url=self.url, now=CLOCK.now)

    def brightdata(self, key: str = "fake-key") -> BrightData:
        return BrightData(self.fetcher, key, now=CLOCK.now, base_url=self.url)

    def affiliate(self, key: rsa.RSAPrivateKey = KEY) -> WalmartAffiliate:
        base_url = f"{self.url}/api-proxy/service"
        return WalmartAffiliate(
            self.fetcher, consumer_id="c", key=key, now=CLOCK.now, base_url=base_url
        )

    def cents(self, product_id: str) -> int:
        offer = self.shop.market.offer(product_id, CLOCK.now())
        assert offer is not None
        return offer.price_cents


@asynccontextmanager
async def a_setting(**more: Any) -> AsyncIterator[Setting]:
    async with a_fake_shop(key=KEY.public_key(), **more) as (shop, port):
        fetcher = Fetcher(CLOCK, trusted=frozenset({f"127.0.0.1:{port}"}))
        try:
            yield Setting(shop, fetcher, f"http://127.0.0.1:{port}")
        finally:
            await fetcher.close()


@pytest.fixture(autouse=True)
def quick_retries() -> Iterator[None]:
    stamina.set_testing(True, attempts=2)
    yield
    stamina.set_testing(False)


Lookup = Callable[[Setting], LookupSource]
Search = Callable[[Setting], SearchSource]
LOOKUPS = pytest.mark.parametrize(
    "source_of", [Setting.pages, Setting.brightdata, Setting.affiliate], ids=lambda f: f.__name__
)
SEARCHES = pytest.mark.parametrize(
    "source_of", [Setting.pages, Setting.affiliate], ids=lambda f: f.__name__
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


FAULTS = [fault for fault in Fault if fault not in (Fault.NONE, Fault.SLOW)]


@LOOKUPS
@pytest.mark.parametrize("fault", FAULTS)
async def test_under_any_fault_nothing_is_invented_and_it_recovers(
    source_of: Lookup, fault: Fault
) -> None:
    async with a_setting(faults=Schedule([fault])) as setting:
        source = source_of(setting)
        # A fault that leaves an answer whole may drop facts, and may not change any.
        with contextlib.suppress(Upstream, TooMany):
            found = await source.by_ids(["100"])
            check(found, setting, source.source)
            assert all(product.price is None for product in found)
        setting.shop.faults = Schedule()
        fresh = Fetcher(CLOCK, trusted=frozenset({setting.url.removeprefix("http://")}))
        recovered = await source_of(Setting(setting.shop, fresh, setting.url)).by_ids(["100"])
        await fresh.close()

        assert [product.product_id for product in recovered] == ["100"]


@LOOKUPS
async def test_a_passing_fault_is_outlived_by_trying_again(source_of: Lookup) -> None:
    async with a_setting(faults=Schedule.read("503,none")) as setting:
        assert len(await source_of(setting).by_ids(["100"])) == 1


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
