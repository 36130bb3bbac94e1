"""Where services are reached: the sockets given to them, and the server behind each."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from starlette.types import ASGIApp

from manciple.kit.clock import Clock
from manciple.kit.errors import Unavailable
from manciple.kit.request_log import RequestLog
from manciple.platform.rpc.at_once import AtOnce
from manciple.services.doors.front_door import FrontDoor
from manciple.services.doors.plain_paths import Probes, plain_app
from manciple.services.doors.private_door import private_app
from manciple.services.doors.server import DoorServer
from manciple.services.doors.sockets import listen, port_of
from manciple.services.house import House
from manciple.services.phase import Life
from manciple.services.service import Service
from manciple.services.settings import Settings, variable_of

if TYPE_CHECKING:
    from manciple.platform.bus.sockets import EventSockets

_LOOK_EVERY_S = 0.02

Bound = socket.socket | Path
"""A socket that listens already, or the path at which a private one is to be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A service and where it is reached; without sockets only its duties run."""

    service: Service
    sockets: Sequence[Bound] = ()


class Entrance:
    """One way into one service: a server, and in front of it what every request passes first."""

    def __init__(
        self,
        service: Service,
        bound: Bound,
        settings: Settings,
        *,
        life: Life,
        clock: Clock,
        requests: RequestLog | None,
    ) -> None:
        self.service = service
        self._bound = bound
        self._life = life
        self._clock = clock
        probes = plain_app(Probes(life).routes())
        head_timeout_s = settings.security.head_timeout_s
        self._front = FrontDoor(
            probes, clock=clock, requests=requests, head_timeout_s=head_timeout_s
        )
        self._server = DoorServer(self._front, bound, settings)

    @property
    def port(self) -> int | None:
        """The TCP port; None at a private socket."""
        return None if isinstance(self._bound, Path) else port_of(self._bound)

    @property
    def in_flight(self) -> int:
        """Requests that are being answered."""
        return len(self._server.server_state.tasks)

    def open(
        self, house: House, wire: ASGIApp, *, at_once: AtOnce, events: "EventSockets | None"
    ) -> None:
        """Lets requests in to the service."""
        if isinstance(self._bound, Path):
            self._front.open(private_app(house, self._life, wire))
            return
        self._front.open(
            self.service.door(house, self._life, wire),
            at_once if self.service.answers_at_once else None,
            events=events if self.service.hears is not None else None,
        )

    async def keep_open(self) -> None:
        """Serves until `stop`; then finishes what is in flight, within the drain time."""
        await self._server.keep_open()

    async def look(self) -> None:
        """Returns if new connections are taken.

        Raises:
            Unavailable: they are not.
        """
        if not self._server.is_listening:
            raise Unavailable(f"the door of {self.service.spec.name}", wait_s=1)

    def stop_listening(self) -> None:
        """Takes no new connection; those that are open go on."""
        self._server.stop_listening()

    async def see_off(self, patience_s: float) -> None:
        """Returns when every client has gone elsewhere, or after that time.

        A connection that was closed while its client begins to ask would be a request that
        fails; so clients are asked to leave with their next answer.
        """
        self._front.see_off()
        until_s = self._clock.monotonic() + patience_s
        while self._server.server_state.connections and self._clock.monotonic() < until_s:
            await self._clock.sleep(_LOOK_EVERY_S)

    def stop(self) -> None:
        """Begins the end: idle connections close, calls in flight finish."""
        self._server.stop()


def bind_ports(
    settings: Settings, services: Sequence[Service]
) -> tuple[Settings, dict[str, socket.socket]]:
    """The services' sockets by their names, and the settings with the ports they really have.

    Raises:
        Refused: a port cannot be had; none is kept then.
    """
    bound: dict[str, socket.socket] = {}
    try:
        for service in services:
            found = listen(
                settings.api.host,
                getattr(settings, service.section).port,
                variable=variable_of(f"{service.section}.port"),
                backlog=settings.api.backlog,
                write_timeout_s=settings.security.write_timeout_s,
            )
            bound[service.spec.name] = found
            settings = with_port(settings, service, port_of(found))
    except BaseException:  # house: catches - closes what was opened and raises it again
        for each in bound.values():
            each.close()
        raise
    return settings, bound


def with_port(settings: Settings, service: Service, port: int) -> Settings:
    """The settings with the port that a service really has."""
    section = msgspec.structs.replace(getattr(settings, service.section), port=port)
    return msgspec.structs.replace(settings, **{service.section: section})
