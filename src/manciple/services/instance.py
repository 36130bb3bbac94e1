"""One service as an instance of a mesh: hosted alone, registered, and kept in the registry."""

import contextlib
import socket
from pathlib import Path

import msgspec
import structlog

from manciple.kit.clock import Clock, SystemClock
from manciple.platform.db.sqlite import open_sqlite
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.handover import handing_over
from manciple.platform.mesh.member import Member, signals_heard, this_process
from manciple.platform.mesh.registry import Entry, Registry
from manciple.platform.mesh.vitals import VitalSigns
from manciple.services.addresses import Addresses
from manciple.services.alone import service_alone
from manciple.services.host import Host
from manciple.services.settings import Settings
from manciple.services.table import spec_of


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a supervisor says to an instance that it starts; `fd` is a socket that listens."""

    id: str
    service: str
    generation: int
    fd: int
    door: Path
    handover: Path
    log: Path


async def run_instance(given: Given, settings: Settings, *, clock: Clock | None = None) -> None:
    """Runs until it is asked to end, or to drain, and has done so.

    Raises:
        MancipleError: the house cannot be opened.
    """
    clock = clock or SystemClock()
    # On every line of the log, which it shares with the other instances of the service.
    structlog.contextvars.bind_contextvars(instance=given.id)
    # The lease is kept by a connection of its own: it must not wait behind the house's work.
    database = open_sqlite(settings.database.path, readers=1)
    try:
        with socket.socket(fileno=given.fd) as public:
            await _live(given, settings, clock, registry=Registry(database, clock), public=public)
    finally:
        await database.close()


async def _live(
    given: Given, settings: Settings, clock: Clock, *, registry: Registry, public: socket.socket
) -> None:
    signs = VitalSigns(clock, lambda: host.in_flight)
    member = Member(registry, clock, entry_of(given, clock), signs=signs)

    def opened(_where: Addresses) -> None:
        member.enter(Phase.READY)

    host: Host = service_alone(
        given.service,
        settings,
        on_open=opened,
        on_drain=member.deregister,
        public=public.dup(),
        private=given.door,
        clock=clock,
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(signals_heard(host.stop, given.log))
        await stack.enter_async_context(handing_over(given.handover, public))
        await stack.enter_async_context(member.joined())
        await host.run()


def entry_of(given: Given, clock: Clock) -> Entry:
    """What the instance registers as; its lease begins when it does so."""
    spec, now = spec_of(given.service), clock.now()
    pid, started_s = this_process()
    return Entry(
        id=given.id,
        service=given.service,
        address=f"unix:{given.door}",
        pid=pid,
        started_s=started_s,
        generation=given.generation,
        weight=spec.weight,
        capacity=spec.capacity,
        health_path=spec.health_path,
        since_at=now,
    )
