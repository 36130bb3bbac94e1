"""The services as a client sees them, by leases, by a supervisor's status, or by this process."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from manciple.api.mesh_reports import InstanceReport, MeshReport, MeshServiceReport
from manciple.api.reports import (
    CallersView,
    ErrorReport,
    InstanceFigures,
    InstanceMetrics,
    MetricsReport,
    ProcedureFigures,
    ProcessFigures,
    ServiceReport,
)
from manciple.platform.mesh.orders import MeshStatus, ServiceStatus
from manciple.platform.mesh.peers import PeerState
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.reporting import Moment
from manciple.services.gathering import InstanceError
from manciple.services.latencies import Histogram
from manciple.services.table import SERVICES

# Figures of processes that are added up: all but these.
_ADDED = tuple(
    name for name in ProcessFigures.__struct_fields__ if name not in {"uptime_s", "calls"}
)


@dataclass(frozen=True, slots=True)
class Sight:
    """From where one looks: when, and what was seen of the instances that were called."""

    now: Moment
    called: Mapping[str, PeerState]


ONE_PROCESS = (
    "This house is one process, which runs every service once; "
    "`manciple up` runs each as processes of its own"
)
NO_SUPERVISOR = "No supervisor runs; the services go on, and `manciple up` takes them over"


def of_entry(entry: Entry, sight: Sight) -> InstanceReport:
    """One instance as its lease tells."""
    vitals = entry.vitals
    return InstanceReport(
        id=entry.id,
        service=entry.service,
        address=entry.address,
        pid=entry.pid or None,
        phase=entry.phase.value,
        generation=entry.generation,
        weight=entry.weight,
        capacity=entry.capacity,
        since=entry.since_at,
        expires_at=sight.now.at + timedelta(seconds=entry.until_s - sight.now.s),
        cpu_share=round(vitals.cpu_share, 4),
        memory_bytes=vitals.memory_bytes,
        in_flight=vitals.in_flight,
        open_files=vitals.open_files,
        loop_lag_s=round(vitals.loop_lag_s, 6),
        response_s=vitals.response_s,
        is_leaking=entry.is_leaking,
        seen=_callers_view(sight.called.get(entry.id)),
    )


def of_status(status: MeshStatus, entries: Iterable[Entry], sight: Sight) -> MeshReport:
    """The mesh as its supervisor tells, with the instances that were registered by hand."""
    guests = [one for one in entries if one.is_guest]
    return MeshReport(
        is_one_process=False,
        note="The mesh is ending" if status.is_ending else None,
        supervisor_pid=status.pid,
        uptime_s=round(status.uptime_s, 3),
        services=tuple(_of_service(one, guests, sight) for one in status.services),
    )


def of_entries(entries: Iterable[Entry], sight: Sight) -> MeshReport:
    """The mesh as leases tell, while no supervisor runs."""
    known = tuple(entries)
    services = []
    for spec in SERVICES:
        mine = tuple(of_entry(one, sight) for one in known if one.service == spec.name)
        services.append(
            MeshServiceReport(name=spec.name, port=spec.port, wanted=len(mine), instances=mine)
        )
    return MeshReport(
        is_one_process=False,
        note=NO_SUPERVISOR,
        supervisor_pid=None,
        uptime_s=None,
        services=tuple(services),
    )


def of_process(
    reports: Iterable[ServiceReport], figures: ProcessFigures, address: str
) -> MeshReport:
    """The one process that is everything."""
    services = [
        MeshServiceReport(
            name=one.name,
            port=one.port,
            wanted=1,
            instances=(_here(one, figures, address),) if one.status == "running" else (),
        )
        for one in reports
    ]
    return MeshReport(
        is_one_process=True,
        note=ONE_PROCESS,
        supervisor_pid=None,
        uptime_s=figures.uptime_s,
        services=tuple(services),
    )


def figures_of(report: InstanceReport) -> InstanceFigures:
    """What everybody may know of an instance: not where it is reached."""
    names = InstanceFigures.__struct_fields__
    return InstanceFigures(**{name: getattr(report, name) for name in names})


def with_instances(report: ServiceReport, found: MeshServiceReport) -> ServiceReport:
    """What is said of a service, with the port it really has, and its instances."""
    is_running = any(one.phase == "ready" for one in found.instances)
    return msgspec.structs.replace(
        report,
        port=found.port,
        status="running" if is_running else "planned",
        instances=tuple(figures_of(one) for one in found.instances),
    )


def of_histogram(path: str, found: Histogram) -> ProcedureFigures:
    """How long the calls of a procedure took."""
    return ProcedureFigures(
        path=path,
        calls=found.count,
        mean_ms=_millis(found.mean_s),
        p50_ms=_millis(found.quantile_s(0.5)),
        p95_ms=_millis(found.quantile_s(0.95)),
        p99_ms=_millis(found.quantile_s(0.99)),
    )


def of_error(found: InstanceError) -> ErrorReport:
    """One failure that nobody foresaw."""
    error = found.error
    return ErrorReport(
        reference=error.reference,
        at=error.at,
        procedure=error.path,
        kind=error.kind,
        where=error.where,
        service=found.service or None,
        instance=found.instance or None,
    )


def of_figures(found: Sequence[tuple[str, str, ProcessFigures]]) -> MetricsReport:
    """The house in figures, from those of each process by its service and instance."""
    everybody = [figures for _, _, figures in found]
    calls: Counter[str] = Counter()
    for one in everybody:
        calls.update(one.calls)
    sums = {name: sum(getattr(one, name) for one in everybody) for name in _ADDED}
    return MetricsReport(
        **sums,
        uptime_s=max(one.uptime_s for one in everybody),
        calls=calls,
        instances=tuple(
            InstanceMetrics(service=service, instance=instance, **msgspec.structs.asdict(figures))
            for service, instance, figures in found
            if instance
        ),
    )


def _millis(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)


def _here(service: ServiceReport, figures: ProcessFigures, address: str) -> InstanceReport:
    return InstanceReport(
        id="this-process",
        service=service.name,
        address=address,
        pid=os.getpid(),
        phase="ready",
        weight=service.weight,
        capacity=service.capacity,
        memory_bytes=figures.memory_bytes,
    )


def _of_service(status: ServiceStatus, guests: Iterable[Entry], sight: Sight) -> MeshServiceReport:
    entries = [one.entry for one in status.instances]
    entries += [one for one in guests if one.service == status.name]
    return MeshServiceReport(
        name=status.name,
        port=status.port,
        wanted=status.wanted,
        instances=tuple(of_entry(one, sight) for one in entries),
        generation=status.generation,
        is_automatic=status.is_automatic,
        is_looping=status.is_looping,
        crashes=status.crashes,
        next_start_s=status.next_start_s,
        last_end=status.last_end,
    )


def _callers_view(state: PeerState | None) -> CallersView | None:
    if state is None:
        return None
    return CallersView(
        breaker=state.breaker.value,
        is_ejected=state.is_ejected,
        calls=state.calls,
        failures=state.failures,
        response_s=None if state.response_s is None else round(state.response_s, 6),
    )
