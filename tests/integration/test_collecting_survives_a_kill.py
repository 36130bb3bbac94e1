"""`kill -9` of the process that collects: the search over there is paid for once."""

import asyncio
import subprocess
import sys
import textwrap
from pathlib import Path

from manciple.grocery.actions.collect import Collect, Collection
from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from manciple.platform.jobs.job import State
from manciple.services.fake_shop.faults import Schedule
from manciple.services.fake_shop.server import FakeShop
from tests.fake_shop import a_fake_shop

# Asks for a search if none was asked for, and works until it is killed.
WORK = """
    import asyncio, sys
    from pathlib import Path
    from manciple.grocery.actions.collect import Collect
    from manciple.grocery.connectors.brightdata import BrightData
    from manciple.grocery.connectors.fetcher import Fetcher
    from manciple.grocery.stores.opening import open_database
    from manciple.grocery.stores.stores import Stores
    from manciple.kit.clock import SystemClock
    from manciple.services.collecting import collecting

    async def main(path, port):
        clock = SystemClock()
        stores = Stores(open_database(path), clock)
        fetcher = Fetcher(clock, trusted=frozenset({f"127.0.0.1:{port}"}))
        source = BrightData(
            fetcher, "fake-key", now=clock.now, base_url=f"http://127.0.0.1:{port}"
        )
        collect = Collect(stores, clock, source)
        await stores.write(lambda tx: tx.users.ensure("ann", display_name="Ann"))
        async with collecting(stores, clock, collect):
            print(await collect.ask("ann", "milk", limit=10), flush=True)
            await asyncio.Event().wait()

    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""
TRIGGER, PROGRESS = "/datasets/v3/trigger", "/datasets/v3/progress"


class Worker:
    """A process that collects; it ends only by being killed."""

    def __init__(self, path: Path, port: int) -> None:
        code = textwrap.dedent(WORK)
        command = [sys.executable, "-c", code, str(path), str(port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)

    async def job_id(self) -> int:
        assert self._process.stdout is not None
        return int(await asyncio.to_thread(self._process.stdout.readline))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(timeout=120)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Kept:
    """What the database says of the job, read beside the processes."""

    def __init__(self, path: Path) -> None:
        clock = SystemClock()
        self._stores = Stores(open_database(path), clock)
        self._collect = Collect(self._stores, clock, None)

    async def status(self, job_id: int) -> Collection:
        return await self._collect.status("ann", job_id)

    async def close(self) -> None:
        await self._stores.database.close()


async def asked(shop: FakeShop, path: str) -> None:
    async with asyncio.timeout(120):
        while not any(one.startswith(path) for one in shop.log):  # noqa: ASYNC110 - another process asks
            await asyncio.sleep(0.01)


async def ended(kept: Kept, job_id: int, snapshot_id: str | None) -> Collection:
    async with asyncio.timeout(300):
        while True:
            found = await kept.status(job_id)
            if found.status.state is State.DEAD:
                return found
            if found.status.state is State.DONE and found.snapshot_id == snapshot_id:
                return found
            await asyncio.sleep(0.05)


async def test_a_process_killed_between_trigger_and_snapshot_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    # Some seconds pass between the trigger and its records.
    async with a_fake_shop(pace=1.0) as (shop, port):
        first = Worker(path, port)
        try:
            job_id = await first.job_id()
            await asked(shop, PROGRESS)
        finally:
            first.kill()
        kept = Kept(path)
        before = await kept.status(job_id)
        assert before.snapshot_id is not None
        assert before.status.state is not State.DONE
        second = Worker(path, port)
        try:
            after = await ended(kept, job_id, before.snapshot_id)
        finally:
            second.kill()
        await kept.close()

    assert after.status.state is State.DONE
    assert after.snapshot_id == before.snapshot_id
    assert shop.log.count(TRIGGER) == 1


async def test_a_process_killed_while_the_trigger_is_answered_is_not_followed_by_another(
    tmp_path: Path,
) -> None:
    path = tmp_path / "house.db"
    # The collector has the question, and the process dies before it hears the answer.
    async with a_fake_shop(faults=Schedule.read("slow")) as (shop, port):
        first = Worker(path, port)
        try:
            job_id = await first.job_id()
            await asked(shop, TRIGGER)
        finally:
            first.kill()
        kept = Kept(path)
        second = Worker(path, port)
        try:
            after = await ended(kept, job_id, None)
        finally:
            second.kill()
        await kept.close()

    assert after.status.state is State.DEAD
    assert "may have been begun" in (after.status.error or "")
    assert shop.log.count(TRIGGER) == 1
