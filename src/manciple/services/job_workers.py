"""Workers of durable jobs whose effects are written through the stores."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection

from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.platform.jobs.endings import Effect
from manciple.platform.jobs.handlers import Handler, Running
from manciple.platform.jobs.job import Job
from manciple.platform.jobs.worker import Worker, WorkerSettings

Work = Callable[[Running], Awaitable[Callable[[Transaction], Any]]]


def a_worker(
    stores: Stores,
    clock: Clock,
    works: Mapping[str, Work],
    *,
    queue: str,
    settings: WorkerSettings,
    on_dead: Callable[[Transaction, Job], Any] | None = None,
) -> Worker:
    """A worker of `queue`; `works` are by the kind of job, `on_dead` hears of those given up."""

    def within(connection: Connection) -> Transaction:
        return Transaction(connection, clock)

    def handler(work: Work) -> Handler:
        async def handle(running: Running) -> Effect:
            effect = await work(running)
            return lambda connection: effect(within(connection))

        return handle

    def buried(connection: Connection, job: Job, _error: str) -> None:
        if on_dead is not None:
            on_dead(within(connection), job)

    return Worker(
        stores.database,
        clock,
        {kind: handler(work) for kind, work in works.items()},
        queue=queue,
        name=f"{queue}-{secrets.token_hex(6)}",
        settings=settings,
        on_dead=buried,
    )


@asynccontextmanager
async def at_work(stores: Stores, worker: Worker) -> AsyncIterator[None]:
    """The worker at work for the time of the block; what it holds then goes on at next start."""
    stores.on_written(worker.ring)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        await worker.stop(patience_s=0.5)
        with contextlib.suppress(asyncio.CancelledError):
            await task
