"""Old looks become days, by a job that may die anywhere, and everything shown stays the same."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from manciple.grocery.actions.compact_prices import CRON, KIND, QUEUE, CompactPrices
from manciple.grocery.actions.observe_prices import ObservePrices
from manciple.grocery.domain.price_honesty import check_offer
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.shrinkage import shrinkage
from manciple.grocery.domain.units import Size
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.platform.jobs.clockwork import Clockwork
from manciple.platform.jobs.desk import Desk
from manciple.platform.jobs.job import State
from manciple.services.compacting import compacting
from tests.fakes import FakeClock
from tests.list_builders import a_product

DAYS, A_DAY = 12, 8


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    clock = FakeClock()
    opened = Stores(open_database(tmp_path / "x.db"), clock)
    await opened.write(lambda tx: tx.products.upsert_many([a_product("1"), a_product("2")]))
    await opened.write(lambda tx: looked_at(tx.now, tx.products.observe_many))
    yield opened
    await opened.database.close()


def looked_at(now: datetime, observe: "object") -> None:
    """Two products looked at eight times a day, one of them smaller since six days."""
    assert callable(observe)
    for number in range(DAYS * A_DAY, 0, -1):
        at = now - timedelta(hours=number * 24 / A_DAY)
        observe([a_look("1", at, number), a_look("2", at, number)])


def a_look(product_id: str, at: datetime, number: int) -> Product:
    ounces = 16 if product_id == "1" and number <= 6 * A_DAY else 18
    price = Price(
        cents=300 + 7 * (number % 5),
        source="walmart-page",
        method="on the shop's page",
        observed_at=at,
        confidence=0.95,
    )
    size = Size(amount_thousandths=1000 * ounces, unit="ONZ")
    return msgspec.structs.replace(a_product(product_id), price=price, size=size)


async def shown(stores: Stores, clock: FakeClock) -> list[object]:
    """What people see of the first product: figures, days, checks."""
    found = await ObservePrices(stores).history("1", days=None, limit=10)
    return [
        found.product,
        found.figures,
        found.days,
        check_offer(320, found.days, clock.now()),
        shrinkage(found.days),
    ]


async def raw_rows(stores: Stores) -> int:
    return len(await stores.read(lambda tx: tx.prices.of("1", limit=10_000)))


async def test_what_is_shown_stays_the_same_and_the_rows_become_few(stores: Stores) -> None:
    clock = FakeClock()
    before, rows = await shown(stores, clock), await raw_rows(stores)
    compact = CompactPrices(stores, clock, keep_days=2)
    await compact.work()

    assert await shown(stores, clock) == before
    assert rows >= DAYS * A_DAY
    assert await raw_rows(stores) <= 3 * A_DAY + 2
    await compact.work()
    assert await shown(stores, clock) == before


async def test_dying_between_two_products_loses_nothing(stores: Stores) -> None:
    clock = FakeClock()
    before = await shown(stores, clock)
    cut = clock.now().replace(hour=0) - timedelta(days=2)
    first = await stores.write(lambda tx: tx.prices.compact(cut, after=None, most_products=1))

    assert (first.after, await shown(stores, clock)) == ("1", before)
    await CompactPrices(stores, clock, keep_days=2).work()
    assert await shown(stores, clock) == before


async def test_the_current_price_written_again_is_not_counted_twice(stores: Stores) -> None:
    clock = FakeClock()
    clock.turn(30 * 86_400)
    await CompactPrices(stores, clock, keep_days=2).work()
    before = await shown(stores, clock)
    again = (await stores.read(lambda tx: tx.products.by_ids(["1"])))["1"]
    changed = msgspec.structs.replace(again, brand="Another")
    await stores.write(lambda tx: tx.products.upsert_many([changed]))
    await CompactPrices(stores, clock, keep_days=2).work()

    after = await shown(stores, clock)
    assert after[1:] == before[1:]
    assert after[0] == changed


async def test_the_job_is_begun_by_the_clock_and_ends(stores: Stores) -> None:
    await stores.write(
        lambda tx: Clockwork(tx.connection, tx.now).keep(KIND, CRON, queue=QUEUE, kind=KIND)
    )
    clock = QuickClock()
    clock.turn(3600)
    later = Stores(stores.database, clock)
    async with compacting(later, clock, CompactPrices(later, clock, keep_days=2)):
        await _ended(later)

    assert await raw_rows(stores) <= 3 * A_DAY + 2


class QuickClock(FakeClock):
    """Stands still, and nobody waits longer than a blink."""

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(min(delay_s, 0.01))


async def _ended(stores: Stores) -> None:
    async with asyncio.timeout(120):
        while True:
            found = await stores.read(
                lambda tx: tx.connection.exec_driver_sql("SELECT id FROM jobs").scalar()
            )
            if found is not None:
                status = await stores.read(
                    lambda tx, job=found: Desk(tx.connection, tx.now, tenant=None).status(job)  # type: ignore[misc]  # a default binds the loop's value
                )
                if status.state is State.DONE:
                    return
            await asyncio.sleep(0.02)
