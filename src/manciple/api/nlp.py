"""The durable queue of sentences: what a client can ask. Everybody sees their own jobs only."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from manciple.api.context import Context
from manciple.api.numbered import RowId
from manciple.grocery.domain.noted_intents import NotedIntent
from manciple.grocery.domain.sentences import MAX_SENTENCE_CHARS
from manciple.platform.jobs.job import JobStatus, State
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("groceryNLPQueue")


class QueryInput(Wire, frozen=True, kw_only=True):
    """A sentence; `context` is what was said to its speaker before.

    Sentences of higher `priority` are read first. `secondOpinion` asks for a language model's
    reading too, where one is set up.
    """

    query: Annotated[str, Meta(min_length=1, max_length=MAX_SENTENCE_CHARS)]
    user_id: str | None = None
    context: Annotated[str, Meta(max_length=MAX_SENTENCE_CHARS)] | None = None
    priority: Annotated[int, Meta(ge=-10, le=10)] = 0
    second_opinion: bool = False


class JobInput(Wire, frozen=True, kw_only=True):
    """Which job."""

    job_id: RowId


class HistoryInput(Wire, frozen=True, kw_only=True):
    """How many at most."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class QueuedAnswer(Wire, frozen=True, kw_only=True):
    """The job that will read the sentence; its end is told as `grocery-nlp.result` or `.error`."""

    success: bool
    job_id: int


class JobShape(Wire, frozen=True, kw_only=True):
    """Where a job stands: waiting, running, done, dead or canceled. `progress` is from 0 to 1."""

    job_id: int
    state: State
    attempt: int
    max_attempts: int
    progress: float
    progress_note: str | None
    result: dict[str, Any] | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class PositionAnswer(Wire, frozen=True, kw_only=True):
    """How many jobs start before it; null once it started."""

    job_id: int
    position: int | None


class MetricsAnswer(Wire, frozen=True, kw_only=True):
    """Your jobs in figures; the means are of the newest that `measured` counts, null of none."""

    waiting: int
    running: int
    done: int
    dead: int
    canceled: int
    measured: int
    mean_wait_ms: float | None
    mean_processing_ms: float | None


class IntentShape(Wire, frozen=True, kw_only=True):
    """One sentence and what it was understood as; `pending` is not understood yet."""

    intent_id: str
    query: str
    detected_intent: str
    confidence: float | None
    entities: dict[str, Any]
    model_used: str
    second_opinion: dict[str, Any] | None
    job_id: int | None
    created_at: datetime


class NlpHistoryAnswer(Wire, frozen=True, kw_only=True):
    """Your sentences, newest first."""

    intents: tuple[IntentShape, ...]
    count: int


class ErasedAnswer(Wire, frozen=True, kw_only=True):
    """How many sentences were erased."""

    success: bool
    erased: int


@router.mutation("processQuery", needs=Grant.WRITE)
async def process_query(ctx: Context, wanted: QueryInput) -> QueuedAnswer:
    """The job that understands a sentence, kept before this answers."""
    job_id = await ctx.understand.process_query(
        ctx.principal.acting_for(wanted.user_id),
        wanted.query,
        context=wanted.context,
        priority=wanted.priority,
        wants_second=wanted.second_opinion,
    )
    return QueuedAnswer(success=True, job_id=job_id)


@router.query("status", needs=Grant.READ)
async def status(ctx: Context, wanted: JobInput) -> JobShape:
    """Where one of your jobs stands, and its result."""
    return _job(await ctx.understand.status(ctx.principal.acting_for(), wanted.job_id))


@router.query("position", needs=Grant.READ)
async def position(ctx: Context, wanted: JobInput) -> PositionAnswer:
    """How many jobs start before one of yours."""
    found = await ctx.understand.position(ctx.principal.acting_for(), wanted.job_id)
    return PositionAnswer(job_id=wanted.job_id, position=found)


@router.mutation("cancel", needs=Grant.WRITE)
async def cancel(ctx: Context, wanted: JobInput) -> JobShape:
    """One of your jobs, ended if it was not yet."""
    return _job(await ctx.understand.cancel(ctx.principal.acting_for(), wanted.job_id))


@router.mutation("replay", needs=Grant.WRITE)
async def replay(ctx: Context, wanted: JobInput) -> JobShape:
    """One of your jobs that failed for good, waiting again with all its attempts."""
    return _job(await ctx.understand.replay(ctx.principal.acting_for(), wanted.job_id))


@router.query("metrics", needs=Grant.READ)
async def metrics(ctx: Context) -> MetricsAnswer:
    """Your jobs in figures."""
    found = await ctx.understand.metrics(ctx.principal.acting_for())
    counts = {str(state): count for state, count in found.counts.items()}
    return MetricsAnswer(
        **counts,
        measured=found.measured,
        mean_wait_ms=found.mean_wait_ms,
        mean_processing_ms=found.mean_processing_ms,
    )


@router.query("history", needs=Grant.READ)
async def history(ctx: Context, wanted: HistoryInput) -> NlpHistoryAnswer:
    """What your sentences were understood as, and by which model."""
    found = await ctx.understand.history(ctx.principal.acting_for(), limit=wanted.limit)
    intents = tuple(_intent(one) for one in found)
    return NlpHistoryAnswer(intents=intents, count=len(intents))


@router.mutation("eraseHistory", needs=Grant.WRITE)
async def erase_history(ctx: Context) -> ErasedAnswer:
    """Every sentence of yours erased, with its jobs, plans and the conversation."""
    erased = await ctx.understand.erase(ctx.principal.acting_for())
    return ErasedAnswer(success=True, erased=erased)


def _job(found: JobStatus) -> JobShape:
    return JobShape(
        job_id=found.id,
        state=found.state,
        attempt=found.attempt,
        max_attempts=found.max_attempts,
        progress=found.progress_thousandths / 1000,
        progress_note=found.progress_note,
        result=msgspec.json.decode(found.result) if found.result else None,
        error=found.error,
        created_at=found.created_at,
        started_at=found.started_at,
        ended_at=found.ended_at,
    )


def _intent(found: NotedIntent) -> IntentShape:
    return IntentShape(
        intent_id=found.intent_id,
        query=found.user_query,
        detected_intent=found.detected_intent,
        confidence=found.confidence,
        entities=found.entities,
        model_used=found.model_used,
        second_opinion=found.second_opinion,
        job_id=found.job_id,
        created_at=found.created_at,
    )
