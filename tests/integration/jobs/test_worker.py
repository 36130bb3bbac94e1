import asyncio
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import Clock, SystemClock
from manciple.kit.errors import Refused
from manciple.platform.db.changes import ChangeWatch
from manciple.platform.db.database import Database
from manciple.platform.jobs.desk import Desk
from manciple.platform.jobs.endings import Effect
from manciple.platform.jobs.handlers import GiveUp, Handler, Running
from manciple.platform.jobs.job import JobStatus, NewJob, State
from manciple.platform.jobs.queue import Queue
from manciple.platform.jobs.worker import Worker, WorkerSettings

CLOCK = SystemClock()
PROCESS = Path(__file__).parent / "worker_process.py"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(tmp_path / "jobs.db")
    yield opened
    await opened.close()


async def add(database: Database, kind: str = "k", most: int = 5, payload: object = None) -> int:
    new = NewJob(queue="q", kind=kind, max_attempts=most, payload=payload)
    return await database.write(lambda c: Queue(c, CLOCK.now()).add(new))


async def status(database: Database, job_id: int) -> JobStatus:
    return await database.read(lambda c: Desk(c, CLOCK.now(), tenant=None).status(job_id))


async def until(database: Database, job_id: int, is_so: Callable[[JobStatus], bool]) -> JobStatus:
    async with asyncio.timeout(120):
        while not is_so(found := await status(database, job_id)):  # noqa: ASYNC110 - polls a file
            await asyncio.sleep(0.01)
    return found


class StoppedClock(SystemClock):
    """The machine's own, ahead by as long as everything stood still."""

    stood_s = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.stood_s)


@asynccontextmanager
async def working(
    database: Database, *, timeout_s: float = 60.0, clock: Clock = CLOCK, **handlers: Handler
) -> AsyncIterator[Worker]:
    settings = WorkerSettings(lease_s=0.3, poll_s=0.01, timeout_s=timeout_s)
    worker = Worker(database, clock, handlers, queue="q", name="here", settings=settings)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        await worker.stop(patience_s=0.1)
        await task


def is_ended(found: JobStatus) -> bool:
    return found.state not in (State.WAITING, State.RUNNING)


async def test_a_jobs_result_is_kept(database: Database) -> None:
    async def answer(running: Running) -> Effect:
        return lambda _connection: {"got": running.job.payload.decode()}

    job_id = await add(database, payload=[1])
    async with working(database, k=answer):
        done = await until(database, job_id, is_ended)

    assert (done.state, done.result) == (State.DONE, b'{"got":"[1]"}')


async def test_progress_is_seen_while_a_job_runs(database: Database) -> None:
    async def slow(running: Running) -> None:
        running.note(500, "half of it")
        await asyncio.sleep(30)

    job_id = await add(database)
    async with working(database, k=slow):
        seen = await until(database, job_id, lambda found: found.progress_thousandths == 500)

    assert seen.progress_note == "half of it"
    assert (await status(database, job_id)).state is State.WAITING


async def test_a_job_in_hand_outlives_a_standstill_that_is_longer_than_its_lease(
    database: Database,
) -> None:
    clock, may_end = StoppedClock(), asyncio.Event()

    async def stand_still(running: Running) -> None:
        clock.stood_s = 60.0
        running.note(500)
        await may_end.wait()

    job_id = await add(database, most=1)
    async with working(database, clock=clock, k=stand_still):
        await until(database, job_id, lambda found: found.progress_thousandths == 500)
        may_end.set()
        ended = await until(database, job_id, is_ended)

    assert (ended.state, ended.error) == (State.DONE, None)


async def test_a_job_that_takes_too_long_is_stopped(database: Database) -> None:
    async def slow(_running: Running) -> None:
        await asyncio.sleep(30)

    job_id = await add(database, most=1)
    async with working(database, timeout_s=0.05, k=slow):
        ended = await until(database, job_id, is_ended)

    assert (ended.state, ended.error) == (State.DEAD, "gave up after 0.05 s")


async def test_a_job_of_an_unknown_kind_is_dead_and_says_so(database: Database) -> None:
    job_id = await add(database, "odd")
    async with working(database):
        ended = await until(database, job_id, is_ended)

    assert (ended.state, ended.error) == (State.DEAD, "no handler for 'odd'")


