"""The worker of searches that a collector does, hosted by whatever process is the house."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.collect import AWAIT, BEGIN, QUEUE, Collect
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import Clock
from manciple.platform.jobs.worker import WorkerSettings
from manciple.services.job_workers import a_worker, at_work

# A search takes tens of seconds; after a quarter of an hour another attempt looks again.
_TIMEOUT_S = 900.0


@asynccontextmanager
async def collecting(stores: Stores, clock: Clock, collect: Collect) -> AsyncIterator[None]:
    """The worker at work for the time of the block; without a collector there is none."""
    if not collect.is_set_up:
        yield
        return
    worker = a_worker(
        stores,
        clock,
        {BEGIN: collect.begin, AWAIT: collect.wait_for},
        queue=QUEUE,
        settings=WorkerSettings(at_once=4, timeout_s=_TIMEOUT_S),
        on_dead=collect.gone,
    )
    async with at_work(stores, worker):
        yield
