"""The instances in a supervisor's charge: looked at, started, drained, ended, buried."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Coroutine, Mapping

import structlog

from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError, NotFound, Unavailable
from manciple.platform.mesh.adoption import adopted, record_of
from manciple.platform.mesh.charge import Charge
from manciple.platform.mesh.fleet import Action, Drain, Kill, Member, Phase, Start, Terminate
from manciple.platform.mesh.launcher import Launcher
from manciple.platform.mesh.probe import is_alive
from manciple.platform.mesh.process import Process
from manciple.platform.mesh.registry import Entry, Registry
from manciple.platform.mesh.run_directory import RunDirectory
from manciple.platform.mesh.wishes import Wishes

# From half the time on after which one counts as hung, it is asked itself.
_SUSPECT_AFTER_S = 4.0
# Looks are a second apart at most. What lies beyond this between two of them, nobody was watched:
# the machine stood still, or we did. That is no silence of theirs.
_UNWATCHED_AFTER_S = 1.5
# A drain goes on without the registry if the database takes longer than this.
_DEREGISTER_S = 1.0

_log = structlog.get_logger(__name__)


class Crew:
    """The instances of all services; `sockets` has what each service listens on.

    `on_end` is called when one ends, where the system tells of it.
    """

    def __init__(
        self,
        registry: Registry,
        run: RunDirectory,
        launcher: Launcher,
        *,
        wishes: Wishes,
        sockets: Mapping[str, socket.socket],
        clock: Clock,
        on_end: Callable[[], None],
    ) -> None:
        self._registry = registry
        self._run = run
        self._launcher = launcher
        self._wishes = wishes
        self._sockets = sockets
        self._clock = clock
        self._on_end = on_end
        self._charges: dict[str, Charge] = {}
        self._chores: set[asyncio.Task[None]] = set()
        self._probed: set[str] = set()
        self._looked_s: float | None = None

    def all(self) -> tuple[Charge, ...]:
        """Every instance."""
        return tuple(self._charges.values())

    def members(self) -> list[Member]:
        """Every instance, as the fleet's decisions see it."""
        return [charge.member() for charge in self._charges.values()]

    def services(self) -> list[str]:
        """The service of each instance."""
        return [charge.record.service for charge in self._charges.values()]

    def ready(self, service: str) -> list[Entry]:
        """What the leases of a service's ready instances say."""
        return [
            one.entry
            for one in self._charges.values()
            if one.record.service == service and one.phase is Phase.READY and one.entry
        ]

    def is_settled(self) -> bool:
        """Whether every instance is ready."""
        return all(one.phase is Phase.READY for one in self._charges.values())

    def welcome(self, charge: Charge) -> None:
        """Takes charge of an instance."""
        self._charges[charge.id] = charge
        charge.process.on_end(self._on_end)

    def replace(self, id_: str) -> None:
        """Asks for a fresh instance in the place of this one.

        Raises:
            NotFound: there is no such instance.
        """
        if id_ not in self._charges:
            raise NotFound("instance", id_)
        self._charges[id_].is_unwanted = True

    async def look(self) -> None:
        """Takes in what the leases say, who has ended, and who gives no sign of life."""
        entries = await self._entries()
        now_s = self._clock.monotonic()
        self._leave_out_unwatched(now_s)
        for entry in entries:
            if entry.id in self._charges:
                self._charges[entry.id].see(entry, now_s)
            elif not entry.is_guest:
                self._meet(entry, now_s)
        for charge in self.all():
            if charge.has_ended():
                self._bury(charge, now_s)
                continue
            is_silent = now_s - charge.beat_s > _SUSPECT_AFTER_S
            if is_silent and charge.phase is Phase.READY and charge.id not in self._probed:
                self._chore(self._probe(charge))
            self._look_at_memory(charge)

    def do(self, action: Action) -> None:
        """Carries out one decision of the fleet's."""
        now_s = self._clock.monotonic()
        match action:
            case Start(service):
                self._start(service, now_s)
            case Drain(id_, reason):
                charge = self._charges[id_]
                _log.info("mesh.instance.draining", instance=id_, reason=reason)
                charge.was_asked = True
                charge.enter(Phase.DRAINING, now_s)
                self._chore(self._drain(charge))
            case Terminate(id_):
                charge = self._charges[id_]
                charge.was_asked = True
                charge.enter(Phase.STOPPING, now_s)
                charge.process.signal(signal.SIGTERM)
            case Kill(id_, reason):
                self._kill(self._charges[id_], reason)

    def kill_all(self, reason: str) -> None:
        """Ends every instance at once."""
        for charge in self.all():
            charge.was_asked = True
            self._kill(charge, reason)

    def tell_of_new_log(self, service: str) -> None:
        """Whoever writes to the log of that service opens it anew."""
        for charge in self._charges.values():
            # One that is still starting may not listen to signals yet, and would die.
            if charge.record.service == service and charge.phase is not Phase.STARTING:
                charge.process.signal(signal.SIGHUP)

    async def let_go(self) -> None:
        """Ends nobody: those that still run go on, for the next supervisor to find."""
        for charge in self._charges.values():
            charge.process.close()
        await asyncio.gather(*self._chores, return_exceptions=True)

    def _leave_out_unwatched(self, now_s: float) -> None:
        """Takes the time in which nobody looked out of everybody's age."""
        last_s, self._looked_s = self._looked_s, now_s
        if last_s is not None and (lost_s := now_s - last_s - _UNWATCHED_AFTER_S) > 0:
            for charge in self.all():
                charge.leave_out(lost_s)

    async def _entries(self) -> tuple[Entry, ...]:
        try:
            return await self._registry.entries()
        except Unavailable as error:
            # The last that was seen stands; that they live is asked of them directly.
            _log.warning("mesh.registry.unavailable", error=str(error))
            return ()

    def _meet(self, entry: Entry, now_s: float) -> None:
        """Somebody whom nobody here started: takes charge of him, or strikes out his row."""
        process = Process.find(entry.pid, entry.started_s)
        if process is None or self._wishes.find(entry.service) is None:
            self._chore(self._registry.leave(entry.id))
        else:
            self.welcome(adopted(record_of(entry), process, entry, now_s))

    async def _probe(self, charge: Charge) -> None:
        self._probed.add(charge.id)
        try:
            if charge.entry is not None and await is_alive(charge.entry.address):
                charge.beat_s = self._clock.monotonic()
        finally:
            self._probed.discard(charge.id)

    def _look_at_memory(self, charge: Charge) -> None:
        entry, most = charge.entry, self._launcher.memory_bytes
        if entry is None or charge.is_unwanted or entry.vitals.memory_bytes <= most:
            return
        charge.is_unwanted = True
        found = entry.vitals.memory_bytes
        _log.warning(
            "mesh.instance.too_large", instance=charge.id, memory_bytes=found, limit_bytes=most
        )

    def _bury(self, charge: Charge, now_s: float) -> None:
        del self._charges[charge.id]
        charge.process.close()
        self._run.forget(charge.id)
        self._chore(self._registry.leave(charge.id))
        how = charge.how_it_ended()
        if charge.was_asked:
            _log.info("mesh.instance.ended", instance=charge.id, how=how)
            return
        _log.warning("mesh.instance.crashed", instance=charge.id, how=how)
        if (wish := self._wishes.find(charge.record.service)) is not None:
            wish.crashed(now_s, how)

    def _start(self, service: str, now_s: float) -> None:
        wish = self._wishes.of(service)
        try:
            record, process = self._launcher.start(
                service, self._sockets, generation=wish.generation
            )
        except Unavailable as error:
            _log.warning("mesh.instance.not_started", service=service, error=str(error))
            wish.crashed(now_s, str(error))
            return
        _log.info("mesh.instance.started", instance=record.id, pid=record.pid)
        charge = Charge(record=record, process=process, began_s=now_s, since_s=now_s, beat_s=now_s)
        charge.is_child = True
        self.welcome(charge)

    async def _drain(self, charge: Charge) -> None:
        """Callers stop seeing it first; then it is told."""
        with contextlib.suppress(TimeoutError, MancipleError):
            await asyncio.wait_for(self._registry.drain(charge.id), _DEREGISTER_S)
        charge.process.signal(signal.SIGUSR1)

    def _kill(self, charge: Charge, reason: str) -> None:
        if charge.why is None:
            charge.why = reason
            _log.warning("mesh.instance.killed", instance=charge.id, reason=reason)
        charge.enter(Phase.STOPPING, self._clock.monotonic())
        charge.process.kill()

    def _chore(self, work: Coroutine[None, None, object]) -> None:
        """Does something beside the turns, which must not wait for a slow database."""

        async def through() -> None:
            with contextlib.suppress(MancipleError):
                await work

        task = asyncio.create_task(through())
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
