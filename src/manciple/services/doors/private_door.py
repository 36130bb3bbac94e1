"""The private door of an instance: its unix socket, where services of the house speak.

It has no limits and no sign-in of its own, for only the house reaches it: the door at which the
caller came in has counted and looked. On whose behalf a call is made its introduction says.
"""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from manciple.services.doors.doorway import Doorway
from manciple.services.doors.plain_paths import MetricsPage, Probes, plain_app
from manciple.services.gate import VISIT
from manciple.services.health import HouseWatch
from manciple.services.house import House
from manciple.services.instance_news import NEWS_PATH, News
from manciple.services.introductions import Introductions
from manciple.services.phase import Life


class PrivateDoor:
    """An ASGI application around `inside`; serve it at a unix socket and nowhere else."""

    def __init__(self, inside: ASGIApp, introductions: Introductions) -> None:
        self._inside = inside
        self._introductions = introductions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http":
            scope[VISIT] = self._introductions.visit(dict(scope["headers"]))
        await self._inside(scope, receive, send)


def private_app(house: House, life: Life, wire: ASGIApp) -> ASGIApp:
    """What every service offers at its private door: the wire, probes, metrics and news."""
    routes = [
        *Probes(life, house.watch).routes(),
        Route("/metrics", MetricsPage(None).show),
        Route(NEWS_PATH, _news(house.watch)),
    ]
    doorway = Doorway(house.settings.wire.base_path, wire=wire, plain=plain_app(routes))
    return PrivateDoor(doorway, house.security.introductions)


def _news(watch: HouseWatch) -> Callable[[Request], Awaitable[Response]]:
    async def show(_request: Request) -> Response:
        news = News(figures=watch.figures(), errors=watch.book.newest(), targets=watch.targets())
        return Response(msgspec.json.encode(news), media_type="application/json")

    return show
