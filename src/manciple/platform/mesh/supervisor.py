"""Keeps the processes of every service as they are wanted, for one database.

What to do is decided in `fleet`; `crew` looks at the machine and carries the decisions out.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping, Sequence

import structlog

from manciple.kit.clock import Clock
from manciple.kit.errors import Refused
from manciple.platform.mesh import logs, orders
from manciple.platform.mesh.adoption import Bind, left_running, listeners_of
from manciple.platform.mesh.control_door import control_door
from manciple.platform.mesh.crew import Crew
from manciple.platform.mesh.fleet import decide
from manciple.platform.mesh.launcher import Launcher
from manciple.platform.mesh.orders import MeshStatus, Order
from manciple.platform.mesh.registry import Registry
from manciple.platform.mesh.reporting import Moment, service_statuses
from manciple.platform.mesh.run_directory import RunDirectory
from manciple.platform.mesh.spec import ServiceSpec
from manciple.platform.mesh.wish import Wish
from manciple.platform.mesh.wishes import Wishes

# Something is on its way: a start, a drain, an end.
_BUSY_TURN_S = 0.1
_QUIET_TURN_S = 1.0
_LOGS_EVERY_S = 10.0

_log = structlog.get_logger(__name__)

OnTurn = Callable[[MeshStatus], None]


class Supervisor:
    """The mesh of one database. `bind(service, port)` makes the socket a service listens on.

    An instance that drains gets `drain_s` for what it has in flight. `on_turn` hears how
    everything is after each look at it.
    """

    def __init__(
        self,
        specs: Sequence[ServiceSpec],
        registry: Registry,
        run: RunDirectory,
        launcher: Launcher,
        *,
        bind: Bind,
        clock: Clock,
        drain_s: float,
        log_bytes: int = logs.MAX_BYTES,
        on_turn: OnTurn = lambda _: None,
    ) -> None:
        self._specs = sorted(specs, key=lambda spec: spec.priority)
        self._registry = registry
        self._run = run
        self._launcher = launcher
        self._bind = bind
        self._clock = clock
        self._drain_s = drain_s
        self._log_bytes = log_bytes
        self._on_turn = on_turn
        self._began_s = clock.monotonic()
        self._logs_at_s = 0.0
        self._wake = asyncio.Event()
        self._wishes = Wishes((), memory_bytes=launcher.memory_bytes)
        self._crew: Crew | None = None

    async def run(self) -> None:
        """Takes over what an earlier supervisor left, then supervises until all have ended.

        The caller holds the lock of the run directory.

        Raises:
            Refused: a port is taken.
            Unavailable: the database cannot be read.
        """
        with contextlib.ExitStack() as sockets:
            crew = self._crew = await self._take_over(sockets)
            try:
                async with control_door(self._run.control, self.take):
                    await self._supervise(crew)
            finally:
                await crew.let_go()
            self._run.clear()

    def end(self) -> None:
        """Ends everything gracefully; asked again, at once."""
        if self._wishes.is_ending and self._crew is not None:
            self._crew.kill_all("asked to end at once")
        self._wishes.is_ending = True
        self._wake.set()

    async def take(self, order: Order) -> MeshStatus:
        """How everything is once the order was taken.

        Raises:
            NotFound: no such service or instance.
            InvalidInput: more or fewer instances than the service may have.
            Refused: everything is ending.
        """
        if isinstance(order, orders.Status):
            return self.status()
        if self._wishes.is_ending and not isinstance(order, orders.Down):
            raise Refused("the mesh is ending; start it again with `manciple up`")
        if isinstance(order, orders.Drain) and self._crew is not None:
            self._crew.replace(order.id)
        self._wishes.take(order)
        self._run.resolve(self._wishes.resolves())
        self._wake.set()
        return self.status()

    def status(self) -> MeshStatus:
        """How everything is."""
        now = Moment(self._clock.monotonic(), self._clock.now())
        charges = self._crew.all() if self._crew is not None else ()
        return MeshStatus(
            pid=os.getpid(),
            uptime_s=round(now.s - self._began_s, 3),
            services=service_statuses(self._wishes.all(), charges, now),
            is_ending=self._wishes.is_ending,
        )

    async def _take_over(self, sockets: contextlib.ExitStack) -> Crew:
        """The crew that an earlier supervisor left; nobody, after a proper end."""
        now_s = self._clock.monotonic()
        charges, dead = left_running(self._run.records(), await self._registry.entries(), now_s)
        for id_ in dead:
            self._run.forget(id_)
            await self._registry.leave(id_)
        names = [spec.name for spec in self._specs]
        listeners = await listeners_of(names, charges, self._run, bind=self._bind)
        for bound in listeners.values():
            sockets.enter_context(bound)
        self._wishes = self._wishes_for(listeners)
        self._run.resolve(self._wishes.resolves())
        crew = Crew(
            self._registry,
            self._run,
            self._launcher,
            wishes=self._wishes,
            sockets=listeners,
            clock=self._clock,
            on_end=self._wake.set,
        )
        for charge in charges:
            _log.info("mesh.instance.adopted", instance=charge.id, pid=charge.record.pid)
            crew.welcome(charge)
        return crew

    def _wishes_for(self, listeners: Mapping[str, socket.socket]) -> Wishes:
        kept = self._run.resolves()
        wishes = [
            Wish(
                spec,
                port=listeners[spec.name].getsockname()[1],
                drain_s=self._drain_s,
                kept=kept.get(spec.name),
            )
            for spec in self._specs
        ]
        return Wishes(wishes, memory_bytes=self._launcher.memory_bytes)

    async def _supervise(self, crew: Crew) -> None:
        while True:
            self._wake.clear()
            await crew.look()
            now_s = self._clock.monotonic()
            for wish in self._wishes.follow(crew.ready, Moment(now_s, self._clock.now())):
                _log.info("mesh.service.scaled", service=wish.spec.name, wanted=wish.wanted)
                self._run.resolve(self._wishes.resolves())
            plans = self._wishes.plans(crew.services())
            for action in decide(plans, crew.members(), self._wishes.crashes(), now_s):
                crew.do(action)
            self._turn_over_logs(crew, now_s)
            self._on_turn(self.status())
            if self._wishes.is_ending and not crew.all():
                return
            is_quiet = crew.is_settled() and not self._wishes.are_missing(crew.services())
            with contextlib.suppress(TimeoutError):
                rest_s = _QUIET_TURN_S if is_quiet else _BUSY_TURN_S
                await asyncio.wait_for(self._wake.wait(), rest_s)

    def _turn_over_logs(self, crew: Crew, now_s: float) -> None:
        if now_s < self._logs_at_s:
            return
        self._logs_at_s = now_s + _LOGS_EVERY_S
        for wish in self._wishes.all():
            if logs.turn_over(self._run.log(wish.spec.name), max_bytes=self._log_bytes):
                crew.tell_of_new_log(wish.spec.name)
