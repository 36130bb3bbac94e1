"""A worker: leases jobs, runs their handlers, and writes how they ended.

A handler's effect is committed in the transaction that ends its job, and only if the worker still
holds the job: so an effect happens once, however often workers die. Endings are committed together
as they come in, which is what makes durable commits cheap.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from manciple.kit import trace_context, tracing
from manciple.kit.clock import Clock
from manciple.kit.errors import Unavailable
from manciple.kit.telemetry import traced
from manciple.platform.db.database import Database
from manciple.platform.db.trace_links import traces_of
from manciple.platform.jobs.endings import Effect, Ending, told, write_end
from manciple.platform.jobs.handlers import GiveUp, Handler, Result, Running
from manciple.platform.jobs.job import Job
from manciple.platform.jobs.queue import Queue

Obituary = Callable[[Connection, Job, str], Any]
"""What the end of hope for a job changes, in the transaction that makes it dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How a worker works.

    `at_once` handlers run at a time in this worker, `queue_at_once` over all workers. A dead
    worker's jobs come back after `lease_s`; a live one renews three times within it, and at those
    times ends what has run for more than `timeout_s`. `poll_s` is how long a job of another
    process may wait where no bell rings. With `is_durable` what ended survives a power cut, not
    only a crash; work is done once either way.
    """

    at_once: int = 8
    queue_at_once: int | None = None
    lease_s: float = 9.0
    timeout_s: float = 60.0
    poll_s: float = 0.25
    is_durable: bool = False


class Worker:
    """Works on one queue until it is stopped; `handlers` are by the kind of job."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Mapping[str, Handler],
        *,
        queue: str,
        name: str,
        settings: WorkerSettings | None = None,
        on_dead: Obituary | None = None,
    ) -> None:
        self._on_dead = on_dead
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._queue = queue
        self._name = name
        self._settings = settings or WorkerSettings()
        self._bell = asyncio.Event()
        self._held: dict[int, Running] = {}
        self._traces: dict[int, str] = {}
        self._endings: list[Ending] = []
        self._is_stopping = False

    @property
    def held(self) -> int:
        """How many jobs are in the hands of handlers now."""
        return len(self._held)

    def ring(self) -> None:
        """Says that there may be work; cheap, and never needed for correctness."""
        self._bell.set()

    async def run(self) -> None:
        """Works until `stop`; what is in hand then is finished first."""
        renewing = asyncio.create_task(self._keep_renewing())
        try:
            while not self._is_done:
                self._bell.clear()
                await self._turn()
                if not self._is_done:
                    await self._rest()
        finally:
            renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing

    @property
    def _is_done(self) -> bool:
        return self._is_stopping and not self._held and not self._endings

    async def stop(self, *, patience_s: float = 10.0) -> None:
        """Leases nothing more; handlers that need longer than `patience_s` give their job back."""
        self._is_stopping = True
        self.ring()
        if tasks := [one.task for one in self._held.values() if one.task]:
            await asyncio.wait(tasks, timeout=patience_s)
        for one in self._held.values():
            _stop(one)
        self.ring()

    async def _turn(self) -> None:
        """One transaction: commits what ended, takes what is next.

        If the database cannot write now, what ended is kept for the next turn.
        """
        free = 0 if self._is_stopping else self._settings.at_once - len(self._held)
        if not self._endings and not await self._is_work_waiting(free):
            return
        endings, self._endings = self._endings, []
        try:
            leased = await self._database.write(
                lambda c: self._commit(c, endings, free), durable=self._settings.is_durable
            )
        except Unavailable:
            self._endings = endings + self._endings
            return
        if self._is_stopping:
            self._endings += [Ending(job, is_released=True) for job in leased]
        else:
            self._start(leased)

    def _start(self, leased: Iterable[Job]) -> None:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        for job in leased:
            running = self._held[job.id] = Running(job, began_s)
            running.task = loop.create_task(self._work(running))

    async def _is_work_waiting(self, free: int) -> bool:
        """Whether a job may start now; asked of a reader, so that idling writes nothing."""
        if free <= 0:
            return False
        now = self._clock.now()
        return await self._database.read(lambda c: Queue(c, now).has_ready(self._queue))

    def _commit(self, connection: Connection, endings: list[Ending], free: int) -> list[Job]:
        queue = Queue(connection, self._clock.now())
        queue.finish_many([(ending.job, ending.result) for ending in endings if ending.is_plain])
        for ending in endings:
            if not ending.is_plain:
                with trace_context.carrying(ending.trace):
                    write_end(queue, connection, ending)
                    self._mourn(connection, ending)
        leased = queue.lease(
            self._queue,
            self._name,
            most=free,
            lease_s=self._settings.lease_s,
            at_once=self._settings.queue_at_once,
        )
        if tracing.is_on():
            self._traces |= traces_of(connection, "job", [job.id for job in leased])
        return leased

    def _mourn(self, connection: Connection, ending: Ending) -> None:
        if self._on_dead is not None and ending.error is not None and ending.retry_s is None:
            self._on_dead(connection, ending.job, ending.error)

    async def _rest(self) -> None:
        """Returns when a bell rings, at the latest after the time of one poll."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.poll_s):
                await self._bell.wait()
        # Handlers that are ready end together, and so are committed together.
        await asyncio.sleep(0)

    async def _work(self, running: Running) -> None:
        job = running.job
        ending = Ending(job)
        try:
            handler = self._handlers[job.kind]
            if tracing.is_on():
                handler = self._traced(handler, ending)
            given = await handler(running)
            if isinstance(given, Result):
                ending.result = given.value
            else:
                ending.effect = given
        except asyncio.CancelledError:
            self._interrupt(ending, is_late=running.is_late)
        except GiveUp as error:
            ending.error = str(error)
        except Exception as error:  # noqa: BLE001 - the loop that owns every handler
            if job.kind in self._handlers:
                ending.fail(told(error))
            else:
                ending.error = f"no handler for {job.kind!r}"
        finally:
            del self._held[job.id]
            self._endings.append(ending)
            self.ring()

    def _traced(self, handler: Handler, ending: Ending) -> Handler:
        """The handler within the trace of whoever added the job; its effect belongs there too."""
        job = ending.job

        async def call(running: Running) -> Effect | Result | None:
            with (
                trace_context.carrying(self._traces.pop(job.id, None)),
                traced("jobs.run", kind=job.kind, queue=job.queue, attempt=job.attempt),
            ):
                ending.trace = trace_context.carried()
                return await handler(running)

        return call

    def _interrupt(self, ending: Ending, *, is_late: bool) -> None:
        """A handler was stopped: it took too long, its end is wanted, or the worker stops."""
        if is_late:
            ending.fail(f"gave up after {self._settings.timeout_s:g} s")
        else:
            ending.is_released = True
            ending.is_canceled = not self._is_stopping

    async def _keep_renewing(self) -> None:
        while True:
            await self._clock.sleep(self._settings.lease_s / 3)
            self._stop_late()
            held = dict(self._held)
            try:
                still = await self._database.write(partial(self._renew, held=held))
            except Unavailable:
                continue  # a lease outlives two missed renewals
            for id_ in held:
                if still.get(id_, True) and id_ in self._held:
                    _stop(self._held[id_])

    def _stop_late(self) -> None:
        # One look at all of them: a timer for each job costs more than most jobs.
        since_s = asyncio.get_running_loop().time() - self._settings.timeout_s
        for one in self._held.values():
            if one.began_s <= since_s and not one.is_late:
                one.is_late = True
                _stop(one)

    def _renew(self, connection: Connection, *, held: dict[int, Running]) -> dict[int, bool]:
        """Renews what is held and returns what expired elsewhere; id → its end is wanted.

        Our own first: nobody else took what we slept too long over, and it is still in hand.
        """
        queue = Queue(connection, self._clock.now())
        still = queue.renew(self._name, held, lease_s=self._settings.lease_s)
        queue.expire()
        for running in held.values():
            if running.has_news:
                running.has_news = False
                queue.report(running.job, running.progress_thousandths, running.progress_note)
        return still


def _stop(running: Running) -> None:
    if running.task is not None:
        running.task.cancel()
