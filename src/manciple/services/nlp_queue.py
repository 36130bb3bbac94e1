"""The service of the queue of sentences: it reads them, one after the other, and tells."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from manciple.api import events, nlp
from manciple.grocery.actions.read_sentences import ReadSentences, failure
from manciple.grocery.actions.understand import KIND, QUEUE, Sentence, Understand
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Unavailable
from manciple.kit.looper import Looper
from manciple.platform.jobs.endings import Effect
from manciple.platform.jobs.handlers import GiveUp, Running
from manciple.platform.jobs.job import Job
from manciple.platform.jobs.worker import Worker, WorkerSettings
from manciple.services.doors.service_door import service_door
from manciple.services.health import Part
from manciple.services.house import House
from manciple.services.rooms.language import language_room
from manciple.services.service import Service
from manciple.services.table import spec_of

_TIDY_EVERY_S = 3600.0
# A bell rings for every sentence, whoever keeps it; only retries wait for this.
_POLL_S = 2.0


class NlpQueue:
    """Works on sentences while it is running."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        *,
        understand: Understand,
        sentences: ReadSentences,
        at_once: int,
        keep: timedelta,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._understand = understand
        self._sentences = sentences
        self._keep = keep
        self._worker = Worker(
            stores.database,
            clock,
            {KIND: self._read},
            queue=QUEUE,
            name=f"nlp-{secrets.token_hex(6)}",
            settings=WorkerSettings(at_once=at_once, poll_s=_POLL_S),
            on_dead=self._give_up,
        )
        self.ring = self._worker.ring
        stores.on_written(self.ring)
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Worker]:
        """The worker at work for the time of the block; what it holds then is finished first."""
        tidying = Looper("nlp-queue-tidy", self._tidy, every_s=_TIDY_EVERY_S, clock=self._clock)
        async with tidying:
            task = self._task = asyncio.create_task(self._worker.run())
            try:
                yield self._worker
            finally:
                await self._worker.stop()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def look(self) -> None:
        """Returns if the worker works.

        Raises:
            Unavailable: it ended before its time.
        """
        if self._task is None or self._task.done():
            raise Unavailable("the worker of the sentences' queue", wait_s=1)

    async def _tidy(self) -> None:
        await self._understand.tidy(keep=self._keep)

    async def _read(self, running: Running) -> Effect:
        job = running.job
        try:
            sentence = msgspec.json.decode(job.payload, type=Sentence)
        except msgspec.DecodeError as error:
            message = "the job is no sentence"
            raise GiveUp(message) from error
        await self._sentences.begin(sentence, job.id)
        running.note(300, "reading")
        work = await self._sentences.read(sentence, job.id)
        return lambda connection: work(self._within(connection))

    def _give_up(self, connection: Connection, job: Job, error: str) -> Any:
        try:
            sentence = msgspec.json.decode(job.payload, type=Sentence)
        except msgspec.DecodeError:
            return
        failure(sentence, job.id, error)(self._within(connection))

    def _within(self, connection: Connection) -> Transaction:
        return Transaction(connection, self._clock)


def queue_of(house: House) -> NlpQueue:
    """The queue of a house, at rest."""
    own = house.settings.language
    return NlpQueue(
        house.stores,
        house.clock,
        understand=house.understand,
        sentences=house.sentences,
        at_once=own.at_once,
        keep=timedelta(days=own.retention_days),
    )


@asynccontextmanager
async def _duties(house: House) -> AsyncIterator[None]:
    """The worker runs, and old sentences are forgotten."""
    queue = queue_of(house)
    # Sentences are often kept by another process than this one.
    house.exchange.on_change(queue.ring)
    async with queue.running():
        house.watch.set_part("nlp", Part(look=queue.look))
        yield


SERVICE = Service(
    spec=spec_of("walmart-nlp-queue"),
    section="nlp_queue",
    rooms=(language_room,),
    routers=(nlp.router, events.nlp_router),
    duties=_duties,
    door=service_door(),
)
