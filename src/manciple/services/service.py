"""What a service is to its host: what it opens, what it does, and what its door offers.

The host knows no service by name. It opens the rooms that its services ask for, lets their duties
run, and puts their doors behind the sockets that it was given.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from manciple.platform.mesh.spec import ServiceSpec
from manciple.platform.rpc.router import Router
from manciple.services.house import House, Progress, Room
from manciple.services.phase import Life
from manciple.services.settings import Settings

if TYPE_CHECKING:
    from manciple.platform.bus.sockets import EventSockets

Duties = Callable[[House], AbstractAsyncContextManager[None]]
"""What a service does unasked, for the time of the block; it sets its part of `house.watch`."""

Hearing = Callable[[House], "EventSockets"]

Prepare = Callable[[Settings, Progress], Awaitable[None]]

DoorMaker = Callable[[House, Life, ASGIApp], ASGIApp]
"""The application of a service's door in an open house; the last argument is the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Rooms to be opened, in this order, and what can be asked then."""

    rooms: Sequence[Room]
    routers: Sequence[Router]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One hostable unit.

    `section` is the group of settings that has its `port`. Of the house it opens `rooms`, in this
    order, and its wire offers `routers`. `hears` makes the event sockets that are taken at its
    door; `answers_at_once` tells whether answers at hand are given before anything else is asked.
    With `more` its wire is made with the first call, of that and nothing else: a door that few
    call through costs little while nobody does. `prepare` is done before the house is opened.
    """

    spec: ServiceSpec
    section: str
    rooms: Sequence[Room]
    routers: Sequence[Router]
    duties: Duties
    door: DoorMaker
    hears: Hearing | None = None
    answers_at_once: bool = False
    more: Callable[[], Contents] | None = None
    prepare: Prepare | None = None


def rooms_of(services: Sequence[Service]) -> list[Room]:
    """Every room that the services ask for, each once."""
    return list(dict.fromkeys(room for service in services for room in service.rooms))


def routers_of(services: Sequence[Service]) -> list[Router]:
    """Every router that the services offer, each once."""
    return list({id(one): one for service in services for one in service.routers}.values())
