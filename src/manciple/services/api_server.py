"""The API door: the wire, tools of models, probes, metrics, documents and the page."""

import asyncio
import importlib.metadata
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from manciple.api.app_router import ROUTERS
from manciple.api.event_documents import asyncapi
from manciple.platform.rpc.cors import Cors
from manciple.platform.rpc.openapi import openapi
from manciple.services.doors.csrf_page import CsrfPage
from manciple.services.doors.doorway import Doorway
from manciple.services.doors.event_door import event_sockets
from manciple.services.doors.gating import gated
from manciple.services.doors.models_door import mcp_door
from manciple.services.doors.plain_paths import MetricsPage, Probes, plain_app
from manciple.services.doors.price_page import PricePage
from manciple.services.doors.web_pages import PAGE_FILES, page_routes
from manciple.services.house import House
from manciple.services.new_house import new_house
from manciple.services.phase import Life
from manciple.services.rooms.notifications import notifying
from manciple.services.rooms.webhooks import delivering
from manciple.services.service import Service
from manciple.services.table import spec_of
from manciple.services.warming import warming
from manciple.services.wiring import EVERY_ROOM


def api_app(house: House, life: Life, wire: ASGIApp) -> ASGIApp:
    """What the API door offers once the house is open."""
    metrics_page = MetricsPage(house.settings.api.metrics_token, house.gathering.text)
    csrf_page = CsrfPage(house.security.csrf_tokens, Cors(house.settings.wire))
    routes = [
        *Probes(life, house.watch).routes(),
        Route("/metrics", metrics_page.show),
        Route("/mcp", mcp_door(house)),
        Route("/openapi.json", _OpenApi(house).show),
        Route("/asyncapi.json", _asyncapi(house)),
        Route("/api/csrf-token", csrf_page.show),
        Route("/prices/{product_id}.svg", PricePage(house.prices).show),
        *page_routes(),
    ]
    doorway = Doorway(house.settings.wire.base_path, wire=wire, plain=plain_app(routes))
    return gated(house, doorway, free=PAGE_FILES)


class _OpenApi:
    """The OpenAPI document, written when it is first asked for."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._body: bytes | None = None

    async def show(self, _request: Request) -> Response:
        """The document."""
        if self._body is None:
            document = openapi(
                self._house.table,
                version=importlib.metadata.version("manciple"),
                server_url=self._house.settings.base_url,
                base_path=self._house.settings.wire.base_path,
            )
            self._body = msgspec.json.encode(document)
        return Response(self._body, media_type="application/json")


def _asyncapi(house: House) -> Callable[[Request], Awaitable[Response]]:
    settings = house.settings
    host = f"{urlsplit(settings.base_url).hostname}:{settings.websocket.port}"
    document = asyncapi(version=importlib.metadata.version("manciple"), host=host)
    body = msgspec.json.encode(document)

    async def show(_request: Request) -> Response:
        return Response(body, media_type="application/json")

    return show


@asynccontextmanager
async def _duties(house: House) -> AsyncIterator[None]:
    """The search index is made first, so that nobody's first search waits for it.

    What the first questions need beside it is read behind, when the doors are open already; and
    events are sent to webhooks and people, here where the rooms for it are open anyway.
    """
    await house.search.keep_up()
    behind = asyncio.create_task(warming(house))
    try:
        async with delivering(house), notifying(house):
            yield
    finally:
        behind.cancel()
        await asyncio.wait({behind})


SERVICE = Service(
    spec=spec_of("walmart-api-server"),
    section="api",
    rooms=EVERY_ROOM,
    routers=ROUTERS,
    duties=_duties,
    door=api_app,
    hears=event_sockets,
    answers_at_once=True,
    prepare=new_house,
)
