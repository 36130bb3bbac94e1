"""One service in a process of its own, at sockets that were made for it."""

import importlib
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from manciple.kit.clock import Clock
from manciple.services.addresses import Addresses
from manciple.services.doors.sockets import port_of
from manciple.services.host import Host
from manciple.services.places import Place, bind_ports, with_port
from manciple.services.service import Service
from manciple.services.settings import Settings
from manciple.services.table import spec_of

_PREFIX = "walmart-"


def service_of(name: str) -> Service:
    """The service of that name, its code loaded only now.

    Raises:
        NotFound: there is none.
    """
    module = spec_of(name).name.removeprefix(_PREFIX).replace("-", "_")
    found: Service = importlib.import_module(f"manciple.services.{module}").SERVICE
    return found


def service_alone(
    name: str,
    settings: Settings,
    *,
    on_open: Callable[[Addresses], None],
    on_drain: Callable[[], Awaitable[None]],
    public: socket.socket | None = None,
    private: Path | None = None,
    clock: Clock | None = None,
) -> Host:
    """The host of one service.

    `public` listens already, perhaps for other processes too; without it the service's own port
    is bound. At `private` a socket is made for those who may read its folder.

    Raises:
        NotFound: there is no such service.
        Refused: the port cannot be had.
    """
    service = service_of(name)
    if public is None:
        settings, bound = bind_ports(settings, [service])
        public = bound[name]
    else:
        public.setblocking(False)
        settings = with_port(settings, service, port_of(public))
    place = Place(service=service, sockets=[public] if private is None else [public, private])
    return Host(
        settings,
        [place],
        on_open=on_open,
        on_drain=on_drain,
        is_one_of_many=private is not None,
        clock=clock,
    )
