"""Searches at a collector outside: asked for now, answered in a minute or so."""

from typing import Annotated

import msgspec
from msgspec import Meta

from manciple.api.context import Context
from manciple.api.numbered import RowId
from manciple.grocery.actions.collect import Collection
from manciple.platform.jobs.job import State
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("sources")


class CollectInput(Wire, frozen=True, kw_only=True):
    """What to search for; every product found is paid for."""

    query: Annotated[str, Meta(min_length=1, max_length=200)]
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class CollectionInput(Wire, frozen=True, kw_only=True):
    """Which search."""

    job_id: RowId


class RefusedSearch(Wire, frozen=True, kw_only=True):
    """An input that yielded nothing, and why."""

    given: str
    error: str
    code: str


class CollectionAnswer(Wire, frozen=True, kw_only=True):
    """How a search does; once it is `done`, the products that are known now.

    `snapshotId` is the collector's own number of a search that was begun.
    """

    job_id: int
    state: State
    note: str | None
    problem: str | None
    snapshot_id: str | None
    product_ids: tuple[str, ...]
    refused: tuple[RefusedSearch, ...]


class _Result(msgspec.Struct, frozen=True, rename="camel"):
    product_ids: tuple[str, ...] = ()
    refused: tuple[RefusedSearch, ...] = ()


@router.mutation("collect", needs=Grant.WRITE)
async def collect(ctx: Context, wanted: CollectInput) -> CollectionAnswer:
    """The search as a job; its end is told by the event `job.done` or `job.failed`."""
    owner = ctx.principal.acting_for()
    job_id = await ctx.collect.ask(owner, wanted.query, limit=wanted.limit)
    return _answer(await ctx.collect.status(owner, job_id))


@router.query("collection", needs=Grant.READ)
async def collection(ctx: Context, wanted: CollectionInput) -> CollectionAnswer:
    """How a search does."""
    return _answer(await ctx.collect.status(ctx.principal.acting_for(), wanted.job_id))


def _answer(found: Collection) -> CollectionAnswer:
    status = found.status
    is_done = status.state is State.DONE and status.result is not None
    result = msgspec.json.decode(status.result or b"{}", type=_Result) if is_done else _Result()
    return CollectionAnswer(
        job_id=found.job_id,
        state=status.state,
        note=status.progress_note,
        problem=status.error,
        snapshot_id=found.snapshot_id,
        product_ids=result.product_ids,
        refused=result.refused,
    )
