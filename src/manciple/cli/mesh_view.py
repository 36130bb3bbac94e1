"""How a mesh is, as people see it in a terminal."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, JustifyMethod, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.orders import InstanceStatus, MeshStatus, ServiceStatus

_MIB = 1 << 20
_COLORS = {
    Phase.STARTING: "yellow",
    Phase.READY: "green",
    Phase.DRAINING: "cyan",
    Phase.STOPPING: "magenta",
}
# As wide as a narrow terminal; what is told by name needs no more.
_COLUMNS = ("service", "port", "ready", "id", "state", "cpu", "memory", "calls", "up")
_NUMBERS = {"port", "cpu", "memory", "calls", "up"}
_PREFIX = "walmart-"


def ready_of(service: ServiceStatus) -> list[InstanceStatus]:
    """The instances that are ready."""
    return [one for one in service.instances if one.entry.phase is Phase.READY]


def is_settled(service: ServiceStatus) -> bool:
    """Whether as many are ready as are wanted, all of them up to date, and nobody else is left."""
    ready = ready_of(service)
    return len(service.instances) == len(ready) == service.wanted and all(
        one.entry.generation >= service.generation for one in ready
    )


def is_well(status: MeshStatus) -> bool:
    """Whether every service is as it is wanted."""
    return not status.is_ending and all(is_settled(service) for service in status.services)


def rendered(status: MeshStatus) -> RenderableType:
    """A table of services and their instances, and what is not well in words."""
    table = Table(header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in _COLUMNS:
        justify: JustifyMethod = "right" if column in _NUMBERS else "left"
        table.add_column(column, justify=justify, no_wrap=True)
    for service in status.services:
        for row in _rows(service):
            table.add_row(*row)
    total = sum(one.entry.vitals.memory_bytes for s in status.services for one in s.instances)
    line = (
        f"supervisor {status.pid}, up {age(status.uptime_s)}, services use {total / _MIB:.0f} MiB"
    )
    if status.is_ending:
        line += ", ending"
    return Group(table, *(Text(text, style="red") for text in troubles(status)), Text(line))


def troubles(status: MeshStatus) -> list[str]:
    """What is not well, one sentence each."""
    found = []
    for one in status.services:
        if not one.crashes:
            continue
        times = "once" if one.crashes == 1 else f"{one.crashes} times"
        what = "crashes again and again" if one.is_looping else "crashed"
        rest = f"; starts again in {one.next_start_s:.1f} s" if one.next_start_s else ""
        found.append(
            f"{one.name} {what}: {times} within a minute, last: {one.last_end}{rest}. "
            f"See `manciple logs {one.name.removeprefix(_PREFIX)}`"
        )
    return found


def age(seconds: float) -> str:
    """A time as people say it: `42 s`, `3 min`, `5 h`, `2 d`."""
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _rows(service: ServiceStatus) -> Iterator[tuple[str, ...]]:
    name = service.name.removeprefix(_PREFIX)
    how = "auto" if service.is_automatic else ""
    count = f"{len(ready_of(service))}/{service.wanted} {how}".rstrip()
    if not service.instances:
        yield (name, str(service.port), count, "", "[red]none[/]", "", "", "", "")
    for number, one in enumerate(service.instances):
        head = (name, str(service.port), count) if number == 0 else ("", "", "")
        yield (*head, *_cells(one))


def _cells(one: InstanceStatus) -> tuple[str, ...]:
    entry, vitals = one.entry, one.entry.vitals
    color = "red" if entry.is_leaking else _COLORS[entry.phase]
    state = "leaking" if entry.is_leaking else entry.phase.value
    return (
        escape(_short(entry.id)),
        f"[{color}]{state}[/]",
        f"{vitals.cpu_share:.0%}",
        f"{vitals.memory_bytes / _MIB:.0f} MiB" if vitals.memory_bytes else "",
        f"{vitals.in_flight}/{entry.capacity}",
        age(one.uptime_s),
    )


def _short(id_: str) -> str:
    """The end of an id, by which instances of a service are told apart."""
    return id_.rpartition("-")[2]
