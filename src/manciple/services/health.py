"""How the house is: looks at its parts, tells its services and figures."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from manciple.api.reports import (
    HealthReport,
    PartReport,
    Parts,
    PartState,
    ProcessFigures,
    ScalingReport,
    ServiceReport,
    State,
    TargetReport,
)
from manciple.kit.cache import MemoryCache
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError
from manciple.platform.mesh.spec import ServiceSpec
from manciple.services.error_book import ErrorBook
from manciple.services.metrics import DOORS

if TYPE_CHECKING:
    from manciple.grocery.connectors.targets import TargetState

# A part that does not answer within this is as good as down; probes must fit in it together.
LOOK_TIMEOUT_S = 2.0

Look = Callable[[], Awaitable[object]]
Targets = Callable[[], Sequence["TargetState"]]


class NotInUse(Exception):
    """Raised by a look at a part that is not in use; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the house and how to look at it; `look` raises if it is down, or not in use.

    Without `look` the part is not in use, and `why_off` says why.
    """

    look: Look | None = None
    why_off: str | None = None


class HouseWatch:
    """Knows how the house is. `parts` has the names of the report's fields."""

    def __init__(
        self,
        clock: Clock,
        *,
        parts: Mapping[str, Part],
        cache: MemoryCache,
        services: Iterable[ServiceSpec],
    ) -> None:
        self.running: set[str] = set()
        self.ports: dict[str, int] = {}
        """Where services of this process really listen, by their names."""
        self.targets_of: Targets = lambda: ()
        self.book = ErrorBook(clock)
        self._clock = clock
        self._parts = dict(parts)
        self._cache = cache
        self._services = tuple(services)
        self._began_s = clock.monotonic()
        self._process = psutil.Process()

    def set_part(self, name: str, part: Part) -> None:
        """Replaces a part, once what it looks at exists."""
        self._parts[name] = part

    async def health(self) -> HealthReport:
        names = list(self._parts)
        reports = await asyncio.gather(*(self._report(self._parts[name]) for name in names))
        parts = Parts(**dict(zip(names, reports, strict=True)))
        return HealthReport(status=_state(parts), timestamp=self._clock.now(), services=parts)

    async def _report(self, part: Part) -> PartReport:
        if part.look is None:
            return PartReport(status="off", detail=part.why_off)
        began_s = self._clock.monotonic()
        detail = None
        try:
            async with asyncio.timeout(LOOK_TIMEOUT_S):
                await part.look()
        except NotInUse as why:
            return PartReport(status="off", detail=str(why))
        except TimeoutError:
            detail = f"no answer within {LOOK_TIMEOUT_S:g} s"
        except (MancipleError, OSError) as error:
            detail = type(error).__name__
        latency = round((self._clock.monotonic() - began_s) * 1000, 3)
        status: PartState = "unhealthy" if detail else "healthy"
        return PartReport(status=status, latency=latency, detail=detail)

    def services(self) -> tuple[ServiceReport, ...]:
        return tuple(
            ServiceReport(
                name=spec.name,
                purpose=spec.purpose,
                port=self.ports.get(spec.name, spec.port),
                protocol=spec.speech,
                capacity=spec.capacity,
                weight=spec.weight,
                load_balancing_strategy=spec.strategy,
                scaling=ScalingReport(
                    min_instances=spec.scaling.min_instances,
                    max_instances=spec.scaling.max_instances,
                    auto_scale=spec.scaling.auto_scale,
                ),
                health_check_interval=int(spec.health_every_s * 1000),
                deployment_priority=spec.priority,
                status="running" if spec.name in self.running else "planned",
            )
            for spec in self._services
        )

    def targets(self) -> tuple[TargetReport, ...]:
        return tuple(
            TargetReport(
                name=one.name,
                breaker=one.breaker.value,
                calls=one.calls,
                failures=one.failures,
                wait_s=round(one.wait_s, 3),
            )
            for one in self.targets_of()
        )

    def figures(self) -> ProcessFigures:
        with self._process.oneshot():
            cpu = self._process.cpu_times()
            memory_bytes = self._process.memory_info().rss
            threads = self._process.num_threads()
        return ProcessFigures(
            uptime_s=round(self._clock.monotonic() - self._began_s, 3),
            memory_bytes=memory_bytes,
            cpu_s=round(cpu.user + cpu.system, 3),
            threads=threads,
            cached_answers=len(self._cache),
            cached_bytes=self._cache.size_bytes,
            cache_hits=self._cache.hits,
            cache_misses=self._cache.misses,
            calls=DOORS.calls_so_far(),
        )


def _state(parts: Parts) -> State:
    if parts.database.status != "healthy":
        return "unhealthy"
    optional = (parts.nlp, parts.websocket, parts.external)
    return "degraded" if any(part.status == "unhealthy" for part in optional) else "healthy"
