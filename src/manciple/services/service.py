"""What a service is to its host: what it opens, what it does, and what its door offers.

The host knows no service by name. It opens the rooms that its services ask for, lets their duties
run, and puts their doors behind the sockets that it was given.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from starlette.types import ASGIApp

from manciple.platform.mesh.spec import ServiceSpec
from manciple.platform.rpc.router import Router
from manciple.services.house import House, Room
from manciple.services.phase import Life

Duties = Callable[[House], AbstractAsyncContextManager[None]]
"""What a service does unasked, for the time of the block; it sets its part of `house.watch`."""

DoorMaker = Callable[[House, Life, ASGIApp], ASGIApp]
"""The application of a service's door in an open house; the last argument is the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One hostable unit.

    `section` is the group of settings that has its `port`. Of the house it opens `rooms`, in this
    order, and its wire offers `routers`. `hears` tells whether event sockets are taken at its
    door, and `answers_at_once` whether answers at hand are given before anything else is asked.
    """

    spec: ServiceSpec
    section: str
    rooms: Sequence[Room]
    routers: Sequence[Router]
    duties: Duties
    door: DoorMaker
    hears: bool = False
    answers_at_once: bool = False


def rooms_of(services: Sequence[Service]) -> list[Room]:
    """Every room that the services ask for, each once."""
    return list(dict.fromkeys(room for service in services for room in service.rooms))


def routers_of(services: Sequence[Service]) -> list[Router]:
    """Every router that the services offer, each once."""
    return list({id(one): one for service in services for one in service.routers}.values())
