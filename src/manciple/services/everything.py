"""All six services in one process: what `manciple serve` runs."""

from collections.abc import Callable
from dataclasses import replace

from manciple.kit.clock import Clock
from manciple.services import (
    api_server,
    cache_warmer,
    memory_monitor,
    nlp_queue,
    pricing,
    websocket,
)
from manciple.services.addresses import Addresses
from manciple.services.host import Host
from manciple.services.house import Progress
from manciple.services.places import Place, bind_ports
from manciple.services.service import Service
from manciple.services.settings import Settings

EVERY_SERVICE: tuple[Service, ...] = (
    api_server.SERVICE,
    # The API has opened everything that its wire may need.
    replace(websocket.SERVICE, more=None),
    pricing.SERVICE,
    nlp_queue.SERVICE,
    cache_warmer.SERVICE,
    memory_monitor.SERVICE,
)
# In one process the others are reached through the API's door.
_WITH_DOORS = EVERY_SERVICE[:2]


def whole_house(
    settings: Settings,
    *,
    on_open: Callable[[Addresses], None],
    on_stock: Progress = lambda _: None,
    clock: Clock | None = None,
) -> Host:
    """The host of everything, its two ports bound.

    Raises:
        Refused: a port cannot be had.
    """
    settings, bound = bind_ports(settings, _WITH_DOORS)
    places = [
        Place(service=each, sockets=[bound[each.spec.name]] if each.spec.name in bound else [])
        for each in EVERY_SERVICE
    ]
    return Host(settings, places, on_open=on_open, on_stock=on_stock, clock=clock)
