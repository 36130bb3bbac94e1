"""The plain HTTP paths of a door: probes, health, metrics, documents and the page."""

import hmac
from collections.abc import Awaitable, Callable, Iterable

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from manciple.api.reports import Watch
from manciple.services import metrics
from manciple.services.phase import Life
from manciple.services.problems import problem
from manciple.services.setting_rooms import Secret

Gather = Callable[[], Awaitable[bytes]]

_NO_STORE = {"cache-control": "no-store"}


class Probes:
    """Whether the process lives, has started, and wants work; and how its parts are."""

    def __init__(self, life: Life, watch: Watch | None = None) -> None:
        self._life = life
        self._watch = watch

    def routes(self) -> list[BaseRoute]:
        """The paths that probes ask."""
        return [
            Route("/livez", self.live),
            Route("/startupz", self.startup),
            Route("/readyz", self.ready),
            Route("/health", self.health),
        ]

    async def live(self, _request: Request) -> Response:
        """200 as long as the loop turns."""
        return _text(200, "alive")

    async def startup(self, _request: Request) -> Response:
        """200 once the house is open, also while it drains."""
        return _text(503 if self._life.phase == "starting" else 200, self._life.phase)

    async def ready(self, _request: Request) -> Response:
        """200 while work may be sent: open, not draining, the database answers."""
        if not self._life.is_open or self._watch is None:
            return _text(503, self._life.phase)
        report = await self._watch.health()
        return _text(503, report.status) if report.status == "unhealthy" else _text(200, "ready")

    async def health(self, _request: Request) -> Response:
        """The report of all parts; 503 only if the database is down or the house not open."""
        if self._watch is None:
            return problem(503, detail="Still starting; ask again in a moment", wait_s=1)
        report = await self._watch.health()
        status = 503 if report.status == "unhealthy" else 200
        return Response(msgspec.json.encode(report), status, _NO_STORE, "application/json")


class MetricsPage:
    """All metrics, to whoever holds the token, or to all if there is none.

    `gather` makes the text; without it they are those of this process.
    """

    def __init__(self, token: Secret | None, gather: Gather | None = None) -> None:
        self._token = token
        self._gather = gather

    async def show(self, request: Request) -> Response:
        """The text that Prometheus scrapes."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._token is not None and not hmac.compare_digest(given, self._token):
            return problem(401, detail="Metrics need the bearer token of this house")
        text = metrics.exposition() if self._gather is None else await self._gather()
        return Response(text, media_type=metrics.CONTENT_TYPE)


def plain_app(routes: Iterable[BaseRoute]) -> Starlette:
    """An application of `routes`; anything else, and any failure, is a problem document."""
    return Starlette(routes=list(routes), exception_handlers={HTTPException: _http_problem})


async def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = (error.headers if isinstance(error, HTTPException) else None) or {}
    detail = f"No such path: {request.url.path}" if status == 404 else str(error)  # noqa: PLR2004 - the code is its own name
    answer = problem(status, detail=detail)
    answer.headers.update(headers)
    return answer


def _text(status: int, text: str) -> Response:
    return Response(text, status, _NO_STORE, "text/plain")
