"""The worker of searches that a collector does, hosted by whatever process is the house."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection

from manciple.grocery.actions.collect import AWAIT, BEGIN, QUEUE, Collect
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.platform.jobs.job import Job
from manciple.platform.jobs.worker import Effect, Handler, Running, Worker, WorkerSettings

# A search takes tens of seconds; after a quarter of an hour another attempt looks again.
_TIMEOUT_S = 900.0


@asynccontextmanager
async def collecting(stores: Stores, clock: Clock, collect: Collect) -> AsyncIterator[None]:
    """The worker at work for the time of the block; without a collector there is none."""
    if not collect.is_set_up:
        yield
        return
    worker = a_worker(stores, clock, collect)
    stores.on_written(worker.ring)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        # What waits for the collector goes on after the next start.
        await worker.stop(patience_s=0.5)
        with contextlib.suppress(asyncio.CancelledError):
            await task


def a_worker(stores: Stores, clock: Clock, collect: Collect) -> Worker:
    """A worker of the queue of searches."""

    def within(connection: Connection) -> Transaction:
        return Transaction(connection, clock)

    def handler(work: Callable[[Running], Awaitable[Callable[[Transaction], Any]]]) -> Handler:
        async def handle(running: Running) -> Effect:
            effect = await work(running)
            return lambda connection: effect(within(connection))

        return handle

    def on_dead(connection: Connection, job: Job, _error: str) -> None:
        collect.gone(within(connection), job)

    return Worker(
        stores.database,
        clock,
        {BEGIN: handler(collect.begin), AWAIT: handler(collect.wait_for)},
        queue=QUEUE,
        name=f"collect-{secrets.token_hex(6)}",
        settings=WorkerSettings(at_once=4, timeout_s=_TIMEOUT_S),
        on_dead=on_dead,
    )
