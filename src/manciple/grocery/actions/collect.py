"""Keyword searches that take a collector minutes and cost money: kept as jobs, paid for once.

Two jobs follow each other: one begins the search and hands its number on in the transaction that
ends it, one waits for the result. A worker that dies in the second resumes by the number. One that
dies in the first may have paid already, so its job is given up and a person decides.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from manciple.grocery.actions.take_observations import take_observations
from manciple.grocery.domain.collected import Collected, Wanted
from manciple.grocery.domain.events import JobNews
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Refused, TooMany, Unavailable, Upstream
from manciple.platform.jobs.desk import Desk
from manciple.platform.jobs.handlers import GiveUp, Running
from manciple.platform.jobs.job import Job, JobStatus, NewJob, State
from manciple.platform.jobs.queue import Queue

QUEUE = "collect"
BEGIN, AWAIT = "collect.begin", "collect.await"
# Between two looks at a search that takes tens of seconds.
LOOK_EVERY_S = 3.0
_AWAITED = "await:"
_ASKED = "asked the collector"
# With the waits between them, a day of an unreachable collector.
_ATTEMPTS = 30
_ENDED = frozenset({"failed", "canceled"})
_UNSURE = "a worker went away while it asked the collector; the search may have been begun and paid"


class KeywordCollector(Protocol):
    """Begins keyword searches and brings back what they found."""

    async def trigger(self, keyword: str, *, limit: int) -> str:
        """Begins a search; the id of its snapshot."""
        ...

    async def status(self, snapshot_id: str) -> str:
        """`starting`, `running`, `ready`, `failed` or `canceled`."""
        ...

    async def collect(self, snapshot_id: str) -> Collected | None:
        """What it yielded; None while it is not ready."""
        ...


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """How a search does: the state of the job that is at work on it now."""

    job_id: int
    status: JobStatus
    snapshot_id: str | None = None


class Collect:
    """Keeps searches as jobs; the handlers are for a worker of `QUEUE`."""

    def __init__(self, stores: Stores, clock: Clock, collector: KeywordCollector | None) -> None:
        self._stores = stores
        self._clock = clock
        self._collector = collector

    @property
    def is_set_up(self) -> bool:
        """Whether there is a collector."""
        return self._collector is not None

    async def ask(self, owner: str, keyword: str, *, limit: int) -> int:
        """The id of the job; that of the one under way for the same words, which is paid already.

        Raises:
            Refused: no collector is set up.
        """
        if self._collector is None:
            raise Refused("No collector is set up: sources.brightdata_key is not set")
        wanted = Wanted(owner=owner, keyword=keyword, limit=limit)
        new = NewJob(
            queue=QUEUE,
            kind=BEGIN,
            payload=wanted,
            tenant=owner,
            unique_key=_key(wanted),
        )

        def work(tx: Transaction) -> int:
            queue = Queue(tx.connection, tx.now)
            under_way = _under_way(queue, wanted)
            if under_way is not None:
                return under_way
            job_id = queue.add(new)
            _tell(tx, wanted, job_id, "queued")
            return job_id

        return await self._stores.write(work)

    async def status(self, owner: str, job_id: int) -> Collection:
        """How a search does, by the id that `ask` gave.

        Raises:
            NotFound: the owner has no such job.
        """

        def work(tx: Transaction) -> Collection:
            desk = Desk(tx.connection, tx.now, tenant=owner)
            first = desk.status(job_id)
            if first.kind != BEGIN or first.state is not State.DONE or first.result is None:
                return Collection(job_id=job_id, status=first)
            begun = msgspec.json.decode(first.result)
            return Collection(
                job_id=job_id,
                status=desk.status(begun["awaitJob"]),
                snapshot_id=begun["snapshotId"],
            )

        return await self._stores.read(work)

    async def begin(self, running: Running) -> Callable[[Transaction], Any]:
        """Begins the search of a job; its effect is the job that waits for it.

        Raises:
            GiveUp: it cannot be begun, or nobody can say whether it was.
            TooMany, Unavailable: it was not begun, and may be later.
        """
        job, wanted = running.job, _wanted(running.job)
        if await self._has_asked(job):
            raise GiveUp(_UNSURE)
        await self._note(job, 100, _ASKED)
        try:
            snapshot_id = await self._there().trigger(wanted.keyword, limit=wanted.limit)
        except (TooMany, Unavailable):
            await self._note(job, 0, "the collector is busy")
            raise
        except Upstream as error:
            raise GiveUp(str(error)) from error
        paid = msgspec.structs.replace(wanted, snapshot_id=snapshot_id, first_job=job.id)

        def effect(tx: Transaction) -> dict[str, Any]:
            new = NewJob(
                queue=QUEUE,
                kind=AWAIT,
                payload=paid,
                tenant=wanted.owner,
                unique_key=_AWAITED + _key(wanted),
                max_attempts=_ATTEMPTS,
            )
            follower = Queue(tx.connection, tx.now).add(new)
            _tell(tx, wanted, job.id, "running")
            return {"snapshotId": snapshot_id, "awaitJob": follower}

        return effect

    async def wait_for(self, running: Running) -> Callable[[Transaction], Any]:
        """Waits for the search of a job; its effect keeps the products that it found.

        Raises:
            GiveUp: the search failed over there.
            Upstream, TooMany, TimedOut, Unavailable: nobody answers; the job may be tried again.
        """
        wanted = _wanted(running.job)
        snapshot_id = wanted.snapshot_id or ""
        while True:
            status = await self._there().status(snapshot_id)
            if status in _ENDED:
                raise GiveUp(f"the collector says {status}")
            running.note(700 if status == "ready" else 400, status)
            if status == "ready":
                collected = await self._there().collect(snapshot_id)
                if collected is not None:
                    return lambda tx: _keep(tx, wanted, collected)
            await self._clock.sleep(LOOK_EVERY_S)

    def gone(self, tx: Transaction, job: Job) -> None:
        """Tells that a job is dead."""
        wanted = _wanted(job)
        _tell(tx, wanted, wanted.first_job or job.id, "failed")

    async def _has_asked(self, job: Job) -> bool:
        """Whether an earlier attempt of the job asked the collector and never came back."""
        if job.attempt == 1:
            return False
        desk = await self._stores.read(
            lambda tx: Desk(tx.connection, tx.now, tenant=None).status(job.id)
        )
        return desk.progress_note == _ASKED

    async def _note(self, job: Job, progress: int, note: str) -> None:
        """Written at once, and before whatever comes next."""
        await self._stores.write(
            lambda tx: Queue(tx.connection, tx.now).report(job, progress, note), durable=True
        )

    def _there(self) -> KeywordCollector:
        if self._collector is None:
            raise Unavailable("the collector", wait_s=3600)
        return self._collector


def _key(wanted: Wanted) -> str:
    """The same for the same words; hashed, for words may be longer than a key."""
    told = msgspec.json.encode([wanted.owner, wanted.keyword.casefold(), wanted.limit])
    return hashlib.sha256(told).hexdigest()


def _under_way(queue: Queue, wanted: Wanted) -> int | None:
    """The first job of a search for the same words that was begun, and is waited for or not yet."""
    begun = queue.live(QUEUE, _key(wanted))
    if begun is not None:
        return begun[0]
    awaited = queue.live(QUEUE, _AWAITED + _key(wanted))
    return None if awaited is None else msgspec.json.decode(awaited[1], type=Wanted).first_job


def _keep(tx: Transaction, wanted: Wanted, collected: Collected) -> dict[str, Any]:
    take_observations(tx, collected.products)
    _tell(tx, wanted, wanted.first_job or 0, "done")
    return {
        "productIds": [product.product_id for product in collected.products],
        "refused": [msgspec.structs.asdict(one) for one in collected.refused],
    }


def _tell(tx: Transaction, wanted: Wanted, job_id: int, status: str) -> None:
    topic = "job.progress" if status == "running" else f"job.{status}"
    news = JobNews(job_id=str(job_id), kind=QUEUE, status=status)
    tx.outbox.add(topic, news, key=str(job_id), owner_id=wanted.owner)


def _wanted(job: Job) -> Wanted:
    return msgspec.json.decode(job.payload, type=Wanted)
