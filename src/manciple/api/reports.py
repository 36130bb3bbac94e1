"""What the house reports of itself, as a client sees it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

from manciple.platform.mesh.spec import Speech, Strategy
from manciple.platform.rpc.procedure import Wire

State = Literal["healthy", "degraded", "unhealthy"]
PartState = Literal["healthy", "unhealthy", "off"]
BreakerName = Literal["closed", "open", "half_open"]


class PartReport(Wire, frozen=True, kw_only=True):
    """One part: `latency` is milliseconds that looking at it took; `off` means not in use."""

    status: PartState
    latency: float | None = None
    detail: str | None = None


class Parts(Wire, frozen=True, kw_only=True):
    """The parts of the house; only the database is essential."""

    database: PartReport
    nlp: PartReport
    websocket: PartReport
    external: PartReport


class HealthReport(Wire, frozen=True, kw_only=True):
    """`healthy`, `degraded` (an optional part is down) or `unhealthy` (the database is)."""

    status: State
    timestamp: datetime
    services: Parts


class ScalingReport(Wire, frozen=True, kw_only=True):
    """How many instances there may be."""

    min_instances: int
    max_instances: int
    auto_scale: bool


class CallersView(Wire, frozen=True, kw_only=True):
    """How an instance does for its callers here: calls since start, and what its breaker says."""

    breaker: BreakerName
    is_ejected: bool
    calls: int
    failures: int
    response_s: float | None


class InstanceFigures(Wire, frozen=True, kw_only=True):
    """How an instance does. `cpuShare` 1 is a whole core; `responseS` is smoothed.

    `seen` is null where nobody here has called it.
    """

    id: str
    phase: Literal["starting", "ready", "draining", "stopping"]
    generation: int = 0
    since: datetime | None = None
    cpu_share: float = 0.0
    memory_bytes: int = 0
    in_flight: int = 0
    open_files: int = 0
    loop_lag_s: float = 0.0
    response_s: float | None = None
    is_leaking: bool = False
    seen: CallersView | None = None


class ServiceReport(Wire, frozen=True, kw_only=True):
    """One service; durations are milliseconds. It is `running` where an instance is ready."""

    name: str
    purpose: str
    port: int
    protocol: Speech
    capacity: int
    weight: int
    load_balancing_strategy: Strategy
    scaling: ScalingReport
    health_check_interval: int
    deployment_priority: int
    status: Literal["running", "planned"]
    instances: tuple[InstanceFigures, ...] = ()


class ProcessFigures(Wire, frozen=True, kw_only=True):
    """One process in figures, since it started; `cpuS` is seconds of processor."""

    uptime_s: float
    memory_bytes: int
    cpu_s: float
    threads: int
    cached_answers: int
    cached_bytes: int
    cache_hits: int
    cache_misses: int
    calls: Mapping[str, int]


class InstanceMetrics(ProcessFigures, frozen=True, kw_only=True):
    """The figures of one instance of a mesh."""

    service: str
    instance: str


class MetricsReport(ProcessFigures, frozen=True, kw_only=True):
    """The house in figures: the sums over its processes, and how long the eldest has run.

    `instances` are the processes of a mesh one by one; none where one process is everything.
    """

    instances: tuple[InstanceMetrics, ...] = ()


class ProcedureFigures(Wire, frozen=True, kw_only=True):
    """How long the calls of one procedure took since start, in milliseconds.

    Percentiles are as exact as the buckets of the histogram; null where there were no calls.
    """

    path: str
    calls: int
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


class ErrorReport(Wire, frozen=True, kw_only=True):
    """A failure that nobody foresaw; its text is in the log, under the `reference`.

    `where` is the last line of the house's own code that it went through. `service` and `instance`
    are null where one process is everything.
    """

    reference: str
    at: datetime
    procedure: str
    kind: str
    where: str
    service: str | None
    instance: str | None


class QueueReport(Wire, frozen=True, kw_only=True):
    """One queue of work, whoever it is for.

    `dead` jobs failed too often. The next waiting one could have begun `oldestS` seconds ago.
    """

    queue: str
    waiting: int
    running: int
    dead: int
    oldest_s: float


class TargetReport(Wire, frozen=True, kw_only=True):
    """A place outside that was asked since start, and how it does.

    While its breaker is `open` nobody asks it for `wait_s` seconds more; `half_open` lets a few
    calls through to see.
    """

    name: str
    breaker: BreakerName
    calls: int
    failures: int
    wait_s: float


class Watch(Protocol):
    """Who knows how the house is: the host in a running one, a fake in tests."""

    async def health(self) -> HealthReport:
        """Looks at every part now."""
        ...

    def services(self) -> tuple[ServiceReport, ...]:
        """The table of services."""
        ...

    def targets(self) -> tuple[TargetReport, ...]:
        """Every place outside that was asked since start."""
        ...

    def figures(self) -> ProcessFigures:
        """The figures of this process."""
        ...
