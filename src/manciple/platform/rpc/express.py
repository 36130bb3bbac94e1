"""The short way for one plain call with a whole JSON input: most of all requests.

It answers byte for byte like the long way, with fewer steps between; whatever is not plain it
leaves to the long way.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.caller import caller_of, take_along
from manciple.platform.rpc.calls import Calls
from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.cors import Cors
from manciple.platform.rpc.deadlines import kept
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.exchange import JSON_TYPE, LateBody, hints
from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.json_text import is_too_deep, without_mark
from manciple.platform.rpc.procedure import ContextMaker, Kind
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.rpc.vigil import Message, Receive, Send, Vigil, Watchman
from manciple.platform.rpc.wire import Outcome

_METHODS = {Kind.QUERY: "GET", Kind.MUTATION: "POST"}


class Express:
    """Answers plain calls of one door."""

    def __init__(
        self,
        bounds: Mapping[str, Bound],
        make_context: ContextMaker,
        *,
        calls: Calls,
        cors: Cors,
        state: DoorState,
        settings: WireSettings,
        watchman: Watchman,
    ) -> None:
        base = settings.base_path.rstrip("/")
        self._bounds = {
            (_METHODS[bound.kind], f"{base}/{path}".encode()): bound
            for path, bound in bounds.items()
            if bound.kind in _METHODS and bound.takes not in {Form, ByteStream}
        }
        self._make_context = make_context
        self._calls = calls
        self._cors = cors
        self._state = state
        self._settings = settings
        self._watchman = watchman

    async def serve(self, scope: Message, receive: Receive, send: Send) -> Receive | None:
        """None if the request was answered; else what to `receive` from on the long way."""
        method = scope["method"]
        bound = self._bounds.get((method, scope.get("raw_path", b"")))
        if bound is None:
            return receive
        headers = dict(scope["headers"])
        take_along(headers)
        raw = _query_input(scope["query_string"]) if method == "GET" else b""
        if raw is None or not _is_plain(method, headers, scope["query_string"]):
            return receive
        self._state.calls += 1
        vigil = Vigil(self._watchman, receive)
        try:
            if method == "POST":
                message = await receive()
                if message["type"] != "http.request" or message.get("more_body", False):
                    return _again(message, receive)
                raw = without_mark(message.get("body", b""))
            vigil.listen()
            outcome = await self._run(bound, raw, scope=scope, headers=headers)
        except asyncio.CancelledError:
            if not vigil.forgive():
                raise
            if vigil.has_left:
                return None
            outcome = self._calls.failed(LateBody(), None, None, started=self._calls.now())
        finally:
            self._state.calls -= 1
            vigil.end()
        await self._send(send, outcome, headers)
        return None

    async def _run(
        self, bound: Bound, raw: bytes, *, scope: Message, headers: Mapping[bytes, bytes]
    ) -> Outcome:
        calls = self._calls
        started = calls.now()
        try:
            caller = caller_of(scope, headers, params=None, door="http")
            context = await self._make_context(caller)
            context.require(bound.needs)
            if bound.takes is None:
                output = await kept(bound.call(context))
            else:
                output = await kept(bound.call(context, bound.read(self._checked(raw))))
            outcome = Outcome(bound.write(output))
        except asyncio.CancelledError as error:
            return calls.cut(error, bound.path, bound, started=started)
        except Exception as error:  # noqa: BLE001 - the door: whatever failed, the caller is told
            return calls.failed(error, bound.path, bound, started=started)
        calls.succeeded(bound, started)
        return outcome

    async def _send(self, send: Send, outcome: Outcome, headers: Mapping[bytes, bytes]) -> None:
        body = outcome.body()
        answer_headers = [
            JSON_TYPE,
            *self._cors.common(headers),
            (b"content-length", b"%d" % len(body)),
        ]
        if outcome.fault is not None:
            answer_headers += hints(outcome)
        await send(
            {"type": "http.response.start", "status": outcome.status, "headers": answer_headers}
        )
        await send({"type": "http.response.body", "body": body})

    def _checked(self, raw: bytes) -> bytes | None:
        """The text of an input; None if none was sent.

        Raises:
            WireError: it is too large or too deep.
        """
        if len(raw) > self._settings.max_body_bytes:
            raise WireError("PAYLOAD_TOO_LARGE")
        if is_too_deep(raw, self._settings.max_json_depth):
            message = f"JSON is nested deeper than {self._settings.max_json_depth} levels"
            raise WireError("BAD_REQUEST", message)
        return raw or None


def _is_plain(method: str, headers: Mapping[bytes, bytes], query_string: bytes) -> bool:
    content_type = headers.get(b"content-type")
    return (
        (content_type == b"application/json" or (content_type is None and method == "GET"))
        and b"trpc-accept" not in headers
        and b"jsonl" not in headers.get(b"accept", b"")
        and (method == "GET" or not query_string)
    )


def _query_input(query_string: bytes) -> bytes | None:
    """The input in a query string that has nothing else in it; None if it has."""
    if not query_string:
        return b""
    if b"&" in query_string or not query_string.startswith(b"input="):
        return None
    return unquote_to_bytes(query_string[6:].replace(b"+", b" "))


def _again(message: Message, receive: Receive) -> Receive:
    """Gives a message that was already taken once more, then what follows."""
    taken = [message]

    async def receive_again() -> Message:
        return taken.pop() if taken else await receive()

    return receive_again
