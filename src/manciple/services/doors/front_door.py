"""What every request passes first: it is measured, logged, and turned away while we start.

Not a place for rules of any one path: those live in the application behind.
"""

from typing import TYPE_CHECKING

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from manciple.kit.clock import Clock
from manciple.kit.request_log import RequestLog
from manciple.platform.rpc.at_once import AtOnce, Plain, Quick
from manciple.platform.rpc.codes import CODES
from manciple.services.doors.known_heads import Known, KnownHeads
from manciple.services.metrics import DOORS, Meter
from manciple.services.problems import problem

if TYPE_CHECKING:
    from manciple.platform.bus.sockets import EventSockets

# The routes that metrics tell apart; everything else is "other", so that labels stay bounded.
ROUTES = (
    *("trpc", "mcp", "health", "livez", "readyz", "startupz", "metrics"),
    *("openapi.json", "docs", "ws"),
)
# The event sockets of the specification.
EVENT_PATHS = frozenset({b"/ws", b"/ws/grocery-nlp-queue"})
_CLOSE = (b"connection", b"close")
# What is logged and counted where nothing was answered: the server failed, or the client had left.
_CRASHED = 500
_LEFT = CODES["CLIENT_CLOSED_REQUEST"].status
_PROBES = frozenset({"/livez", "/readyz", "/startupz", "/health"})

_log = structlog.get_logger(__name__)


class FrontDoor:
    """An ASGI application around `inside`; until `open` is called only probes are answered.

    A client has `head_timeout_s` for the head of a request; the server reads it here.
    """

    def __init__(
        self,
        probes: ASGIApp,
        *,
        clock: Clock,
        requests: RequestLog | None,
        head_timeout_s: float = 20.0,
    ) -> None:
        self.head_timeout_s = head_timeout_s
        self.now = clock.monotonic
        self.inside: ASGIApp | None = None
        self.at_once: AtOnce | None = None
        self.events: EventSockets | None = None
        self._is_leaving = False
        self.heads = KnownHeads()
        self._meters: dict[Quick, Meter] = {}
        self._head = b""
        self._head_of: list[tuple[bytes, bytes]] | None = None
        self._probes = probes
        self._requests = requests

    def open(
        self,
        inside: ASGIApp,
        at_once: AtOnce | None = None,
        *,
        events: "EventSockets | None" = None,
    ) -> None:
        """From now on requests go to `inside`; the server may ask `at_once` first.

        What asks for an event socket goes to `events`, past everything else.
        """
        self.inside = inside
        self.at_once = at_once
        self.events = events
        self.heads = KnownHeads()
        self._meters = {
            quick: DOORS.meter(quick.method, "/trpc", path=quick.path)
            for quick in (at_once.quicks if at_once is not None else ())
        }

    def see_off(self) -> None:
        """From now on each answer asks its client to connect anew, to whoever takes our place."""
        self.at_once = None
        self._is_leaving = True

    def head_at_once(self, defaults: list[tuple[bytes, bytes]]) -> bytes:
        """The head of an answer at once, up to its length; made anew once a second, by its date."""
        if defaults is not self._head_of and self.at_once is not None:
            lines = [b"%b: %b\r\n" % header for header in (*defaults, *self.at_once.headers)]
            self._head = b"HTTP/1.1 200 OK\r\n" + b"".join(lines) + b"content-length: "
            self._head_of = defaults
        return self._head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._pass(scope, receive, send)
            return
        began_s = self.now()
        status: int | None = None

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if self._is_leaving:
                    message["headers"] = [*message.get("headers", ()), _CLOSE]
            await send(message)

        try:
            await self._pass(scope, receive, watched)
        except BaseException:
            status = status or _CRASHED
            raise
        finally:
            path, told = scope["path"], status or _LEFT
            self.done(scope["method"], path, route_of(path), status=told, began_s=began_s)

    def known(self, plain: Plain) -> Known:
        """A head that was read, ready to be remembered."""
        quick, requests = plain.quick, self._requests
        line = requests.middle(quick.method, quick.url_path, status=200) if requests else ""
        return Known(plain, self._meters[quick], line)

    def answered(self, known: Known, *, began_s: float) -> None:
        """Counts and logs one request that was answered at once, just now."""
        ended_s = self.now()
        took_s = ended_s - began_s
        known.meter.add(took_s)
        if self._requests is not None:
            self._requests.note(known.line, ended_s=ended_s, took_s=took_s)

    def done(self, method: str, path: str, route: str, *, status: int, began_s: float) -> None:
        """Counts and logs one request that was answered just now."""
        ended_s = self.now()
        took_s = ended_s - began_s
        DOORS.request_done(method, route, status=status, took_s=took_s)
        if self._requests is not None:
            line = self._requests.middle(method, path, status=status)
            self._requests.note(line, ended_s=ended_s, took_s=took_s)

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
