"""What the mesh reports of itself, as a client sees it, and who knows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from manciple.api.reports import (
    ErrorReport,
    InstanceFigures,
    MetricsReport,
    ProcedureFigures,
    QueueReport,
    ServiceReport,
    TargetReport,
)
from manciple.platform.rpc.procedure import Wire
from manciple.platform.security.permissions import Principal
from manciple.platform.security.visits import Visit


class InstanceReport(InstanceFigures, frozen=True, kw_only=True):
    """One instance, with where it is reached and by which process.

    `expiresAt` is when its lease ends; `pid` is null for one registered by hand.
    """

    service: str
    address: str
    pid: int | None
    weight: int = 1
    capacity: int = 100
    expires_at: datetime | None = None


class MeshServiceReport(Wire, frozen=True, kw_only=True):
    """One service: how many instances are wanted, and those that there are.

    `isAutomatic` says that load decides. `isLooping` after crash upon crash, `crashes` of them in
    the last minute; the next start is in `nextStartS`.
    """

    name: str
    port: int
    wanted: int
    instances: tuple[InstanceReport, ...]
    generation: int = 0
    is_automatic: bool = False
    is_looping: bool = False
    crashes: int = 0
    next_start_s: float | None = None
    last_end: str | None = None


class MeshReport(Wire, frozen=True, kw_only=True):
    """Every service. With `isOneProcess` one process is all of them; `note` says what that means.

    `supervisorPid` is null where no supervisor runs.
    """

    is_one_process: bool
    note: str | None
    supervisor_pid: int | None
    uptime_s: float | None
    services: tuple[MeshServiceReport, ...]


class Needs(Wire, frozen=True, kw_only=True):
    """A service starts after one that it needs."""

    service: str
    needs: str


class Travels(Wire, frozen=True, kw_only=True):
    """A procedure that another service answers, where the services are processes."""

    procedure: str
    service: str


class Topology(Wire, frozen=True, kw_only=True):
    """The services, which needs which, and which procedures travel to which."""

    services: tuple[ServiceReport, ...]
    needs: tuple[Needs, ...]
    travels: tuple[Travels, ...]


class Registered(Wire, frozen=True, kw_only=True):
    """The instance as it is registered; register it again every `renewEveryS` seconds."""

    instance: InstanceReport
    renew_every_s: float


class Asking(Protocol):
    """Whoever a call is made for."""

    @property
    def principal(self) -> Principal:
        """Who it is."""
        ...

    @property
    def visit(self) -> Visit:
        """How that is known."""
        ...

    def require(self, needs: str) -> None:
        """Returns if the grant is held; raises otherwise."""
        ...


class Mesh(Protocol):
    """Who knows the services: the supervisor in a mesh, the one process where there is none."""

    async def status(self) -> MeshReport:
        """How everything is now."""
        ...

    async def deploy(self) -> MeshReport:
        """Has every service run that should."""
        ...

    async def scale(self, service: str, count: int | None) -> MeshReport:
        """Keeps `count` instances of a service; None leaves it to the load."""
        ...

    async def drain(self, instance_id: str) -> MeshReport:
        """Replaces one instance."""
        ...

    async def restart(self, service: str | None) -> MeshReport:
        """Replaces every instance of a service, or of all, one by one."""
        ...

    async def register(self, service: str, *, host: str, port: int, health_path: str) -> Registered:
        """Keeps an instance that was started by hand, for the time of a lease."""
        ...

    async def discover(self, service: str) -> tuple[InstanceReport, ...]:
        """The instances of a service that take calls."""
        ...

    async def call(
        self, asking: Asking, service: str, *, path: str, given: Mapping[str, Any] | None
    ) -> Any:
        """What a procedure of a service answers, as plain JSON values."""
        ...

    async def services(self) -> tuple[ServiceReport, ...]:
        """What is said of each service, and its instances."""
        ...

    async def metrics(self) -> MetricsReport:
        """The figures of all processes, together and one by one."""
        ...

    async def performance(self) -> tuple[ProcedureFigures, ...]:
        """How long calls took, of all instances together; what took most of the time first."""
        ...

    async def errors(self) -> tuple[ErrorReport, ...]:
        """The newest failures that nobody foresaw, of all instances."""
        ...

    async def targets(self) -> tuple[TargetReport, ...]:
        """The places outside that any instance asked since start."""
        ...

    async def queues(self) -> tuple[QueueReport, ...]:
        """Every queue with work in it."""
        ...

    async def topology(self) -> Topology:
        """How the services hang together."""
        ...
