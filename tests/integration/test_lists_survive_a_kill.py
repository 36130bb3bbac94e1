"""A process that fills a list is killed; what it acknowledged is there, and nothing by halves."""

import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from tests.list_builders import a_product

ITEMS_A_CALL = 40
ACKNOWLEDGED_BEFORE_THE_KILL = 5

FILLER = """
import asyncio, sys
from decimal import Decimal
from pathlib import Path
from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock

path, list_id, how_many = sys.argv[1:]
wanted = [
    WantedItem(product_id="milk", quantity=Decimal(1), unit=f"u{n}") for n in range(int(how_many))
]

async def fill():
    clock = SystemClock()
    filler = FillList(Stores(open_database(Path(path)), clock), clock)
    while True:
        filled = await filler.add("ann", list_id, wanted=wanted)
        print(filled.seen.list.version, flush=True)

asyncio.run(fill())
"""


async def test_a_kill_during_a_bulk_add_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "grocery.db"
    list_id = await a_list_in(path)
    acknowledged = fill_until_killed(path, list_id)
    database = open_database(path)
    try:
        seen = await KeepLists(Stores(database, SystemClock()), SystemClock()).see("ann", list_id)
        check = database.read_here(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar())
        news = database.read_here(
            lambda c: c.exec_driver_sql(
                "SELECT count(*) FROM outbox WHERE topic LIKE 'list.item_%'"
            ).scalar()
        )
    finally:
        database.close_here()
    calls = seen.list.version - 1
    assert check == "ok"
    assert calls >= acknowledged - 1
    assert len(seen.list.items) == ITEMS_A_CALL
    assert {item.quantity_thousandths for item in seen.list.items} == {calls * 1000}
    assert news == calls * ITEMS_A_CALL


async def a_list_in(path: Path) -> str:
    database = open_database(path)
    stores = Stores(database, SystemClock())
    await stores.write(lambda tx: tx.products.upsert_many([a_product("milk")]))
    created = await KeepLists(stores, SystemClock()).create("ann", name="Weekly")
    database.close_here()
    return created.list.list_id


def fill_until_killed(path: Path, list_id: str) -> int:
    """The list's version in the last line that the killed process wrote."""
    command = [sys.executable, "-c", FILLER, str(path), list_id, str(ITEMS_A_CALL)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        last = 0
        for _ in range(ACKNOWLEDGED_BEFORE_THE_KILL):
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        rest = [line for line in process.stdout if line.endswith("\n")]
    assert Decimal(last) > 1
    return int(rest[-1]) if rest else last
