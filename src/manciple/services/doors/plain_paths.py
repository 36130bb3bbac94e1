"""The plain HTTP paths of a door: probes, health, metrics, documents and the page."""

import hmac
from collections.abc import Awaitable, Callable, Iterable

import msgspec
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from manciple.api.reports import Watch
from manciple.kit.clock import Clock, SystemClock
from manciple.kit.errors import MancipleError
from manciple.kit.ids import new_id
from manciple.platform.rpc.codes import CODES, fault_of
from manciple.services import metrics
from manciple.services.phase import Life
from manciple.services.problems import problem
from manciple.services.setting_kinds import Secret

Gather = Callable[[], Awaitable[bytes]]

_NO_STORE = {"cache-control": "no-store"}
# Where a request keeps the reference of its failure.
_TOLD = "manciple.crashed"

_log = structlog.get_logger(__name__)


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
        if self._token is not None and not _is_same(given, self._token):
            return problem(401, detail="Metrics need the bearer token of this house")
        text = metrics.exposition() if self._gather is None else await self._gather()
        return Response(text, media_type=metrics.CONTENT_TYPE)


def plain_app(routes: Iterable[BaseRoute], *, clock: Clock | None = None) -> ASGIApp:
    """An application of `routes`; anything else, and any failure, is a problem document.

    What nobody foresaw is logged under a reference, which is all that the client is told.
    """
    inside = Starlette(
        routes=list(routes),
        exception_handlers={
            HTTPException: _http_problem,
            MancipleError: _known_problem,
            ClientDisconnect: _left,
            Exception: _Crashed(clock or SystemClock()).tell,
        },
    )
    # A path with one slash too many would lead to whatever host and scheme the request names.
    inside.router.redirect_slashes = False

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await inside(scope, receive, send)
        # house: catches - the framework raises again what its handler has answered and logged
        except Exception:
            if _TOLD not in scope:
                raise

    return app


class _Crashed:
    """Answers for what nobody foresaw."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def tell(self, request: Request, error: Exception) -> Response:
        """A problem with a reference, by which the log has the rest."""
        reference = new_id("err", self._clock)
        request.scope[_TOLD] = reference
        _log.error(
            "plain.request.crashed", path=request.url.path, reference=reference, exc_info=error
        )
        detail = f"Something went wrong on our side; reference {reference}"
        return problem(500, detail=detail, reference=reference)


async def _known_problem(_request: Request, error: Exception) -> Response:
    fault = fault_of(error)
    if fault is None:
        raise error
    return problem(fault.code.status, detail=fault.message, wait_s=fault.wait_s)


async def _left(_request: Request, _error: Exception) -> Response:
    """For the log and the metrics: nobody is there to read it."""
    return Response(status_code=CODES["CLIENT_CLOSED_REQUEST"].status)


async def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = (error.headers if isinstance(error, HTTPException) else None) or {}
    detail = f"No such path: {request.url.path}" if status == 404 else str(error)  # noqa: PLR2004 - the code is its own name
    answer = problem(status, detail=detail)
    answer.headers.update(headers)
    return answer


def _is_same(given: str, wanted: str) -> bool:
    """Whether two texts are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def _text(status: int, text: str) -> Response:
    return Response(text, status, _NO_STORE, "text/plain")
