"""The nightly job that turns old looks at prices into days."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.compact_prices import CRON, KIND, QUEUE, CompactPrices
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import Clock
from manciple.kit.looper import Looper
from manciple.platform.jobs.clockwork import Clockwork
from manciple.platform.jobs.worker import WorkerSettings
from manciple.services.job_workers import a_worker, at_work

# A year of 5,000 watched products, never compacted before, on a slow disk.
_TIMEOUT_S = 3 * 3600.0
# The hour of a nightly job does not need the second.
_STRIKE_EVERY_S = 60.0
_POLL_S = 5.0


@asynccontextmanager
async def compacting(stores: Stores, clock: Clock, compact: CompactPrices) -> AsyncIterator[None]:
    """The job is begun every night for the time of the block; one that was missed, at once."""

    async def strike() -> None:
        await stores.write(lambda tx: Clockwork(tx.connection, tx.now).strike())

    await stores.write(
        lambda tx: Clockwork(tx.connection, tx.now).keep(KIND, CRON, queue=QUEUE, kind=KIND)
    )
    worker = a_worker(
        stores,
        clock,
        {KIND: compact.work},
        queue=QUEUE,
        settings=WorkerSettings(at_once=1, timeout_s=_TIMEOUT_S, poll_s=_POLL_S),
    )
    clockwork = Looper("price-clockwork", strike, every_s=_STRIKE_EVERY_S, clock=clock)
    async with at_work(stores, worker), clockwork:
        yield
