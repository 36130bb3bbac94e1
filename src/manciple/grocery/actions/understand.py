"""What people ask of the queue of sentences: to be understood later, and what became of that.

How a sentence is read stands in `read_sentences.py`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from manciple.grocery.domain.noted_intents import NotedIntent
from manciple.grocery.domain.sentences import checked_sentence
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.ids import new_id
from manciple.platform.jobs.desk import Desk
from manciple.platform.jobs.job import JobStatus, NewJob, State
from manciple.platform.jobs.queue import Queue

QUEUE = "nlp"
KIND = "understand"
EMBEDDED = "embedded"
INTENT_PREFIX = "intent"
# Waiting in a queue, a sentence is understood as nothing yet.
_PENDING = "pending"
_MEASURED = 200
_MAX_ATTEMPTS = 3


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """What a job is about."""

    intent_id: str
    user_id: str
    query: str
    context: str | None = None
    wants_second: bool = False


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """The queue in figures: jobs by state, and how long the last ones waited and took."""

    counts: dict[State, int]
    measured: int
    mean_wait_ms: float | None
    mean_processing_ms: float | None


class Understand:
    """What a person asks of the queue of sentences; `owner` is always the signed-in person."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        *,
        keeps_history: bool = True,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._keeps_history = keeps_history

    async def process_query(
        self,
        owner: str,
        query: str,
        *,
        context: str | None = None,
        priority: int = 0,
        wants_second: bool = False,
    ) -> int:
        """The id of the job that will understand a sentence.

        Raises:
            InvalidInput: the sentence is empty or too long.
        """
        sentence = Sentence(
            intent_id=new_id(INTENT_PREFIX, self._clock),
            user_id=owner,
            query=checked_sentence(query),
            context=context,
            wants_second=wants_second,
        )
        new = NewJob(
            queue=QUEUE,
            kind=KIND,
            payload=sentence,
            tenant=owner,
            priority=priority,
            max_attempts=_MAX_ATTEMPTS,
        )

        def work(tx: Transaction) -> int:
            tx.users.ensure(owner, display_name=owner)
            job_id = Queue(tx.connection, tx.now).add(new)
            if self._keeps_history:
                tx.intents.add(_noted(sentence, job_id, at=tx.now))
            return job_id

        return await self._stores.write(work)

    async def status(self, owner: str, job_id: int) -> JobStatus:
        """Where a job stands.

        Raises:
            NotFound: the owner has no such job.
        """
        return await self._stores.read(lambda tx: _desk(tx, owner).status(job_id))

    async def position(self, owner: str, job_id: int) -> int | None:
        """How many jobs start before it; None once it started.

        Raises:
            NotFound: the owner has no such job.
        """
        return await self._stores.read(lambda tx: _desk(tx, owner).position(job_id))

    async def cancel(self, owner: str, job_id: int) -> JobStatus:
        """The job, ended if it was not yet.

        Raises:
            NotFound: the owner has no such job.
        """
        return await self._stores.write(lambda tx: _desk(tx, owner).cancel(job_id))

    async def replay(self, owner: str, job_id: int) -> JobStatus:
        """A job that failed for good, waiting again with all its attempts.

        Raises:
            NotFound: the owner has no such job.
            Refused: it is not dead.
        """
        return await self._stores.write(lambda tx: _desk(tx, owner).replay(job_id))

    async def metrics(self, owner: str) -> Metrics:
        """The person's own jobs in figures."""

        def work(tx: Transaction) -> Metrics:
            desk = _desk(tx, owner)
            last = desk.history(QUEUE, most=_MEASURED)
            waits = [_ms(one.created_at, one.started_at) for one in last if one.started_at]
            spans = [
                _ms(one.started_at, one.ended_at)
                for one in last
                if one.started_at and one.state is State.DONE
            ]
            return Metrics(
                counts=desk.counts(QUEUE),
                measured=len(spans),
                mean_wait_ms=_mean(waits),
                mean_processing_ms=_mean(spans),
            )

        return await self._stores.read(work)

    async def history(self, owner: str, *, limit: int) -> Sequence[NotedIntent]:
        """What the person's sentences were understood as, newest first."""
        return await self._stores.read(lambda tx: tx.intents.of(owner, limit=limit))

    async def erase(self, owner: str) -> int:
        """How many sentences were kept of the person; none is any more.

        Jobs that still wait or run are canceled, and the ended ones are forgotten, for each holds
        its sentence. What the household corrected stays; it is forgotten on its own.
        """

        def work(tx: Transaction) -> int:
            desk = _desk(tx, owner)
            before = None
            while page := desk.history(QUEUE, most=_MEASURED, before=before):
                for job in page:
                    desk.cancel(job.id)
                before = page[-1].id
            later = tx.now + timedelta(seconds=1)
            while desk.forget(ended_before=later, most=_MEASURED):
                pass
            tx.conversations.forget(owner)
            tx.plans.erase(owner)
            return tx.intents.erase(owner)

        return await self._stores.write(work)

    async def tidy(self, *, keep: timedelta) -> int:
        """Forgets sentences, jobs and plans older than `keep`; how many sentences there were."""

        def work(tx: Transaction) -> int:
            before = tx.now - keep
            Desk(tx.connection, tx.now, tenant=None).forget(ended_before=before, most=10_000)
            tx.conversations.forget_expired()
            tx.plans.forget(before=before)
            return tx.intents.forget(before=before)

        return await self._stores.write(work)


def _desk(tx: Transaction, owner: str) -> Desk:
    return Desk(tx.connection, tx.now, tenant=owner)


def _noted(sentence: Sentence, job_id: int, *, at: datetime) -> NotedIntent:
    return NotedIntent(
        intent_id=sentence.intent_id,
        user_id=sentence.user_id,
        user_query=sentence.query,
        detected_intent=_PENDING,
        confidence=None,
        entities={},
        model_used=EMBEDDED,
        created_at=at,
        job_id=job_id,
    )


def _ms(since: datetime | None, until: datetime | None) -> float:
    if since is None or until is None:
        return 0.0
    return (until - since).total_seconds() * 1000


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None
