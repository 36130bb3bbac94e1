"""The door of a service that does one thing: its wire, probes, metrics, and paths of its own."""

from collections.abc import Callable, Iterable

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from manciple.services.doors.doorway import Doorway
from manciple.services.doors.gating import gated
from manciple.services.doors.plain_paths import MetricsPage, Probes, plain_app
from manciple.services.house import House
from manciple.services.phase import Life
from manciple.services.service import DoorMaker

OwnPaths = Callable[[House, Probes], Iterable[BaseRoute]]


def _none(_house: House, _probes: Probes) -> Iterable[BaseRoute]:
    return ()


def service_door(own: OwnPaths = _none) -> DoorMaker:
    """What makes the door; `own` are the plain paths beside those that every service has."""

    def door(house: House, life: Life, wire: ASGIApp) -> ASGIApp:
        probes = Probes(life, house.watch)
        metrics = Route("/metrics", MetricsPage(house.settings.api.metrics_token).show)
        plain = plain_app([*probes.routes(), metrics, *own(house, probes)])
        return gated(house, Doorway(house.settings.wire.base_path, wire=wire, plain=plain))

    return door
