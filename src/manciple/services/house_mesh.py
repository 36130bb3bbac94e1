"""The mesh as procedures see it: the supervisor's, or the one process that is everything."""

from collections.abc import Mapping
from typing import Any

import msgspec

from manciple.api.mesh_reports import (
    Asking,
    InstanceReport,
    MeshReport,
    Needs,
    Registered,
    Topology,
    Travels,
)
from manciple.api.reports import (
    ErrorReport,
    MetricsReport,
    ProcedureFigures,
    QueueReport,
    ServiceReport,
    TargetReport,
    Watch,
)
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, Refused, TimedOut, Unavailable
from manciple.platform.db.database import Database
from manciple.platform.jobs.backlog import backlogs
from manciple.platform.mesh.control import Control
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.reporting import Moment
from manciple.services import mesh_view
from manciple.services.error_book import MAX_KEPT
from manciple.services.gathering import Gathering
from manciple.services.mesh_lines import MeshLines
from manciple.services.table import SERVICES, spec_of
from manciple.services.travelling import TRAVELS

# The mesh is one machine's; an address elsewhere would be sent what its callers say.
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class HouseMesh:
    """Fits `manciple.api.mesh_reports.Mesh`. `address` is where this process is reached."""

    def __init__(
        self,
        lines: MeshLines,
        gathering: Gathering,
        control: Control,
        clock: Clock,
        *,
        database: Database,
        watch: Watch,
        address: str,
    ) -> None:
        self._database = database
        self._lines = lines
        self._gathering = gathering
        self._registry = lines.registry
        self._control = control
        self._clock = clock
        self._watch = watch
        self._address = address

    async def status(self) -> MeshReport:
        try:
            status = await self._control.status()
        except (Unavailable, TimedOut):
            return await self._without_supervisor()
        sight = self._sight()
        entries = [one for one in await self._registry.entries() if one.is_leased(sight.now.s)]
        return mesh_view.of_status(status, entries, sight)

    async def deploy(self) -> MeshReport:
        if await self._is_one_process():
            return await self.status()
        await self._control.deploy()
        return await self.status()

    async def scale(self, service: str, count: int | None) -> MeshReport:
        spec_of(service)
        await self._supervised()
        await self._control.scale(service, count)
        return await self.status()

    async def drain(self, instance_id: str) -> MeshReport:
        await self._supervised()
        await self._control.drain(instance_id)
        return await self.status()

    async def restart(self, service: str | None) -> MeshReport:
        if service is not None:
            spec_of(service)
        await self._supervised()
        await self._control.restart(service)
        return await self.status()

    async def register(self, service: str, *, host: str, port: int, health_path: str) -> Registered:
        spec = spec_of(service)
        if host.lower() not in _OWN_NAMES:
            raise InvalidInput.at("host", f"must be this machine: {', '.join(sorted(_OWN_NAMES))}")
        now = self._clock.now()
        entry = Entry(
            id=f"{service}-at-{port}",
            service=service,
            address=f"http://{f'[{host}]' if ':' in host else host}:{port}",
            # No process of ours: nobody here starts it, and nobody ends it.
            pid=0,
            started_s=0.0,
            phase=Phase.READY,
            weight=spec.weight,
            capacity=spec.capacity,
            health_path=health_path,
            since_at=now,
        )
        await self._forget_guests()
        await self._registry.register(entry)
        kept = next(one for one in await self._registry.entries() if one.id == entry.id)
        report = mesh_view.of_entry(kept, self._sight())
        return Registered(instance=report, renew_every_s=self._registry.renew_every_s)

    async def discover(self, service: str) -> tuple[InstanceReport, ...]:
        spec_of(service)
        sight = self._sight()
        found = [mesh_view.of_entry(one, sight) for one in await self._registry.discover(service)]
        if await self._is_one_process():
            mine = (await self.status()).services
            found += [one for each in mine if each.name == service for one in each.instances]
        return tuple(found)

    async def call(
        self, asking: Asking, service: str, *, path: str, given: Mapping[str, Any] | None
    ) -> Any:
        proxy = await self._lines.proxy(service, asking)
        return await proxy.request(path, given)

    async def services(self) -> tuple[ServiceReport, ...]:
        found = {one.name: one for one in (await self.status()).services}
        return tuple(
            mesh_view.with_instances(report, found[report.name])
            for report in self._watch.services()
        )

    async def metrics(self) -> MetricsReport:
        return mesh_view.of_figures(await self._gathering.figures())

    async def performance(self) -> tuple[ProcedureFigures, ...]:
        latencies = await self._gathering.latencies()
        in_order = sorted(latencies.items(), key=lambda one: one[1].sum_s, reverse=True)
        return tuple(mesh_view.of_histogram(path, found) for path, found in in_order)

    async def errors(self) -> tuple[ErrorReport, ...]:
        found = await self._gathering.errors()
        return tuple(mesh_view.of_error(one) for one in found[:MAX_KEPT])

    async def targets(self) -> tuple[TargetReport, ...]:
        return tuple(await self._gathering.targets())

    async def queues(self) -> tuple[QueueReport, ...]:
        now = self._clock.now()
        found = await self._database.read(lambda connection: backlogs(connection, now))
        return tuple(QueueReport(**msgspec.structs.asdict(one)) for one in found)

    async def topology(self) -> Topology:
        return Topology(
            services=await self.services(),
            needs=tuple(
                Needs(service=spec.name, needs=name) for spec in SERVICES for name in spec.needs
            ),
            travels=tuple(
                Travels(procedure=path, service=service) for path, (service, _) in TRAVELS.items()
            ),
        )

    async def _forget_guests(self) -> None:
        """Strikes out instances registered by hand whose leases are over; nobody else does."""
        now_s = self._clock.monotonic()
        for one in await self._registry.entries():
            if one.is_guest and not one.is_leased(now_s):
                await self._registry.leave(one.id)

    async def _without_supervisor(self) -> MeshReport:
        if await self._lines.is_member():
            return mesh_view.of_entries(await self._registry.entries(), self._sight())
        return mesh_view.of_process(self._watch.services(), self._watch.figures(), self._address)

    def _sight(self) -> mesh_view.Sight:
        now = Moment(self._clock.monotonic(), self._clock.now())
        return mesh_view.Sight(now, self._lines.states())

    async def _is_one_process(self) -> bool:
        return (await self.status()).is_one_process

    async def _supervised(self) -> None:
        if await self._is_one_process():
            raise Refused(mesh_view.ONE_PROCESS)
