"""Search over many products: how long it takes when the catalog is several times the shelf.

    python -m bench.search_scale.run [--products 50000]

Fills a database and its index with the bundled shelf and products made of its names' words (a name
with another one's brand, words and size, by a fixed seed), then runs every query of
`bench/relevance/probe.txt` twice through the search action. Figures are CPU time, so that a busy
machine tells the same. The names are not real ones: this says nothing of relevance.
"""

import argparse
import asyncio
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.actions.search import Search
from manciple.grocery.connectors.shelf import BundledShelf
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.search_wishes import Wish
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.cache import MemoryCache
from manciple.kit.clock import SystemClock

QUERIES = Path(__file__).parents[1] / "relevance" / "probe.txt"
_BATCH = 5_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--products", type=int, default=50_000)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder) / "scale.db", arguments.parse_args().products))


async def measure(path: Path, count: int) -> None:
    clock = SystemClock()
    database = open_database(path)
    stores = Stores(database, clock)
    index = ProductIndex(path.with_suffix(".index"))
    follower = IndexProducts(stores, index, clock)
    cache = MemoryCache(clock, ttl_s=1, stale_s=0, max_bytes=1_000)
    search = Search(stores, index, follower, cache=cache)
    for batch in batches(count):
        await stores.write(partial(_upsert, batch))
    began_s = time.process_time()
    await follower.catch_up()
    print(f"{index.count()} products indexed in {time.process_time() - began_s:.1f} s of CPU")
    queries = [line for line in QUERIES.read_text(encoding="utf-8").splitlines() if line.strip()]
    await search.search(Wish(query="milk"))
    for turn in ("every query for the first time", "once more"):
        print(f"{turn}: {quantiles([await took_ms(search, each) for each in queries])}")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"at most {peak_mb} MB of memory, building included")
    await database.close()


def _upsert(products: list[Product], tx: Transaction) -> None:
    tx.products.upsert_many(products)


def batches(count: int) -> Iterator[list[Product]]:
    """The shelf and what is made of it, `count` products in all."""
    shelf = list(BundledShelf().products())
    chance = random.Random(2026)
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        yield [shelf[at] if at < len(shelf) else made(at, shelf, chance) for at in numbers]


def made(number: int, shelf: Sequence[Product], chance: random.Random) -> Product:
    """A product like one of the shelf's, of another brand and with a word or two more."""
    thing, maker, other = chance.choice(shelf), chance.choice(shelf), chance.choice(shelf)
    words = thing.name.removeprefix(thing.brand or "").split()
    for word in chance.sample(other.name.split(), 1):
        words.insert(chance.randrange(len(words) + 1), word)
    return msgspec.structs.replace(
        thing,
        product_id=f"9{number:09}",
        name=" ".join([maker.brand or "", *words]).strip(),
        brand=maker.brand,
        size=other.size,
        gtin=None,
    )


async def took_ms(search: Search, query: str) -> float:
    began_s = time.process_time()
    await search.search(Wish(query=query))
    return (time.process_time() - began_s) * 1000


def quantiles(times_ms: list[float]) -> str:
    ordered = sorted(times_ms)
    shares = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
    return ", ".join(
        f"{name} {ordered[int(len(ordered) * share)]:.1f} ms" for name, share in shares.items()
    )


if __name__ == "__main__":
    main()