async def test_a_job_leased_while_the_worker_stops_goes_back_unharmed(database: Database) -> None:
    begun: list[int] = []

    async def begin(running: Running) -> None:
        begun.append(running.job.id)

    job_id = await add(database)
    worker = Worker(database, CLOCK, {"k": begin}, queue="q", name="here")
    task = asyncio.create_task(worker.run())
    # The lease is on its way to the database's thread while the worker is told to stop.
    await asyncio.sleep(0)
    await worker.stop()
    await task

    assert (begun, (await status(database, job_id)).state) == ([], State.WAITING)


async def test_a_running_job_is_canceled_at_its_next_breath(database: Database) -> None:
    async def slow(_running: Running) -> None:
        await asyncio.sleep(30)

    job_id = await add(database)
    async with working(database, k=slow):
        await until(database, job_id, lambda found: found.state is State.RUNNING)
        await database.write(lambda c: Desk(c, CLOCK.now(), tenant=None).cancel(job_id))
        ended = await until(database, job_id, is_ended)

    assert ended.state is State.CANCELED


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (Refused("not today"), "not today"),
        (RuntimeError("a secret"), "a defect: RuntimeError"),
        (GiveUp("never"), "never"),
    ],
)
async def test_a_failure_says_why_and_keeps_no_internals(
    database: Database, error: Exception, kept: str
) -> None:
    async def fail(_running: Running) -> None:
        raise error

    job_id = await add(database, most=1)
    async with working(database, k=fail):
        ended = await until(database, job_id, is_ended)

    assert (ended.state, ended.error) == (State.DEAD, kept)


async def test_an_effect_that_fails_undoes_itself_alone(database: Database) -> None:
    await database.write(lambda c: c.execute(text("CREATE TABLE effects (number INTEGER)")))

    async def half(_running: Running) -> Effect:
        def effect(connection: object) -> None:
            connection.execute(text("INSERT INTO effects VALUES (1)"))  # type: ignore[attr-defined]  # a connection
            raise Refused("not this one")

        return effect

    async def whole(_running: Running) -> Effect:
        return lambda c: c.execute(text("INSERT INTO effects VALUES (2)")) and None

    bad, good = await add(database, "half", most=1), await add(database, "whole")
    async with working(database, half=half, whole=whole):
        assert (await until(database, bad, is_ended)).state is State.DEAD
        assert (await until(database, good, is_ended)).state is State.DONE
    rows = await database.read(lambda c: c.execute(text("SELECT * FROM effects")).all())
    assert [tuple(row) for row in rows] == [(2,)]


async def test_a_watch_notices_a_commit_of_another_connection(
    database: Database, tmp_path: Path
) -> None:
    watch = ChangeWatch(tmp_path / "jobs.db")
    try:
        assert not watch.has_changed()
        await add(database)
        assert watch.has_changed()
        assert not watch.has_changed()
    finally:
        watch.close()


def _start(path: Path, name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(PROCESS), str(path), name])


async def test_every_effect_happens_once_though_workers_are_killed(
    database: Database, tmp_path: Path
) -> None:
    chance = random.Random(7)
    await database.write(lambda c: c.execute(text("CREATE TABLE effects (number INTEGER)")))
    news = [NewJob(queue="q", kind="count", payload=n, max_attempts=1000) for n in range(1000)]
    await database.write(lambda c: Queue(c, CLOCK.now()).add_many(news))
    workers = {f"w{n}": _start(tmp_path / "jobs.db", f"w{n}") for n in range(2)}
    kills = 0
    try:
        async with asyncio.timeout(300):
            while await _left(database):
                await asyncio.sleep(chance.uniform(0.3, 1.2))
                if kills < 8:
                    name = chance.choice(sorted(workers))
                    killed = workers.pop(name)
                    killed.kill()
                    killed.wait()
                    kills += 1
                    workers[f"k{kills}"] = _start(tmp_path / "jobs.db", f"k{kills}")
    finally:
        for process in workers.values():
            process.kill()
            process.wait()
    rows = await database.read(lambda c: c.execute(text("SELECT number FROM effects")).all())
    assert Counter(row[0] for row in rows) == Counter(range(1000))


async def _left(database: Database) -> int:
    counts = await database.read(lambda c: Desk(c, CLOCK.now(), tenant=None).counts("q"))
    return counts[State.WAITING] + counts[State.RUNNING]
