"""How the house is: its parts, its services, its figures."""

from manciple.api.context import Context
from manciple.api.reports import (
    ErrorReport,
    HealthReport,
    MetricsReport,
    ProcedureFigures,
    QueueReport,
    ServiceReport,
    TargetReport,
)
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("monitoring")


@router.query("health", needs=Grant.PUBLIC)
async def health(ctx: Context) -> HealthReport:
    """The state of every part of the house, looked at now."""
    return await ctx.watch.health()


@router.query("services", needs=Grant.READ)
async def services(ctx: Context) -> tuple[ServiceReport, ...]:
    """Every service with its instances, capacity and scaling, in order of deployment."""
    return await ctx.mesh.services()


@router.query("targets", needs=Grant.READ)
async def targets(ctx: Context) -> tuple[TargetReport, ...]:
    """The places outside that were asked since start, and what their breakers say."""
    return await ctx.mesh.targets()


@router.query("metrics", needs=Grant.READ)
async def metrics(ctx: Context) -> MetricsReport:
    """Memory, cache and calls since start, of all processes together and of each instance."""
    return await ctx.mesh.metrics()


@router.query("performance", needs=Grant.READ)
async def performance(ctx: Context) -> tuple[ProcedureFigures, ...]:
    """How long calls of each procedure took since start; what took most of the time first."""
    return await ctx.mesh.performance()


@router.query("errors", needs=Grant.READ)
async def errors(ctx: Context) -> tuple[ErrorReport, ...]:
    """The newest failures that nobody foresaw, with the references that clients were given."""
    return await ctx.mesh.errors()


@router.query("queues", needs=Grant.READ)
async def queues(ctx: Context) -> tuple[QueueReport, ...]:
    """Every queue in which anything waits, runs or is dead, whoever it is for."""
    return await ctx.mesh.queues()
