"""Dead letters: jobs of any queue that failed for good, for those who run the house."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from manciple.api.context import Context
from manciple.api.numbered import RowId
from manciple.platform.jobs.job import JobStatus, State
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("jobs")


class DeadInput(Wire, frozen=True, kw_only=True):
    """How many at most, of which queue (null: of all), and before which one."""

    queue: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    before: RowId | None = None


class ReplayInput(Wire, frozen=True, kw_only=True):
    """Which job."""

    job_id: RowId


class DeadLetter(Wire, frozen=True, kw_only=True):
    """A job and why it failed the last time; what it holds of its owner is not shown."""

    job_id: int
    queue: str
    kind: str
    tenant: str
    state: State
    attempt: int
    max_attempts: int
    error: str | None
    created_at: datetime
    ended_at: datetime | None


class DeadLetters(Wire, frozen=True, kw_only=True):
    """Jobs that failed for good, newest first; `next` is where the following page begins."""

    jobs: tuple[DeadLetter, ...]
    next: int | None


@router.query("dead", needs=Grant.ADMIN)
async def dead(ctx: Context, wanted: DeadInput) -> DeadLetters:
    """Jobs that failed for good, whoever they are for, newest first."""
    found = await ctx.jobs.dead(queue=wanted.queue, limit=wanted.limit + 1, before=wanted.before)
    shown = found[: wanted.limit]
    more = shown[-1].id if len(found) > wanted.limit else None
    return DeadLetters(jobs=tuple(_letter(each) for each in shown), next=more)


@router.mutation("replay", needs=Grant.ADMIN)
async def replay(ctx: Context, wanted: ReplayInput) -> DeadLetter:
    """A job that failed for good, waiting again with all its attempts."""
    return _letter(await ctx.jobs.replay(wanted.job_id))


def _letter(found: JobStatus) -> DeadLetter:
    return DeadLetter(
        job_id=found.id,
        queue=found.queue,
        kind=found.kind,
        tenant=found.tenant,
        state=found.state,
        attempt=found.attempt,
        max_attempts=found.max_attempts,
        error=found.error,
        created_at=found.created_at,
        ended_at=found.ended_at,
    )
