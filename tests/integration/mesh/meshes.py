"""A supervisor in this process over fake services, and clients that watch it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.kit.errors import Refused
from manciple.platform.mesh.control import Control
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.launcher import Launch, Launcher
from manciple.platform.mesh.orders import InstanceStatus, MeshStatus
from manciple.platform.mesh.registry import Registry
from manciple.platform.mesh.run_directory import RunDirectory
from manciple.platform.mesh.spec import Scaling, ServiceSpec
from manciple.platform.mesh.supervisor import Supervisor
from manciple.services.doors.sockets import listen

FAKE = Path(__file__).with_name("fake_service.py")
SPECS = (
    ServiceSpec(
        name="front", port=0, priority=1, purpose="first", scaling=Scaling(max_instances=3)
    ),
    ServiceSpec(name="back", port=0, priority=2, purpose="second", needs=("front",)),
)


def command(database: Path) -> Callable[[Launch], Sequence[str]]:
    def of(launch: Launch) -> Sequence[str]:
        options = {
            "--db": database,
            "--id": launch.id,
            "--service": launch.service,
            "--generation": launch.generation,
            "--fd": launch.fd,
            "--door": launch.door,
            "--hand": launch.handover,
            "--log": launch.log,
        }
        flat = [str(part) for pair in options.items() for part in pair]
        return [sys.executable, str(FAKE), *flat]

    return of


@dataclass
class Mesh:
    """A running supervisor and its directory."""

    supervisor: Supervisor
    control: Control
    run: RunDirectory
    registry: Registry
    running: "asyncio.Task[None]"

    def supervise(self, successor: Supervisor) -> None:
        """From now on another one supervises."""
        self.supervisor = successor
        self.running = asyncio.ensure_future(successor.run())

    async def until(
        self, claim: Callable[[MeshStatus], bool], *, within_s: float = 240.0
    ) -> MeshStatus:
        """The status in which the claim holds first."""
        status = self.supervisor.status()
        async with asyncio.timeout(within_s):
            while not claim(status):
                if self.running.done():
                    self.running.result()
                await asyncio.sleep(0.02)
                status = self.supervisor.status()
        return status

    def ready(self, service: str = "front") -> list[InstanceStatus]:
        return ready(self.supervisor.status(), service)


def ready(status: MeshStatus, service: str = "front") -> list[InstanceStatus]:
    return [one for one in status.service(service).instances if one.entry.phase is Phase.READY]


def all_ready(status: MeshStatus) -> bool:
    """Whether as many are ready as are wanted, and nobody else is left."""
    return bool(status.services) and all(
        len(ready(status, one.name)) == len(one.instances) == one.wanted for one in status.services
    )


def supervisor_over(
    folder: Path, registry: Registry, run: RunDirectory, specs: Sequence[ServiceSpec] = SPECS
) -> Supervisor:
    return Supervisor(
        specs,
        registry,
        run,
        Launcher(run, command(folder / "x.db"), memory_bytes=512 << 20),
        bind=lambda _, before: bind(before),
        clock=SystemClock(),
        drain_s=5.0,
    )


def bind(before: int | None) -> socket.socket:
    """On the port of before, or on any where a stranger took that meanwhile."""
    try:
        return listen("127.0.0.1", before or 0, variable="PORT", backlog=64)
    except Refused:
        return listen("127.0.0.1", 0, variable="PORT", backlog=64)


@asynccontextmanager
async def a_mesh(
    folder: Path, *, is_ready: bool = True, specs: Sequence[ServiceSpec] = SPECS
) -> AsyncIterator[Mesh]:
    """A mesh whose services are ready; everything has ended afterwards."""
    database = await asyncio.to_thread(open_database, folder / "x.db")
    run = RunDirectory(folder / "x.db")
    run.open()
    registry = Registry(database, SystemClock())
    made = supervisor_over(folder, registry, run, specs)
    with run.locked():
        mesh = Mesh(made, Control(run.control), run, registry, asyncio.ensure_future(made.run()))
        try:
            if is_ready:
                await mesh.until(all_ready)
            yield mesh
        finally:
            if not mesh.running.done():
                mesh.supervisor.end()
                async with asyncio.timeout(120):
                    await asyncio.wait({mesh.running})
            await database.close()
            assert left(run) == []


def left(run: RunDirectory) -> list[str]:
    """Processes whose command line names the run directory: there should be none."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            line = (each / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:
            continue
        if str(run.control.parent) in line and int(each.name) != os.getpid():
            found.append(line)
    return found
