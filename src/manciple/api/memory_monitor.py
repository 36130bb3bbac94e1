"""The memory monitor: what a client can ask of it."""

from typing import Annotated

from msgspec import Meta

from manciple.api.context import Context
from manciple.api.monitor_reports import MonitorHistory, MonitorNow, Threshold
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("memoryMonitor")


class HistoryInput(Wire, frozen=True, kw_only=True):
    """Which instance (all), and how far back: an hour is kept."""

    instance: Annotated[str, Meta(max_length=100)] | None = None
    minutes: Annotated[float, Meta(gt=0, le=60)] = 10.0


@router.query("current", needs=Grant.READ)
async def current(ctx: Context) -> MonitorNow:
    """Memory, processor, files and lag of every process, the database and the disk, just now."""
    return ctx.monitor.current()


@router.query("history", needs=Grant.READ)
async def history(ctx: Context, wanted: HistoryInput) -> MonitorHistory:
    """The same as it was measured in the last minutes, oldest first."""
    return ctx.monitor.history(wanted.instance, minutes=wanted.minutes)


@router.query("thresholds", needs=Grant.READ)
async def thresholds(ctx: Context) -> tuple[Threshold, ...]:
    """What counts as too much; each is a setting."""
    return ctx.monitor.thresholds()
