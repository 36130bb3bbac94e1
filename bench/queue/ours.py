"""The embedded queue: the same two runs as peers/bullmq.mjs, printed as one line of JSON."""

import asyncio
import json
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

import msgspec
from sqlalchemy import Connection

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.platform.db.database import Database
from manciple.platform.jobs.handlers import Result, Running
from manciple.platform.jobs.job import NewJob
from manciple.platform.jobs.queue import Queue
from manciple.platform.jobs.worker import Worker, WorkerSettings
from manciple.services.loops import new_loop

CLOCK = SystemClock()


async def main(jobs: int, chunk: int, at_once: int, probes: int, *, durable: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder) / "jobs.db")
        settings = WorkerSettings(at_once=at_once, is_durable=durable)
        cpu = time.process_time()
        enqueued = await enqueue(database, jobs, chunk, durable=durable)
        processed = await process(database, jobs, settings)
        cpu = time.process_time() - cpu
        waits = await probe(database, probes, settings, durable=durable)
        await database.close()
    figures = {
        "enqueue_per_s": jobs / enqueued,
        "process_per_s": jobs / processed,
        "per_s": jobs / (enqueued + processed),
        "per_cpu_s": jobs / cpu,
        "start_p50_ms": median(waits),
    }
    print(json.dumps(figures))


async def enqueue(database: Database, jobs: int, chunk: int, *, durable: bool) -> float:
    """Seconds to keep all jobs, so many in each commit."""
    began = CLOCK.monotonic()
    for first in range(0, jobs, chunk):
        news = [
            NewJob(queue="q", kind="count", payload={"number": number})
            for number in range(first, min(first + chunk, jobs))
        ]
        await database.write(partial(_keep, news), durable=durable)
    return CLOCK.monotonic() - began


def _keep(news: list[NewJob], connection: Connection) -> None:
    Queue(connection, CLOCK.now()).add_many(news)


async def process(database: Database, jobs: int, settings: WorkerSettings) -> float:
    """Seconds to work all of them off; each keeps its number as its result."""
    finished = asyncio.Event()
    done = 0

    async def count(running: Running) -> Result:
        nonlocal done
        done += 1
        if done == jobs:
            finished.set()
        return Result(msgspec.json.decode(running.job.payload)["number"])

    worker = Worker(database, CLOCK, {"count": count}, queue="q", name="w", settings=settings)
    began = CLOCK.monotonic()
    task = asyncio.create_task(worker.run())
    await finished.wait()
    # Only when the worker has ended is the last end committed.
    await worker.stop()
    await task
    return CLOCK.monotonic() - began


async def probe(
    database: Database, probes: int, settings: WorkerSettings, *, durable: bool
) -> list[float]:
    """Milliseconds from before a job is kept to its handler, one at a time on an idle worker."""
    started: dict[int, asyncio.Event] = {}

    async def begin(running: Running) -> None:
        started[msgspec.json.decode(running.job.payload)].set()

    worker = Worker(database, CLOCK, {"probe": begin}, queue="q", name="p", settings=settings)
    task = asyncio.create_task(worker.run())
    waits = []
    for number in range(probes):
        await asyncio.sleep(0.015)
        started[number] = asyncio.Event()
        new = NewJob(queue="q", kind="probe", payload=number)
        asked = CLOCK.monotonic()
        await database.write(partial(_keep, [new]), durable=durable)
        worker.ring()
        await started[number].wait()
        waits.append((CLOCK.monotonic() - asked) * 1000)
    await worker.stop()
    await task
    return waits


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:5]]
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main(*numbers, durable=sys.argv[5] == "durable"))
