"""What every request passes first: it is measured, logged, and turned away while we start.

Not a place for rules of any one path: those live in the application behind.
"""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from manciple.kit.clock import Clock
from manciple.kit.request_log import RequestLog
from manciple.services import metrics
from manciple.services.problems import problem

# The routes that metrics tell apart; everything else is "other", so that labels stay bounded.
ROUTES = ("trpc", "health", "livez", "readyz", "startupz", "metrics", "openapi.json", "docs", "ws")
_PROBES = frozenset({"/livez", "/readyz", "/startupz", "/health"})

_log = structlog.get_logger(__name__)


class FrontDoor:
    """An ASGI application around `inside`; until `open` is called only probes are answered."""

    def __init__(self, probes: ASGIApp, *, clock: Clock, requests: RequestLog | None) -> None:
        self.inside: ASGIApp | None = None
        self._probes = probes
        self._clock = clock
        self._requests = requests

    def open(self, inside: ASGIApp) -> None:
        """From now on requests go to `inside`."""
        self.inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._pass(scope, receive, send)
            return
        began_s = self._clock.monotonic()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._pass(scope, receive, watched)
        finally:
            duration_s = self._clock.monotonic() - began_s
            self.done(scope["method"], scope["path"], status=status, duration_s=duration_s)

    def done(self, method: str, path: str, *, status: int, duration_s: float) -> None:
        """Counts and logs one request that was answered."""
        metrics.request_done(method, route_of(path), status=status, duration_s=duration_s)
        if self._requests is not None:
            self._requests.note(method, path, status=status, duration_s=duration_s)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.inside is not None:
            await self.inside(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in _PROBES:
            await self._probes(scope, receive, send)
        elif scope["type"] == "http":
            answer = problem(503, detail="Still starting; ask again in a moment", wait_s=1)
            await answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1013})


def route_of(path: str) -> str:
    """The route's label: the first step of a known path, `/` for the page, else `other`."""
    first = path[1:].partition("/")[0]
    if first in ROUTES:
        return f"/{first}"
    return "/" if path == "/" else "other"
