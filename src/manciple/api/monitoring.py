"""How the house is: its parts, its services, its figures."""

from manciple.api.context import Context
from manciple.api.reports import HealthReport, MetricsReport, ServiceReport, TargetReport
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("monitoring")


@router.query("health", needs=Grant.PUBLIC)
async def health(ctx: Context) -> HealthReport:
    """The state of every part of the house, looked at now."""
    return await ctx.watch.health()


@router.query("services", needs=Grant.READ)
async def services(ctx: Context) -> tuple[ServiceReport, ...]:
    """Every service with its port, capacity and scaling, in order of deployment."""
    return ctx.watch.services()


@router.query("targets", needs=Grant.READ)
async def targets(ctx: Context) -> tuple[TargetReport, ...]:
    """The places outside that were asked since start, and what their breakers say."""
    return ctx.watch.targets()


@router.query("metrics", needs=Grant.READ)
async def metrics(ctx: Context) -> MetricsReport:
    """Memory, cache and calls of this process since it started."""
    return ctx.watch.metrics()
