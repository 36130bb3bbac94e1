"""One writes the search index, the others follow, and a writer that is killed is followed."""

import asyncio
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from manciple.grocery.domain.products import Product
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from manciple.kit.errors import Unavailable

# Follows the database as a process of its own; says what it has.
FOLLOW = """
    import asyncio, sys
    from pathlib import Path
    from manciple.grocery.actions.index_products import IndexProducts
    from manciple.grocery.index.product_index import ProductIndex
    from manciple.grocery.stores.opening import open_database
    from manciple.grocery.stores.stores import Stores
    from manciple.kit.clock import SystemClock

    async def main(path):
        stores = Stores(open_database(path), SystemClock())
        follower = IndexProducts(stores, ProductIndex(path.with_suffix(".index")), SystemClock())
        await follower.catch_up()
        check = await follower.check()
        print(check.agrees, check.digest, flush=True)

    asyncio.run(main(Path(sys.argv[1])))
"""
# Takes the writer's lock and keeps it, as one that is stopped in the middle of a commit.
HOLD = """
    import sys, time
    from pathlib import Path
    from manciple.grocery.index.product_index import ProductIndex

    index = ProductIndex(Path(sys.argv[1]).with_suffix(".index"))
    index.open()
    writer = index._writer()
    print("held", flush=True)
    sys.stdin.read()
"""


def start(code: str, path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def stock(path: Path, count: int) -> None:
    database = open_database(path)
    products = [
        Product(
            product_id=str(number),
            name=f"Milk number {number}",
            source="test",
            updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for number in range(count)
    ]
    await Stores(database, SystemClock()).write(lambda tx: tx.products.upsert_many(products))
    await database.close()


async def test_processes_that_begin_together_end_with_the_same_index(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    await stock(path, 3000)
    processes = [start(FOLLOW, path) for _ in range(3)]
    said = [await asyncio.to_thread(process.communicate, timeout=300) for process in processes]

    answers = {out.strip() for out, _ in said}
    assert len(answers) == 1
    assert answers.pop().startswith("True ")


async def test_a_killed_writers_lock_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    await stock(path, 50)
    holder = await asyncio.to_thread(start, HOLD, path)
    assert holder.stdout is not None
    with holder, holder.stdout as out:
        assert await asyncio.to_thread(out.readline) == "held\n"
        other = ProductIndex(path.with_suffix(".index"))
        other.open()
        with pytest.raises(Unavailable):
            other.apply([], revision=1)
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=120)
    other.apply([], revision=1)

    assert other.revision == 1
