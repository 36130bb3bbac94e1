"""A worker as a process of its own: every job adds one row of its number, and may be killed."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.platform.jobs.endings import Effect
from manciple.platform.jobs.handlers import Running
from manciple.platform.jobs.worker import Worker, WorkerSettings

SETTINGS = WorkerSettings(at_once=20, lease_s=1.0, poll_s=0.02)


async def work(running: Running) -> Effect:
    number = msgspec.json.decode(running.job.payload)
    await asyncio.sleep(0.1)

    def effect(connection: Connection) -> Any:
        connection.execute(text("INSERT INTO effects VALUES (:number)"), {"number": number})
        return number

    return effect


async def main(path: Path, name: str) -> None:
    database = open_database(path)
    worker = Worker(
        database, SystemClock(), {"count": work}, queue="q", name=name, settings=SETTINGS
    )
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
