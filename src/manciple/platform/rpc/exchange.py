"""One HTTP request and its answer, over ASGI."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.forms import ReadChunk
from manciple.platform.rpc.vigil import Message, Receive, Send
from manciple.platform.rpc.wire import Outcome

HeaderList = list[tuple[bytes, bytes]]

# A client that is still sending would not read the refusal before its connection is cut, so
# what is too large by this much is received all the same, and forgotten.
_THROWN_AWAY_BYTES = 8 * 1024 * 1024

JSON_TYPE = (b"content-type", b"application/json")


class ClientLeft(WireError):
    """The client closed the connection before its request was whole."""

    def __init__(self) -> None:
        super().__init__("CLIENT_CLOSED_REQUEST")


class LateBody(WireError):
    """The client took too long to send its body."""

    def __init__(self) -> None:
        super().__init__("TIMEOUT", "The body did not come in time")


class Exchange:
    """What a handler needs of one request; `common` are the headers of every answer."""

    __slots__ = ("common", "headers", "method", "receive", "scope", "send")

    def __init__(
        self,
        scope: Message,
        receive: Receive,
        send: Send,
        *,
        headers: Mapping[bytes, bytes],
        common: HeaderList,
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.headers = headers
        self.common = common
        self.method: str = scope["method"]

    async def answer(self, status: int, body: bytes, *outcomes: Outcome) -> None:
        """Sends a whole JSON answer; errors may add what the client can do about them."""
        headers = [
            JSON_TYPE,
            *self.common,
            (b"content-length", str(len(body)).encode()),
            *hints(*outcomes),
        ]
        await self.start(status, headers)
        await self.send({"type": "http.response.body", "body": body})

    async def start(self, status: int, headers: HeaderList) -> None:
        """Sends the head of an answer."""
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, body: bytes) -> None:
        """Sends a piece of a streamed answer, at once."""
        await self.send({"type": "http.response.body", "body": body, "more_body": True})

    async def finish(self) -> None:
        """Ends a streamed answer."""
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def body(self, limit_bytes: int) -> bytes | None:
        """The whole body; None if it is larger than `limit_bytes`.

        Raises:
            ClientLeft: the client closed the connection before its end.
        """
        message = await self._more()
        body: bytes = message.get("body", b"")
        if not message.get("more_body", False):
            return body if len(body) <= limit_bytes else None
        chunks = [body]
        size = len(body)
        while message.get("more_body", False) and size <= limit_bytes + _THROWN_AWAY_BYTES:
            message = await self._more()
            size += len(message.get("body", b""))
            if size <= limit_bytes:
                chunks.append(message.get("body", b""))
        return b"".join(chunks) if size <= limit_bytes else None

    async def _more(self) -> Message:
        message = await self.receive()
        if message["type"] != "http.request":
            raise ClientLeft
        return message

    def stream(self, limit_bytes: int, *, at_end: Callable[[], None]) -> ReadChunk:
        """Reads the body piece by piece; `at_end` is called after the last."""
        size = 0
        has_more = True

        async def read_chunk() -> bytes | None:
            nonlocal size, has_more
            if not has_more:
                return None
            message = await self._more()
            chunk: bytes = message.get("body", b"")
            has_more = message.get("more_body", False)
            size += len(chunk)
            if size > limit_bytes:
                raise WireError("PAYLOAD_TOO_LARGE")
            if not has_more:
                at_end()
            return chunk

        return read_chunk


def hints(*outcomes: Outcome) -> HeaderList:
    """Headers that tell the client what it can do about errors: of several, the longest wait."""
    faults = [outcome.fault for outcome in outcomes if outcome.fault is not None]
    found: HeaderList = []
    # The calls of one batch are of one kind, so that they allow the same.
    for allow in [fault.allow for fault in faults if fault.allow is not None][:1]:
        found.append((b"allow", allow.encode()))
    if waits := [fault.wait_s for fault in faults if fault.wait_s is not None]:
        found.append((b"retry-after", str(max(1, round(max(waits)))).encode()))
    return found


def raw_path_of(scope: Mapping[str, Any]) -> bytes:
    """The path below where we are mounted, still percent-encoded."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return raw.partition(b"?")[0].removeprefix(scope.get("root_path", "").encode())
