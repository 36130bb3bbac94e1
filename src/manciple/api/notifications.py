"""Notifications: being told outside the house, by the services that people use."""

from manciple.api.context import Context
from manciple.api.shapes_notifications import (
    NewTargetInput,
    NotifiedAnswer,
    QuietHoursShape,
    TargetChanges,
    TargetInput,
    TargetRemoved,
    TargetsAnswer,
    TargetShape,
)
from manciple.grocery.domain.notices import QuietHours, Target, masked, minute_of
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("notifications")


@router.mutation("addTarget", needs=Grant.WRITE)
async def add_target(ctx: Context, wanted: NewTargetInput) -> TargetShape:
    """Where you are told from now on: price drops, back in stock, lists shared, budgets crossed."""
    owner = ctx.principal.acting_for()
    return _target(
        await ctx.notices.add(owner, url=wanted.url, name=wanted.name, kinds=wanted.kinds)
    )


@router.query("list", needs=Grant.READ)
async def all_of_them(ctx: Context) -> TargetsAnswer:
    """Where and when you are told, and how it went last."""
    targets, hours = await ctx.notices.all(ctx.principal.acting_for())
    return TargetsAnswer(targets=tuple(_target(one) for one in targets), quiet_hours=_hours(hours))


@router.mutation("updateTarget", needs=Grant.WRITE)
async def update_target(ctx: Context, wanted: TargetChanges) -> TargetShape:
    """The target with another name, or told other kinds."""
    owner = ctx.principal.acting_for()
    return _target(
        await ctx.notices.update(owner, wanted.target_id, name=wanted.name, kinds=wanted.kinds)
    )


@router.mutation("removeTarget", needs=Grant.WRITE)
async def remove_target(ctx: Context, wanted: TargetInput) -> TargetRemoved:
    """That you are told there no more."""
    await ctx.notices.remove(ctx.principal.acting_for(), wanted.target_id)
    return TargetRemoved(success=True)


@router.mutation("setQuietHours", needs=Grant.WRITE)
async def set_quiet_hours(ctx: Context, wanted: QuietHoursShape) -> QuietHoursShape:
    """When you are not told, by the clock of your time zone."""
    hours = QuietHours(
        time_zone=wanted.time_zone,
        from_minute=minute_of("fromTime", wanted.from_time),
        until_minute=minute_of("untilTime", wanted.until_time),
    )
    return _hours(await ctx.notices.set_hours(ctx.principal.acting_for(), hours))


@router.mutation("test", needs=Grant.WRITE)
async def test(ctx: Context, wanted: TargetInput) -> NotifiedAnswer:
    """Whether a message arrives, sent now, quiet hours or not."""
    found = await ctx.notices.test(ctx.principal.acting_for(), wanted.target_id)
    return NotifiedAnswer(success=found.is_sent, problem=found.problem)


def _target(one: Target) -> TargetShape:
    return TargetShape(
        target_id=one.target_id,
        name=one.name,
        url=masked(one.url),
        kinds=one.kinds,
        last_told_at=one.last_told_at,
        last_problem=one.last_problem,
        created_at=one.created_at,
    )


def _hours(hours: QuietHours) -> QuietHoursShape:
    return QuietHoursShape(
        time_zone=hours.time_zone,
        from_time=_time(hours.from_minute),
        until_time=_time(hours.until_minute),
    )


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
