"""The gate before both doors: who comes, from which page, how often; and what every answer says.

It refuses before anything is read. Grants are not its matter: each procedure says what it needs.
"""

import asyncio
import contextlib
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from manciple.kit.errors import InvalidInput, MancipleError, NotAllowed, TooMany
from manciple.platform.rpc.codes import fault_of
from manciple.platform.rpc.cors import Cors
from manciple.platform.rpc.requests import parse_query
from manciple.platform.rpc.wire import failure, shape_of
from manciple.platform.security import csrf
from manciple.platform.security.cookies import CSRF_COOKIE, cookie_of
from manciple.platform.security.csrf import CsrfTokens
from manciple.platform.security.visits import Via, Visit
from manciple.services.guard import Guard
from manciple.services.problems import problem
from manciple.services.streams_watch import OpenStreams, SocketEnd
from manciple.services.visit_limits import NO_STORE, Limits

VISIT = "manciple.visit"
_LONGEST_KEY = 128
_WITH_HEADERS = frozenset({Via.ACCESS, Via.API_TOKEN})
_REFUSE = 1008


class Gate:
    """An ASGI application around `inside`.

    `free` are paths that count nothing, `streams` those of subscriptions below `base_path`.
    """

    def __init__(
        self,
        inside: ASGIApp,
        *,
        guard: Guard,
        limits: Limits,
        open_streams: OpenStreams,
        csrf_tokens: CsrfTokens,
        cors: Cors,
        base_path: str,
        path_separator: str,
        streams: AbstractSet[str],
        free: Collection[str],
    ) -> None:
        self._inside = inside
        self._guard = guard
        self._limits = limits
        self._open_streams = open_streams
        self._csrf_tokens = csrf_tokens
        self._cors = cors
        self._below = f"{base_path}/"
        self._separator = path_separator
        self._streams = streams
        self._free = frozenset(free)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._inside(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if scope["method"] == "OPTIONS" or path in self._free:
            await self._inside(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        visit = await self._guard.visit(headers, _peer(scope))
        visit.cookies = []
        scope[VISIT] = visit
        paths = self._procedures(path)
        answer = _Answer(send, visit, self._limits)
        try:
            self._limits.spend(visit, calls=self._limits.cost(paths))
            self._check_page(scope["method"], headers, visit)
            _take_key(visit, headers, query_string=scope["query_string"])
        except MancipleError as error:
            await self._refuse(error, scope, answer)
            return
        if self._streams.isdisjoint(paths):
            await self._inside(scope, receive, answer.send)
        else:
            await self._stream(scope, receive, answer)

    async def _stream(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Serves what stays open until it ends, its client leaves, or its visitor may not stay."""
        stream = self._open_streams.enter(answer.visit)

        async def receive_or_end() -> Message:
            return await stream.receive_from(receive)

        try:
            await self._inside(scope, receive_or_end, answer.send)
            if stream.ended.is_set():
                await answer.finish()
        finally:
            self._open_streams.leave(stream)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        visit = await self._guard.visit(headers, _peer(scope))
        scope[VISIT] = visit
        try:
            self._limits.spend(visit)
        except TooMany:
            await receive()
            await send({"type": "websocket.close", "code": _REFUSE})
            return
        stream = self._open_streams.enter(visit)
        end = SocketEnd(stream, send)
        ending = asyncio.ensure_future(end.wait())

        async def counted() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not self._limits.hear(visit):
                await end.send({"type": "websocket.close", "code": _REFUSE})
                return {"type": "websocket.disconnect", "code": _REFUSE}
            return message

        try:
            await self._inside(scope, counted, end.send)
        finally:
            self._open_streams.leave(stream)
            ending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ending

    def _procedures(self, path: str) -> list[str]:
        """The procedures that a path asks for, however the wire lets it be spelled."""
        if not path.startswith(self._below):
            return [path]
        below = path.removeprefix(self._below).strip("/")
        return below.replace(self._separator, ".").split(",")

    def _check_page(self, method: str, headers: Mapping[bytes, bytes], visit: Visit) -> None:
        """Returns if no stranger's page has sent this on somebody's behalf.

        Raises:
            NotAllowed: one has, or a browser's session brings no proof that none did.
        """
        if not csrf.is_unsafe(method) or visit.via in _WITH_HEADERS:
            return
        if csrf.is_foreign(headers, self._guard.origins):
            raise NotAllowed("a request from a page of this house")
        if visit.via is Via.COOKIE and not self._is_proved(headers, visit):
            raise NotAllowed("the header x-csrf-token; ask GET /api/csrf-token for it")

    def _is_proved(self, headers: Mapping[bytes, bytes], visit: Visit) -> bool:
        sent = headers.get(b"x-csrf-token", b"").decode("latin-1")
        cookie = cookie_of(headers.get(b"cookie", b""), CSRF_COOKIE) or ""
        return bool(sent) and self._csrf_tokens.is_valid(
            visit.session_id or "", sent=sent, cookie=cookie
        )

    async def _refuse(self, error: MancipleError, scope: Scope, answer: "_Answer") -> None:
        fault = fault_of(error)
        if fault is None:
            raise error
        if scope["path"].startswith(self._below):
            body = failure(shape_of(fault, None))
            media_type = b"application/json"
        else:
            document = problem(fault.code.status, detail=fault.message)
            body, media_type = bytes(document.body), b"application/problem+json"
        headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body))]
        if fault.wait_s is not None:
            headers.append((b"retry-after", b"%d" % max(1, round(fault.wait_s))))
        headers += self._cors.common(dict(scope["headers"]))
        start = {"type": "http.response.start", "status": fault.code.status, "headers": headers}
        await answer.send(start)
        await answer.send({"type": "http.response.body", "body": body})


class _Answer:
    """Adds to an answer what every answer says: limits, cookies, and that nobody keeps it."""

    def __init__(self, send: Send, visit: Visit, limits: Limits) -> None:
        self._send = send
        self._limits = limits
        self._has_begun = False
        self._has_ended = False
        self.visit = visit

    async def send(self, message: Message) -> None:
        """Passes a message of the answer on."""
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *self._more(message)]
            self._has_begun = True
        else:
            self._has_ended = not message.get("more_body", False)
        await self._send(message)

    async def finish(self) -> None:
        """Ends an answer that was cut."""
        if self._has_begun and not self._has_ended:
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    def _more(self, message: Message) -> list[tuple[bytes, bytes]]:
        # A house that is open to its own machine has no limit worth telling, nor secrets in it.
        # Whoever is set up in it is given a cookie all the same.
        if self.visit.via is Via.OPEN_HOUSE and not self.visit.cookies:
            return []
        more = self._limits.headers(self.visit)
        if not any(name == b"cache-control" for name, _ in message.get("headers", ())):
            more.append(NO_STORE)
        more += [(b"set-cookie", cookie) for cookie in self.visit.cookies or ()]
        self.visit.cookies = None
        return more


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _take_key(visit: Visit, headers: Mapping[bytes, bytes], *, query_string: bytes) -> None:
    key = headers.get(b"idempotency-key")
    if key is None:
        return
    text = key.decode("latin-1")
    is_batch = parse_query(query_string).get("batch") == b"1"
    if is_batch or not text.isprintable() or not 1 <= len(text) <= _LONGEST_KEY:
        problem = f"must have 1 to {_LONGEST_KEY} characters, and come with a single call"
        raise InvalidInput.at("idempotency-key", problem)
    visit.idempotency_key = text
