"""`kill -9` in the middle of writing: what was acknowledged is there, what was not is not."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from manciple.grocery.actions.index_products import IndexProducts
from manciple.grocery.connectors.shelf import COUNT
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.checkup import revisions
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import SystemClock
from manciple.migrations.head import HEAD
from manciple.platform.db.checkup import Verdict, examine_database
from tests.fakes import FakeClock

START = """
    import asyncio, sys
    from pathlib import Path
    from manciple.grocery.actions.catalog import FillCatalog
    from manciple.grocery.connectors.shelf import BundledShelf
    from manciple.grocery.stores.opening import open_database
    from manciple.grocery.stores.stores import Stores
    from manciple.kit.clock import SystemClock
    stores = Stores(open_database(Path(sys.argv[1])), SystemClock())
    products = list(BundledShelf().products())
    def say(what):
        print(what, flush=True)
"""

IMPORT = """
    asyncio.run(FillCatalog(stores).stock(BundledShelf(), progress=say))
    say("done")
"""

BULK = """
    async def main():
        for start in range(0, len(products), 20):
            batch = products[start : start + 20]
            await stores.write(lambda tx: tx.products.upsert_many(batch))
            say(start + 20)
    asyncio.run(main())
"""

INDEX = """
    from manciple.grocery.actions.index_products import IndexProducts
    from manciple.grocery.index.product_index import ProductIndex
    async def main():
        index = ProductIndex(Path(sys.argv[1]).with_suffix(".index"))
        follower = IndexProducts(stores, index, SystemClock())
        for start in range(0, len(products), 500):
            batch = products[start : start + 500]
            await stores.write(lambda tx: tx.products.upsert_many(batch))
            say(start + 500)
            await follower.catch_up()
    asyncio.run(main())
"""


def killed_after(lines: int, work: str, path: Path) -> list[str]:
    """What a process said before it was killed at its `lines`-th line."""
    code = textwrap.dedent(START) + textwrap.dedent(work)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    with process.stdout:
        # Lines that it said before the signal reached it.
        rest = process.stdout.read()
    assert process.wait(timeout=120) == -signal.SIGKILL
    return said + rest.split()


def healthy_count(path: Path) -> int:
    database = open_database(path)
    found = database.read_here(lambda c: Transaction(c, FakeClock()).products.count())
    findings = examine_database(path, head=HEAD, looks=(revisions,))
    database.close_here()
    assert {finding.verdict for finding in findings} == {Verdict.OK}
    return found


@pytest.mark.parametrize("batches", [1, 4, 9])
def test_a_killed_import_leaves_nothing_half_written(tmp_path: Path, batches: int) -> None:
    said = killed_after(batches, IMPORT, tmp_path / "x.db")
    expected = (0, COUNT) if "done" not in said else (COUNT,)
    assert healthy_count(tmp_path / "x.db") in expected


@pytest.mark.parametrize("writes", [1, 7, 60])
def test_what_was_acknowledged_before_a_kill_is_there(tmp_path: Path, writes: int) -> None:
    acknowledged = int(killed_after(writes, BULK, tmp_path / "x.db")[-1])
    found = healthy_count(tmp_path / "x.db")
    # One more may have been committed whose acknowledgment never came out.
    assert found in {acknowledged, acknowledged + 20}


def test_an_import_after_a_kill_is_complete(tmp_path: Path) -> None:
    killed_after(3, IMPORT, tmp_path / "x.db")
    code = textwrap.dedent(START) + textwrap.dedent(IMPORT)
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "x.db")], check=True, timeout=300)
    assert healthy_count(tmp_path / "x.db") == COUNT


@pytest.mark.parametrize("batches", [1, 3])
async def test_an_index_killed_while_it_follows_catches_up(tmp_path: Path, batches: int) -> None:
    killed_after(batches, INDEX, tmp_path / "x.db")
    clock = SystemClock()
    database = open_database(tmp_path / "x.db")
    index = ProductIndex(tmp_path / "x.index")
    follower = IndexProducts(Stores(database, clock), index, clock)
    before = await follower.check()
    assert before.index_revision <= before.database_revision
    assert before.extra == ()
    await follower.catch_up()
    assert (await follower.check()).agrees
    await database.close()
