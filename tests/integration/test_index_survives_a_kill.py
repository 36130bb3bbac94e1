"""`kill -9` at random moments of indexing: afterwards index and database agree again."""

import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock

# Writes and indexes for ever, sixty products at a time: added, changed and removed.
WORK = """
    import asyncio, itertools, sys
    from pathlib import Path
    from datetime import UTC, datetime
    from manciple.grocery.actions.index_products import IndexProducts
    from manciple.grocery.domain.products import Product
    from manciple.grocery.index.product_index import ProductIndex
    from manciple.grocery.stores.opening import open_database
    from manciple.grocery.stores.stores import Stores
    from manciple.kit.clock import SystemClock

    async def main(path):
        clock = SystemClock()
        stores = Stores(open_database(path), clock)
        follower = IndexProducts(stores, ProductIndex(path.with_suffix(".index")), clock)
        for turn in itertools.count():
            ids = [str((turn * 40 + each) % 400) for each in range(60)]
            batch = [
                Product(product_id=each, name=f"Milk number {turn}", source="test",
                        updated_at=datetime(2026, 1, 1, tzinfo=UTC))
                for each in ids
            ]
            await stores.write(lambda tx: tx.products.upsert_many(batch))
            await stores.write(lambda tx: tx.products.remove_many(ids[:5]))
            print("indexing", flush=True)
            await follower.catch_up()

    asyncio.run(main(Path(sys.argv[1])))
"""
KILLS = 5
# A turn takes some 50 ms; a kill comes anywhere within two of them.
LONGEST_S = 0.1


def killed_at_random(path: Path, chance: random.Random) -> None:
    code = textwrap.dedent(WORK)
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as said:
        for _ in range(chance.randint(1, 5)):
            assert said.readline() == b"indexing\n"
        until_s = time.perf_counter() + chance.uniform(0, LONGEST_S)
        while time.perf_counter() < until_s:
            pass
        process.kill()
    process.wait(timeout=120)


async def test_an_index_killed_again_and_again_agrees_after_each_restart(
    tmp_path: Path,
) -> None:
    chance = random.Random()
    path = tmp_path / "x.db"
    for _ in range(KILLS):
        killed_at_random(path, chance)
        clock = SystemClock()
        database = open_database(path)
        index = ProductIndex(path.with_suffix(".index"))
        follower = IndexProducts(Stores(database, clock), index, clock)
        before = await follower.check()
        assert before.index_revision <= before.database_revision
        await follower.catch_up()
        after = await follower.check()
        assert after.agrees, after
        assert index.count() == after.products
        await database.close()
