"""Hosts the whole house in one process: both doors, one life, one graceful end."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import structlog

from manciple.grocery.actions.catalog import Progress
from manciple.kit.clock import Clock, SystemClock
from manciple.kit.errors import Unavailable
from manciple.kit.request_log import RequestLog
from manciple.kit.telemetry import start_logging
from manciple.platform.bus.sockets import EventSockets
from manciple.platform.rpc.at_once import AtOnce
from manciple.platform.rpc.http import TrpcDoor
from manciple.services import api_server, nlp_queue, pricing, websocket
from manciple.services.call_watch import CallWatch
from manciple.services.collecting import collecting
from manciple.services.door_server import DoorServer
from manciple.services.event_door import event_sockets, keep_events
from manciple.services.front_door import FrontDoor
from manciple.services.health import Part
from manciple.services.phase import Life, Phase
from manciple.services.plain_paths import Probes, plain_app
from manciple.services.settings import Settings
from manciple.services.sockets import listen, port_of
from manciple.services.wiring import House, open_house

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where an open house is reached."""

    api: str
    websocket: str
    setup_code: str | None = None
    """What makes somebody the owner of a house in which nobody is registered yet."""


class Host:
    """One process that is the whole house. Constructing it binds both ports.

    `on_open` is told the addresses once the house is open; `on_stock` hears, from another thread,
    how many products a new house has already taken in.

    Raises:
        Refused: a port cannot be had.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        on_open: Callable[[Addresses], None],
        on_stock: Progress = lambda _: None,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._on_open = on_open
        self._on_stock = on_stock
        self._life = Life()
        self._asked_to_stop = asyncio.Event()
        api_socket, ws_socket = _both_sockets(settings)
        self._settings = _with_ports(settings, port_of(api_socket), port_of(ws_socket))
        self._requests = _request_log(settings, self._clock)
        self._api = self._front()
        self._ws = self._front()
        self._servers = (
            DoorServer(self._api, api_socket, self._settings),
            DoorServer(self._ws, ws_socket, self._settings),
        )

    async def run(self) -> None:
        """Opens the house and keeps it open; returns after a graceful end.

        Raises:
            MancipleError: the house cannot be opened.
        """
        with self._signals_heard():
            serving = [asyncio.ensure_future(server.keep_open()) for server in self._servers]
            try:
                await self._live()
            finally:
                for server in self._servers:
                    server.stop()
                await asyncio.gather(*serving)
        if self._requests is not None:
            self._requests.flush()

    def stop(self) -> None:
        """Asks for the graceful end."""
        self._asked_to_stop.set()

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
            events = event_sockets(house)
            await nlp_queue.host(stack, house.watch, house.language.queue)
            await stack.enter_async_context(pricing.watching(house))
            await stack.enter_async_context(collecting(house.stores, house.clock, house.collect))
            keeping = asyncio.ensure_future(keep_events(house, events))
            try:
                wire = self._open_doors(house, events)
                await asyncio.wait({stopping, keeping}, return_when=asyncio.FIRST_COMPLETED)
                await self._drain(wire, events)
            finally:
                keeping.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await keeping

    async def _opened(self, stack: contextlib.AsyncExitStack) -> House:
        """The house with its search index made, so that nobody's first search waits for it."""
        house_door = open_house(self._settings, clock=self._clock, on_stock=self._on_stock)
        house = await stack.enter_async_context(house_door)
        await house.search.keep_up()
        return house

    def _open_doors(self, house: House, events: EventSockets) -> TrpcDoor:
        wire = TrpcDoor(
            house.table,
            house.context,
            settings=self._settings.wire,
            observer=CallWatch(),
            state=house.door_state,
            clock=self._clock,
        )
        house.watch.set_part("websocket", Part(look=self._look_at_websocket))
        house.watch.running |= {api_server.NAME, websocket.NAME}
        at_once = AtOnce(
            house.table, house.context_at_once(), settings=self._settings.wire, observer=CallWatch()
        )
        self._api.open(api_server.api_app(house, self._life, wire), at_once, events=events)
        self._ws.open(websocket.websocket_app(house, self._life, wire), events=events)
        self._life.phase = Phase.OPEN
        where = Addresses(
            api=self._settings.base_url,
            websocket=f"ws://localhost:{self._settings.websocket.port}",
            setup_code=None if house.security.guard.has_people else house.security.setup_code,
        )
        _log.info("host.house.opened", api=where.api, websocket=where.websocket)
        self._on_open(where)
        return wire

    async def _drain(self, wire: TrpcDoor, events: EventSockets) -> None:
        """Work in flight finishes, within the drain time; no more is taken."""
        self._life.phase = Phase.DRAINING
        _log.info("host.house.draining", drain_s=self._settings.api.drain_s)
        for server in self._servers:
            server.stop_listening()
        drain_s = self._settings.api.drain_s
        await asyncio.gather(wire.drain(drain_s), events.drain(drain_s))

    async def _look_at_websocket(self) -> None:
        if not self._servers[1].is_listening:
            raise Unavailable("the WebSocket door", wait_s=1)

    def _front(self) -> FrontDoor:
        probes = plain_app(Probes(self._life).routes())
        head_timeout_s = self._settings.security.head_timeout_s
        return FrontDoor(
            probes, clock=self._clock, requests=self._requests, head_timeout_s=head_timeout_s
        )

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


def _both_sockets(settings: Settings) -> tuple[socket.socket, socket.socket]:
    host, backlog = settings.api.host, settings.api.backlog
    first = listen(host, settings.api.port, variable="WALMART_API_PORT", backlog=backlog)
    try:
        port = settings.websocket.port
        return first, listen(host, port, variable="WALMART_WS_PORT", backlog=backlog)
    except BaseException:  # house: catches - closes what was opened and raises it again
        first.close()
        raise


def _with_ports(settings: Settings, api_port: int, websocket_port: int) -> Settings:
    return msgspec.structs.replace(
        settings,
        api=msgspec.structs.replace(settings.api, port=api_port),
        websocket=msgspec.structs.replace(settings.websocket, port=websocket_port),
    )


def _request_log(settings: Settings, clock: Clock) -> RequestLog | None:
    is_json = start_logging(settings.log.level, settings.log.format)
    if not settings.log.requests or settings.log.level in {"warning", "error"}:
        return None
    return RequestLog(sys.stderr.write, clock=clock, flush_s=settings.log.flush_s, as_json=is_json)
