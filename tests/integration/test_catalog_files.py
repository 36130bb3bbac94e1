"""Catalogs in files, and what an import makes of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manciple.grocery.actions.catalog import FillCatalog
from manciple.grocery.connectors.catalog_files import CatalogFile
from manciple.grocery.connectors.shelf import COUNT, BundledShelf
from manciple.grocery.domain.catalogs import CatalogRow
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.products import Upserted
from manciple.grocery.stores.stores import Stores
from manciple.kit.errors import InvalidInput
from tests.fakes import FakeClock
from tests.stocks import a_price

GOOD = "product_id,name,price\n1,Milk,3.48\n2,Eggs,\n"
BAD = "product_id,name,price\n1,Milk,3.48\n2,,cheap\n3,Rice,1.00,extra\n"


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    database = open_database(tmp_path / "x.db")
    yield Stores(database, FakeClock())
    await database.close()


def a_file(folder: Path, name: str, text: str) -> CatalogFile:
    (folder / name).write_text(text, encoding="utf-8")
    return CatalogFile(folder / name)


async def test_a_good_file_is_imported_and_found_just_so_again(
    stores: Stores, tmp_path: Path
) -> None:
    file = a_file(tmp_path, "mine.csv", GOOD)
    assert (await FillCatalog(stores).load(file)).written == Upserted(added=2)
    assert (await FillCatalog(stores).load(file)).written == Upserted(unchanged=2)


async def test_one_bad_row_stops_the_whole_import(stores: Stores, tmp_path: Path) -> None:
    done = await FillCatalog(stores).load(a_file(tmp_path, "mine.csv", BAD))
    assert done.written is None
    assert [(row.line, [str(p) for p in row.problems]) for row in done.checked.bad] == [
        (3, ["price: is no amount of money: 'cheap'", "name: is missing"]),
        (4, ["has more columns than the heading"]),
    ]
    assert await stores.read(lambda tx: tx.products.count()) == 0


async def test_good_rows_are_imported_beside_bad_ones_where_wanted(
    stores: Stores, tmp_path: Path
) -> None:
    done = await FillCatalog(stores).load(a_file(tmp_path, "mine.csv", BAD), skip_bad=True)
    assert done.written == Upserted(added=1)


async def test_a_dry_run_writes_nothing(stores: Stores, tmp_path: Path) -> None:
    done = await FillCatalog(stores).load(a_file(tmp_path, "mine.csv", GOOD), dry_run=True)
    assert (done.checked.rows, done.written) == (2, None)
    assert await stores.read(lambda tx: tx.products.count()) == 0


async def test_others_write_while_a_file_is_read(stores: Stores, tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()

    class Watched(CatalogFile):
        def rows(self) -> Iterator[CatalogRow]:
            writing = stores.write(lambda tx: tx.users.ensure("ann", display_name="Ann"))
            asyncio.run_coroutine_threadsafe(writing, loop).result(timeout=120)
            return super().rows()

    (tmp_path / "mine.csv").write_text(GOOD)
    done = await FillCatalog(stores).load(Watched(tmp_path / "mine.csv"))
    assert done.written == Upserted(added=2)


async def test_progress_counts_rows_read_and_written(stores: Stores, tmp_path: Path) -> None:
    heard: list[int] = []
    rows = "".join(f"{number},Milk {number},1.00\n" for number in range(2000))
    file = a_file(tmp_path, "mine.csv", "product_id,name,price\n" + rows)
    await FillCatalog(stores).load(file, progress=heard.append)
    assert heard == [900, 1800, 2000, 2900, 3800, 4000]


async def test_json_lines_keep_prices_exact_and_tell_broken_lines(
    stores: Stores, tmp_path: Path
) -> None:
    text = '{"product_id":"1","name":"Milk","price":19.99}\n\n[1]\n{"product_id":\n'
    done = await FillCatalog(stores).load(a_file(tmp_path, "m.jsonl", text), skip_bad=True)
    assert [row.line for row in done.checked.bad] == [3, 4]
    found = await stores.read(lambda tx: tx.products.by_id("1"))
    assert found.price is not None
    assert found.price.cents == 1999


async def test_parquet_is_read(stores: Stores, tmp_path: Path) -> None:
    table = pa.table({"product_id": ["1", "2"], "name": ["Milk", "Eggs"], "price": [3.48, None]})
    pq.write_table(table, tmp_path / "mine.parquet")
    done = await FillCatalog(stores).load(CatalogFile(tmp_path / "mine.parquet"))
    assert done.written == Upserted(added=2)


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("mine.xls", "", "must end in"),
        ("mine.csv", "a,b\n1,2\n", "product_id"),
        ("mine.csv", "", "product_id"),
        ("mine.parquet", "no parquet", "cannot be read as Parquet"),
    ],
)
def test_a_file_of_another_kind_is_told(tmp_path: Path, name: str, text: str, match: str) -> None:
    with pytest.raises(InvalidInput, match=match):
        list(a_file(tmp_path, name, text).rows())


def test_bytes_that_are_no_text_are_told_by_line(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(b"product_id,name\n1,Milk\n2,\xff\xfe\n3,Eggs\n")
    rows = list(CatalogFile(tmp_path / "mine.csv").rows())
    assert [row.line for row in rows if row.problems] == [3]


async def test_the_shelf_is_filled_in_once(stores: Stores) -> None:
    heard: list[int] = []
    catalog = FillCatalog(stores)
    assert await catalog.stock(BundledShelf(), progress=heard.append) == Upserted(added=COUNT)
    assert heard[-1] == COUNT
    assert await catalog.stock(BundledShelf()) is None
    assert (await catalog.stats()).products == COUNT


async def test_a_newer_shelf_spares_what_others_said_since(stores: Stores) -> None:
    class NewerShelf(BundledShelf):
        version = BundledShelf.version + 1

    catalog = FillCatalog(stores)
    await catalog.stock(BundledShelf())
    page = await stores.read(lambda tx: tx.products.page(limit=2))
    priced, removed = (product.product_id for product in page)
    seen = a_price(999, source="walmart-page")
    await stores.write(lambda tx: tx.products.set_prices({priced: seen}))
    await stores.write(lambda tx: tx.products.remove_many([removed]))
    assert await catalog.stock(NewerShelf()) == Upserted(unchanged=COUNT - 2)
    assert (await stores.read(lambda tx: tx.products.by_id(priced))).price == seen
    assert await stores.read(lambda tx: tx.products.count()) == COUNT - 1
