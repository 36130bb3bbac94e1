"""What asks the shop is asked of the pricing service, and answers degrade while it is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from manciple.kit.errors import Unavailable
from manciple.platform.mesh.registry import Registry
from manciple.services import memory_monitor
from manciple.services.house import House
from manciple.services.settings import Settings
from manciple.services.settings_of_services import MemoryMonitorSettings
from tests.fake_shop import a_fake_shop, whole_market
from tests.integration.mesh.neighborhood import (
    a_mesh,
    an_api,
    as_client,
    pricing_in,
    service_in,
    settings_in,
)

UNKNOWN = "10450114999"


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """A house by itself, with a shop outside."""
    async with (
        a_fake_shop(whole_market()) as (_, port),
        an_api(settings_in(folder, pages_url=f"http://127.0.0.1:{port}")) as house,
    ):
        yield house


@asynccontextmanager
async def a_member(folder: Path) -> AsyncIterator[tuple[House, Registry, Settings]]:
    """A house that is an instance in a mesh, with a shop outside."""
    async with a_fake_shop(whole_market()) as (_, port):
        settings = settings_in(folder, pages_url=f"http://127.0.0.1:{port}")
        async with a_mesh(settings) as registry, an_api(settings) as house:
            yield house, registry, settings


def asked(house: House) -> int:
    """How many questions this process has sent outside."""
    return sum(target.calls for target in house.sources.targets())


async def some_product(house: House) -> str:
    found = await house.stores.read(lambda tx: tx.products.page(limit=1))
    return found[0].product_id


async def test_in_one_process_the_shop_is_asked_from_here(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        product_id = await some_product(house)
        price = await as_client(house).walmart_price.current(product_id=product_id, refresh="now")
        assert price.is_live
        assert asked(house) > 0


async def test_in_a_mesh_the_pricing_service_asks_for_everybody(tmp_path: Path) -> None:
    async with a_member(tmp_path) as (house, registry, settings):
        product_id = await some_product(house)
        async with pricing_in(registry, settings, tmp_path) as pricing:
            client = as_client(house)
            price = await client.walmart_price.current(product_id=product_id, refresh="now")
            details = await client.walmart_grocery.get_product_details(
                product_id=product_id, include_real_time=True
            )
            again = await client.walmart_price.refresh(product_ids=(product_id,))
            assert asked(pricing) > 0
        assert (price.is_live, details.is_real_time, again.success) == (True, True, True)
        assert details.price == price.price
        assert asked(house) == 0


async def test_while_pricing_is_away_the_answer_says_so(tmp_path: Path) -> None:
    async with a_member(tmp_path) as (house, _, _settings):
        product_id = await some_product(house)
        client = as_client(house)
        price = await client.walmart_price.current(product_id=product_id, refresh="now")
        details = await client.walmart_grocery.get_product_details(
            product_id=product_id, include_real_time=True
        )
        again = await client.walmart_price.refresh(product_ids=(product_id,))
        assert asked(house) == 0
    assert not price.is_live
    assert price.live_missing.startswith("walmart-pricing is away")
    assert price.price is not None
    assert details.real_time_missing.startswith("walmart-pricing is away")
    assert not again.success
    assert again.missing[0].reason.startswith("walmart-pricing is away")


async def test_what_nobody_here_knows_is_unavailable_while_pricing_is_away(tmp_path: Path) -> None:
    async with a_member(tmp_path) as (house, _, _settings):
        with pytest.raises(Unavailable, match="walmart-pricing"):
            await as_client(house).walmart_price.current(product_id=UNKNOWN, refresh="now")


async def test_what_only_one_service_knows_is_asked_of_it(tmp_path: Path) -> None:
    async with a_member(tmp_path) as (house, registry, settings):
        other = msgspec.structs.replace(
            settings, memory_monitor=MemoryMonitorSettings(leak_mb=7, every_s=3600)
        )
        client = as_client(house)
        async with service_in(registry, other, tmp_path, service=memory_monitor.SERVICE):
            marks = {each.name: each.value for each in await client.memory_monitor.thresholds()}
        assert marks["leak"] == 7.0
        with pytest.raises(Unavailable):
            await client.memory_monitor.current()
