"""The mesh of services, for administrators: what runs, how many, where, and calls through it."""

from typing import Annotated, Any

from msgspec import Meta, field

from manciple.api.context import Context
from manciple.api.mesh_reports import InstanceReport, MeshReport, Registered, Topology
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("mesh")

ServiceName = Annotated[str, Meta(min_length=1, max_length=60)]


class ServiceInput(Wire, frozen=True, kw_only=True):
    """Which service, such as `walmart-pricing`."""

    service: ServiceName


class ScaleInput(ServiceInput, frozen=True, kw_only=True):
    """How many instances of which service; null leaves their number to the load."""

    instances: Annotated[int, Meta(ge=0, le=100)] | None


class DrainInput(Wire, frozen=True, kw_only=True):
    """Which instance, by the id that `status` tells."""

    instance_id: Annotated[str, Meta(min_length=1, max_length=100)]


class RestartInput(Wire, frozen=True, kw_only=True):
    """Which service; all of them where none is named."""

    service: ServiceName | None = None


class GuestInput(Wire, frozen=True, kw_only=True):
    """An instance of a service that was started by hand, and where it is reached."""

    name: ServiceName
    host: Annotated[str, Meta(min_length=1, max_length=255)] = "localhost"
    port: Annotated[int, Meta(ge=1, le=65_535)]
    health_endpoint: Annotated[str, Meta(pattern=r"^/[!-~]*$", max_length=200)] = field(
        default="/health", name="health_endpoint"
    )


class DiscoverInput(Wire, frozen=True, kw_only=True):
    """Which service."""

    name: ServiceName


class RequestInput(ServiceInput, frozen=True, kw_only=True):
    """A call to one of a service's procedures.

    `path` is that of the procedure (`walmartPrice.current`) or of a URL (`/api/prices`); `input`
    is what the procedure takes.
    """

    path: Annotated[str, Meta(min_length=1, max_length=200)]
    input: dict[str, Any] | None = None


class RequestAnswer(Wire, frozen=True, kw_only=True):
    """What the procedure answered; null where it gives nothing."""

    output: Any


@router.mutation("deployAllServices", needs=Grant.ADMIN)
async def deploy_all_services(ctx: Context) -> MeshReport:
    """The mesh with every service running that should; rests after crashes end now."""
    return await ctx.mesh.deploy()


@router.mutation("scaleService", needs=Grant.ADMIN)
async def scale_service(ctx: Context, wanted: ScaleInput) -> MeshReport:
    """The mesh, on its way to so many instances of a service; `status` tells how far it is."""
    return await ctx.mesh.scale(wanted.service, wanted.instances)


@router.mutation("drainInstance", needs=Grant.ADMIN)
async def drain_instance(ctx: Context, wanted: DrainInput) -> MeshReport:
    """The mesh, one instance on its way out: another is started, this one finishes and ends."""
    return await ctx.mesh.drain(wanted.instance_id)


@router.mutation("restartService", needs=Grant.ADMIN)
async def restart_service(ctx: Context, wanted: RestartInput) -> MeshReport:
    """The mesh, with instances on their way to be replaced one by one, no call lost."""
    return await ctx.mesh.restart(wanted.service)


@router.mutation("registerService", needs=Grant.ADMIN)
async def register_service(ctx: Context, wanted: GuestInput) -> Registered:
    """An instance that takes calls from now on, until its lease ends unless it registers again."""
    return await ctx.mesh.register(
        wanted.name, host=wanted.host, port=wanted.port, health_path=wanted.health_endpoint
    )


@router.query("discoverServices", needs=Grant.ADMIN)
async def discover_services(ctx: Context, wanted: DiscoverInput) -> tuple[InstanceReport, ...]:
    """The instances of a service that take calls now."""
    return await ctx.mesh.discover(wanted.name)


@router.mutation("request", needs=Grant.ADMIN)
async def request(ctx: Context, wanted: RequestInput) -> RequestAnswer:
    """What an instance of a service answers, chosen as the service's strategy says.

    The call is made for you: what you may not do yourself it may not do either.
    """
    output = await ctx.mesh.call(ctx, wanted.service, path=wanted.path, given=wanted.input)
    return RequestAnswer(output=output)


@router.query("status", needs=Grant.ADMIN)
async def status(ctx: Context) -> MeshReport:
    """Every service with its instances, as the supervisor sees them."""
    return await ctx.mesh.status()


@router.query("topology", needs=Grant.ADMIN)
async def topology(ctx: Context) -> Topology:
    """The services, which needs which, and which procedures travel to which."""
    return await ctx.mesh.topology()
