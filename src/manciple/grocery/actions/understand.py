"""Sentences understood in the durable queue: kept, read, maybe read twice, told, and forgotten."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import structlog

from manciple.grocery.domain.language.frames import Frame
from manciple.grocery.domain.noted_intents import NotedIntent
from manciple.grocery.domain.second_opinions import Rule, Settled, is_worth_asking, settle
from manciple.grocery.domain.sentences import checked_sentence
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError
from manciple.kit.ids import new_id
from manciple.platform.jobs.desk import Desk
from manciple.platform.jobs.job import JobStatus, NewJob, State
from manciple.platform.jobs.queue import Queue

if TYPE_CHECKING:
    from manciple.grocery.domain.language.understander import Understander

QUEUE = "nlp"
KIND = "understand"
EMBEDDED = "embedded"
INTENT_PREFIX = "intent"
PROCESSING, RESULT, ERROR = (f"grocery-nlp.{name}" for name in ("processing", "result", "error"))
# Waiting in a queue, a sentence is understood as nothing yet.
_PENDING = "pending"
_MEASURED = 200
_MAX_ATTEMPTS = 3

_log = structlog.get_logger(__name__)


class SecondReader(Protocol):
    """Another reader of sentences, slower and outside of this process."""

    @property
    def name(self) -> str:
        """The name of its model."""
        ...

    async def read(self, sentence: str, *, context: str | None = None) -> Frame:
        """The frame of a sentence, or an error of the outside."""
        ...


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """What a job is about."""

    intent_id: str
    user_id: str
    query: str
    context: str | None = None
    wants_second: bool = False


class Told(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """News of a sentence, as subscribers read it."""

    job_id: int
    query: str
    user_id: str
    result: dict[str, Any] | None = None
    error: str | None = None


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
        understander: Callable[[], "Understander"],
        *,
        second: SecondReader | None = None,
        keeps_history: bool = True,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._understander = understander
        self._second = second
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

    async def begin(self, sentence: Sentence, job_id: int) -> None:
        """Tells that a sentence is being read."""
        told = Told(job_id=job_id, query=sentence.query, user_id=sentence.user_id)
        owner = sentence.user_id
        await self._stores.write(
            lambda tx: tx.outbox.add(PROCESSING, told, key=str(job_id), owner_id=owner)
        )

    async def read(self, sentence: Sentence, job_id: int) -> Callable[[Transaction], Any]:
        """What reading a sentence changes, to be done where its job ends; gives the result."""
        embedded = self._understander().understand(sentence.query, sentence.context)
        settled, opinion = await self._settled(sentence, embedded)
        result = _result(settled, opinion)
        told = Told(job_id=job_id, query=sentence.query, user_id=sentence.user_id, result=result)
        is_models = settled.rule is Rule.MODEL_IN_TOP_THREE and self._second is not None
        noted = NotedIntent(
            intent_id=sentence.intent_id,
            user_id=sentence.user_id,
            user_query=sentence.query,
            detected_intent=settled.frame.intents[0],
            confidence=settled.frame.confidence,
            entities={"intents": settled.frame.intents, "entities": result["entities"]},
            model_used=self._second.name if is_models and self._second else EMBEDDED,
            created_at=self._clock.now(),
            job_id=job_id,
            second_opinion=opinion,
        )

        def effect(tx: Transaction) -> dict[str, Any]:
            tx.intents.settle(noted)
            tx.outbox.add(RESULT, told, key=str(job_id), owner_id=sentence.user_id)
            return result

        return effect

    async def _settled(
        self, sentence: Sentence, embedded: Frame
    ) -> tuple[Settled, dict[str, Any] | None]:
        """The reading that counts, and what is kept of the second one."""
        second = self._second
        if second is None or not (sentence.wants_second or is_worth_asking(embedded)):
            missing = {"rule": Rule.NOT_ASKED, "problem": "no language model is set up"}
            is_missed = second is None and sentence.wants_second
            settled = Settled(frame=embedded, rule=Rule.NOT_ASKED)
            return settled, missing if is_missed else None
        try:
            read = await second.read(sentence.query, context=sentence.context)
        except MancipleError as error:
            _log.warning("understand.second.failed", model=second.name, problem=str(error))
            failed = {"model": second.name, "rule": Rule.MODEL_FAILED, "problem": str(error)}
            return Settled(frame=embedded, rule=Rule.MODEL_FAILED), failed
        settled = settle(embedded, read)
        opinion = {
            "model": second.name,
            "rule": settled.rule,
            "intents": read.intents,
            "entities": [_entity(one) for one in read.entities],
            "embeddedIntents": embedded.intents,
            "embeddedConfidence": round(embedded.confidence, 4),
        }
        if settled.rule is not Rule.AGREED:
            _log.info("understand.second.differed", model=second.name, rule=settled.rule)
        return settled, opinion


def failure(sentence: Sentence, job_id: int, error: str) -> Callable[[Transaction], None]:
    """What the end of hope for a sentence changes: its news."""
    told = Told(job_id=job_id, query=sentence.query, user_id=sentence.user_id, error=error)

    def effect(tx: Transaction) -> None:
        tx.outbox.add(ERROR, told, key=str(job_id), owner_id=sentence.user_id)

    return effect


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


def _result(settled: Settled, opinion: dict[str, Any] | None) -> dict[str, Any]:
    frame = settled.frame
    return {
        "intents": list(frame.intents),
        "entities": [_entity(one) for one in frame.entities],
        "confidence": round(frame.confidence, 4),
        "alternatives": [
            {"intent": one.intent, "confidence": round(one.confidence, 4)}
            for one in frame.alternatives
        ],
        "band": frame.band,
        "needsConfirmation": frame.needs_confirmation,
        "source": frame.source,
        "secondOpinion": opinion,
    }


def _entity(entity: Any) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(entity)
    return {key: value for key, value in row.items() if value is not None}


def _ms(since: datetime | None, until: datetime | None) -> float:
    if since is None or until is None:
        return 0.0
    return (until - since).total_seconds() * 1000


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None
