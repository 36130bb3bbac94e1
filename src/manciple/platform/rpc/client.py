"""Asks a server of our own wire: over a port or a unix socket, connections kept and bounded.

It knows one address and JSON texts. Which instance is asked, whether again, and as whom is the
mesh's matter.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import httpx2

from manciple.kit import trace_context
from manciple.kit.errors import InvalidInput, TimedOut, Unavailable, Upstream
from manciple.platform.rpc import deadlines
from manciple.platform.rpc.answers import Told, error_of, read_answer
from manciple.platform.rpc.procedure import Kind

UNIX = "unix:"
# A peer's idle connection costs a file on both sides; the doors close theirs after some seconds.
_KEEP_IDLE_S = 4.0
_RETRY_AFTER_S = 1.0
# On one machine a connection takes a millisecond; one that does not come now will not soon.
_REACH_S = 2.0
_MAX_ANSWER_BYTES = 32 * 1024 * 1024
_JSON = "application/json"
_UNAVAILABLE = 503


class NotReached(Unavailable):
    """The call was not taken, so nothing has run; it may be sent elsewhere whatever it does."""

    def __init__(self, what: str) -> None:
        super().__init__(what, wait_s=_RETRY_AFTER_S)


class Cut(Upstream):
    """The connection broke, or what came back is no answer; nobody knows whether it has run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call: a procedure's path, its kind, its input as JSON text, and more headers."""

    path: str
    kind: Kind
    text: bytes | None = None
    headers: Mapping[str, str] | None = None


class WireClient:
    """A client of one server; `address` is `unix:/path` or `http://host:port`. Close it when done.

    `name` is what errors call the server.

    Raises:
        InvalidInput: the address is neither.
    """

    def __init__(
        self,
        address: str,
        *,
        name: str = "The service",
        base_path: str = "/trpc",
        max_connections: int = 64,
    ) -> None:
        socket = address.removeprefix(UNIX) if address.startswith(UNIX) else None
        if socket is None and not address.startswith(("http://", "https://")):
            raise InvalidInput.at("address", "must begin with unix:, http:// or https://")
        self.address = address
        self._name = name
        self._root = "http://localhost" if socket is not None else address.rstrip("/")
        self._base = base_path
        limits = httpx2.Limits(
            max_connections=max_connections,
            max_keepalive_connections=max_connections,
            keepalive_expiry=_KEEP_IDLE_S,
        )
        # Reading the machine's certificates takes 0.1 s and 3 MB; only https looks at them.
        verify = address.startswith("https://")
        transport = httpx2.AsyncHTTPTransport(
            uds=socket, limits=limits, trust_env=False, verify=verify
        )
        self._http = httpx2.AsyncClient(transport=transport, trust_env=False)

    async def ask(self, asked: Asked, *, timeout_s: float) -> bytes | None:
        """The output as JSON text; None where the procedure gives nothing.

        What is left of the deadline of the work under way goes along, and the trace it belongs to.

        Raises:
            NotReached: nobody took the call.
            Cut: the connection broke before the answer was whole.
            TimedOut: no answer within `timeout_s`, or within the deadline.
            MancipleError: whatever the other side raised.
        """
        left_s = deadlines.remaining_s()
        limit_s = timeout_s if left_s is None else min(timeout_s, left_s)
        if limit_s <= 0:
            raise TimedOut(after_s=0.0)
        response = await self._send(self._request(asked, limit_s), limit_s)
        return self._data(*response)

    async def fetch(self, path: str, *, timeout_s: float) -> bytes:
        """The body of a plain page, such as `/metrics`.

        Raises:
            NotReached, Cut, TimedOut: there is none.
        """
        request = self._http.build_request("GET", self._root + path)
        response, body = await self._send(request, timeout_s)
        if response.status_code != httpx2.codes.OK:
            raise Cut(self._name, f"{path} answered {response.status_code}")
        return body

    async def close(self) -> None:
        """Closes every connection."""
        await self._http.aclose()

    def _request(self, asked: Asked, limit_s: float) -> httpx2.Request:
        where = f"{self._root}{self._base}/{asked.path}"
        headers = {**(asked.headers or {}), deadlines.HEADER: deadlines.write(limit_s)}
        if (traceparent := trace_context.carried()) is not None:
            headers[trace_context.HEADER] = traceparent
        if asked.kind is Kind.MUTATION:
            headers["content-type"] = _JSON
            return self._http.build_request(
                "POST", where, headers=headers, content=asked.text or b""
            )
        if asked.text:
            where += f"?input={quote(asked.text, safe='')}"
        return self._http.build_request("GET", where, headers=headers)

    async def _send(self, request: httpx2.Request, limit_s: float) -> tuple[httpx2.Response, bytes]:
        reach_s = min(limit_s, _REACH_S)
        timeout = httpx2.Timeout(None, connect=reach_s, pool=reach_s)
        request.extensions["timeout"] = timeout.as_dict()
        limit = asyncio.timeout(limit_s)
        try:
            async with limit:
                response = await self._http.send(request, stream=True)
                try:
                    return response, await self._body(response)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise TimedOut(after_s=round(limit_s, 3)) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise NotReached(self._name) from error
        except httpx2.TransportError as error:
            raise Cut(self._name, "the connection broke") from error

    async def _body(self, response: httpx2.Response) -> bytes:
        chunks: list[bytes] = []
        size = 0
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            if size > _MAX_ANSWER_BYTES:
                raise Cut(self._name, f"the answer is larger than {_MAX_ANSWER_BYTES} bytes")
            chunks.append(chunk)
        return b"".join(chunks)

    def _data(self, response: httpx2.Response, body: bytes) -> bytes | None:
        media_type = response.headers.get("content-type", "")
        if response.status_code == _UNAVAILABLE and not media_type.startswith(_JSON):
            # Only a door that is not open yet, or not any more, answers so.
            raise NotReached(self._name)
        try:
            answer = read_answer(body)
        except ValueError as error:
            raise Cut(self._name, str(error)) from error
        if isinstance(answer, Told):
            raise error_of(answer, wait_s=_wait_s(response))
        return answer


def _wait_s(response: httpx2.Response) -> float | None:
    text = response.headers.get("retry-after", "")
    return float(text) if text.isdigit() else None
