"""What the house reports of itself, as a client sees it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

from manciple.platform.rpc.procedure import Wire

State = Literal["healthy", "degraded", "unhealthy"]
PartState = Literal["healthy", "unhealthy", "off"]


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


class ServiceReport(Wire, frozen=True, kw_only=True):
    """One service; durations are milliseconds."""

    name: str
    purpose: str
    port: int
    protocol: str
    capacity: int
    weight: int
    load_balancing_strategy: str
    scaling: ScalingReport
    health_check_interval: int
    deployment_priority: int
    status: Literal["running", "planned"]


class MetricsReport(Wire, frozen=True, kw_only=True):
    """This process in figures, since it started."""

    uptime_s: float
    memory_bytes: int
    cpu_s: float
    threads: int
    cached_answers: int
    cached_bytes: int
    cache_hits: int
    cache_misses: int
    calls: Mapping[str, int]


class TargetReport(Wire, frozen=True, kw_only=True):
    """A place outside that was asked since start, and how it does.

    While its breaker is `open` nobody asks it for `wait_s` seconds more; `half_open` lets a few
    calls through to see.
    """

    name: str
    breaker: Literal["closed", "open", "half_open"]
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

    def metrics(self) -> MetricsReport:
        """The figures of this process."""
        ...
