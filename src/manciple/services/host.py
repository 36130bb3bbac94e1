"""Hosts services in one process: their doors, one life, one graceful end."""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import structlog

from manciple.kit import tracing
from manciple.kit.clock import Clock, SystemClock
from manciple.kit.request_log import RequestLog
from manciple.kit.telemetry import start_logging
from manciple.platform.rpc.at_once import AtOnce
from manciple.platform.rpc.http import TrpcDoor
from manciple.services.addresses import Addresses
from manciple.services.call_watch import CallWatch
from manciple.services.health import Part
from manciple.services.house import House, Progress, open_rooms
from manciple.services.late_wire import LateWire
from manciple.services.phase import Life, Phase
from manciple.services.places import Entrance, Place
from manciple.services.service import Contents, rooms_of, routers_of
from manciple.services.settings import Settings
from manciple.services.shared_limits import SharedLimits
from manciple.services.traces import start_traces

if TYPE_CHECKING:
    from manciple.platform.bus.sockets import EventSockets

# Clients that keep a connection idle for longer must expect that it was closed.
_SEE_OFF_S = 1.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_log = structlog.get_logger(__name__)


async def _nobody() -> None:
    """Nobody is to be told."""


class Host:
    """One process that hosts some services, each at its place.

    `on_open` is told the addresses once the house is open; `on_stock` hears, from another thread,
    how many products a new house has already taken in. `on_drain` is waited for before the doors
    stop listening: whoever sends work here is told first.

    Where it `is_one_of_many` at the same sockets, it takes no connection before the house is open,
    since others could answer it; and in the end its clients get a moment to change to the others.
    """

    def __init__(
        self,
        settings: Settings,
        places: Sequence[Place],
        *,
        on_open: Callable[[Addresses], None],
        on_drain: Callable[[], Awaitable[None]] = _nobody,
        on_stock: Progress = lambda _: None,
        is_one_of_many: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self._is_one_of_many = is_one_of_many
        self._serving: list[asyncio.Future[None]] = []
        self._clock = clock or SystemClock()
        self._on_open = on_open
        self._on_drain = on_drain
        self._on_stock = on_stock
        self._life = Life()
        self._asked_to_stop = asyncio.Event()
        self._settings = settings
        self._places = sorted(places, key=lambda place: place.service.spec.priority)
        self._services = [place.service for place in self._places]
        self._requests = _request_log(settings, self._clock)
        start_traces(settings.traces, service="+".join(one.spec.name for one in self._services))
        self._entrances = [
            Entrance(
                place.service,
                bound,
                settings,
                life=self._life,
                clock=self._clock,
                requests=self._requests,
            )
            for place in self._places
            for bound in place.sockets
        ]
        self._events: EventSockets | None = None

    async def run(self) -> None:
        """Opens the house and keeps it open; returns after a graceful end.

        Raises:
            MancipleError: the house cannot be opened.
        """
        with self._signals_heard():
            if not self._is_one_of_many:
                self._serve()
            try:
                await self._live()
            finally:
                for each in self._entrances:
                    each.stop()
                await asyncio.gather(*self._serving)
        if self._requests is not None:
            self._requests.flush()
        # What was recorded is sent; that may take a second, and nobody else is served any more.
        await asyncio.to_thread(tracing.close)

    def stop(self) -> None:
        """Asks for the graceful end."""
        self._asked_to_stop.set()

    def _serve(self) -> None:
        self._serving = [asyncio.ensure_future(each.keep_open()) for each in self._entrances]

    @property
    def in_flight(self) -> int:
        """Requests that are being answered now, and event sockets that are open."""
        events = len(self._events) if self._events is not None else 0
        return events + sum(each.in_flight for each in self._entrances)

    async def _live(self) -> None:
        """The life of the house, from opening to drained."""
        stopping = asyncio.ensure_future(self._asked_to_stop.wait())
        async with contextlib.AsyncExitStack() as stack:
            opening = asyncio.ensure_future(self._opened(stack))
            await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not opening.done():
                opening.cancel()
                await asyncio.wait({opening})
                return
            house = opening.result()
            hearing = [each.hears for each in self._services if each.hears is not None]
            self._events = hearing[0](house) if hearing else None
            keeping = asyncio.ensure_future(self._keep(house))
            try:
                wire = self._open_doors(house, stack)
                await asyncio.wait({stopping, keeping}, return_when=asyncio.FIRST_COMPLETED)
                await self._drain(wire)
            finally:
                keeping.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await keeping

    async def _keep(self, house: House) -> None:
        """Hands on news, ends what was revoked, asks silent clients; until cancelled."""
        keeping = [house.exchange.run(), house.security.watch(house.access_mark)]
        if self._is_one_of_many:
            rates = house.security.limits.rates
            keeping.append(SharedLimits(rates, house.stores, self._clock).run())
        if self._events is not None:
            keeping.append(self._events.run())
        await asyncio.gather(*keeping)

    async def _opened(self, stack: contextlib.AsyncExitStack) -> House:
        """The house, its services at their duties."""
        for service in self._services:
            if service.prepare is not None:
                await service.prepare(self._settings, self._on_stock)
        rooms = open_rooms(
            self._settings,
            rooms_of(self._services),
            routers=routers_of(self._services),
            clock=self._clock,
            on_stock=self._on_stock,
        )
        house = await stack.enter_async_context(rooms)
        for each in self._entrances:
            if each.service.hears is not None:
                house.watch.set_part("websocket", Part(look=each.look))
            if each.port:
                house.watch.ports[each.service.spec.name] = each.port
        for place in self._places:
            await stack.enter_async_context(place.service.duties(house))
            house.watch.running.add(place.service.spec.name)
        return house

    def _open_doors(self, house: House, stack: contextlib.AsyncExitStack) -> TrpcDoor | LateWire:
        more = [service.more for service in self._services if service.more is not None]
        wire = LateWire(lambda: self._more(house, more, stack)) if more else self._wire(house)
        at_once = AtOnce(house.table, house.context_at_once(), settings=self._settings.wire)
        for each in self._entrances:
            each.open(house, wire, at_once=at_once, events=self._events)
        self._life.phase = Phase.OPEN
        if self._is_one_of_many:
            self._serve()
        where = Addresses.of(
            self._settings,
            ports={each.service.spec.name: each.port for each in self._entrances if each.port},
            setup_code=None if house.security.guard.has_people else house.security.setup_code,
        )
        # What is loaded by now lives as long as we do; to look through it for garbage, as Python
        # does now and then, would stop everybody for 0.1 s and more.
        gc.freeze()
        _log.info("host.house.opened", **where.ports)
        self._on_open(where)
        return wire

    def _wire(self, house: House) -> TrpcDoor:
        return TrpcDoor(
            house.table,
            house.context,
            settings=self._settings.wire,
            observer=CallWatch(house.watch.book),
            state=house.door_state,
            clock=self._clock,
        )

    async def _more(
        self,
        house: House,
        more: Sequence[Callable[[], Contents]],
        stack: contextlib.AsyncExitStack,
    ) -> TrpcDoor:
        """The wire, once what the services open late is open; loading that takes a thread."""
        contents = [await asyncio.to_thread(each) for each in more]
        opened = set(rooms_of(self._services))
        for room in [room for each in contents for room in each.rooms]:
            if room not in opened:
                opened.add(room)
                await stack.enter_async_context(room(house))
        late = [router for each in contents for router in each.routers]
        house.offer([*{id(one): one for one in (*routers_of(self._services), *late)}.values()])
        return self._wire(house)

    async def _drain(self, wire: TrpcDoor | LateWire) -> None:
        """Work in flight finishes, within the drain time; no more is taken."""
        self._life.phase = Phase.DRAINING
        drain_s = self._settings.api.drain_s
        _log.info("host.house.draining", drain_s=drain_s)
        await self._on_drain()
        for each in self._entrances:
            each.stop_listening()
        see_off_s = _SEE_OFF_S if self._is_one_of_many else 0.0
        draining = [wire.drain(drain_s)]
        draining += [each.see_off(see_off_s) for each in self._entrances]
        if self._events is not None:
            draining.append(self._events.drain(drain_s))
        await asyncio.gather(*draining)

    @contextlib.contextmanager
    def _signals_heard(self) -> Iterator[None]:
        """The first signal ends gracefully; a second one is taken at its word."""
        loop = asyncio.get_running_loop()

        def hear() -> None:
            self.stop()
            for each in _SIGNALS:
                loop.remove_signal_handler(each)
                signal.signal(each, signal.SIG_DFL)

        for each in _SIGNALS:
            loop.add_signal_handler(each, hear)
        try:
            yield
        finally:
            for each in _SIGNALS:
                loop.remove_signal_handler(each)


def _request_log(settings: Settings, clock: Clock) -> RequestLog | None:
    is_json = start_logging(settings.log.level, settings.log.format)
    if not settings.log.requests or settings.log.level in {"warning", "error"}:
        return None
    return RequestLog(sys.stderr.write, clock=clock, flush_s=settings.log.flush_s, as_json=is_json)
