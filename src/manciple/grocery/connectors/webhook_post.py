"""Posts messages to addresses that people named: guarded, bounded, given up in time.

Every attempt resolves the name anew and connects to the very address that was looked at. Nothing
is followed: an answer that points elsewhere is a failure.
"""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

import httpx2
import msgspec

from manciple.grocery.domain.webhooks import MAX_ANSWER_CHARS, Receipt
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, NotAllowed, Upstream
from manciple.kit.outbound import GuardedTransport, Resolve, is_public, resolve

# More of an answer is not read; whatever an endpoint wants to say fits.
_MOST_BYTES = 16 << 10
_PORTS = {"http": 80, "https": 443}
_AGENT = "manciple-webhooks/1"
_INSIDE = "leads to an address inside, which is not sent to"


class WebhookPost:
    """The one way to webhooks; close it when done.

    `trusted` are places (`host:port`) that may be inside, such as a program at home; with
    `allow_loopback` so is this machine itself. An attempt takes at most `timeout_s`.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        timeout_s: float,
        trusted: frozenset[str] = frozenset(),
        allow_loopback: bool = False,
        resolve_name: Resolve = resolve,
        inner: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        self._timeout_s = timeout_s
        self._trusted = trusted
        self._allow_loopback = allow_loopback
        self._resolve = resolve_name
        self._transport = GuardedTransport(
            inner or httpx2.AsyncHTTPTransport(trust_env=False),
            trusted=trusted,
            resolve_name=resolve_name,
            allows=self._allows,
        )

    def trusts(self, url: str) -> bool:
        """Whether the place may do without TLS: it is this machine, or one that was named."""
        try:
            host, port = _place(url)
        except ValueError:
            return False
        is_here = host == "localhost" or _is_loopback(host)
        return f"{host}:{port}" in self._trusted or (self._allow_loopback and is_here)

    async def examine(self, url: str) -> None:
        """Returns if the place is not inside, or is none yet.

        Raises:
            InvalidInput: it is inside.
        """
        host, port = _place(url)
        if f"{host}:{port}" in self._trusted:
            return
        try:
            async with asyncio.timeout(self._timeout_s):
                addresses = await self._resolve(host, port)
        except (Upstream, TimeoutError):
            # Names may come later; every attempt looks again.
            return
        if not all(self._allows(address) for address in addresses):
            raise InvalidInput.at("url", _INSIDE)

    async def send(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Receipt:
        """What the place answered, or why it did not."""
        began_s = self._clock.monotonic()
        try:
            async with asyncio.timeout(self._timeout_s):
                receipt = await self._exchange(url, headers, body)
        except TimeoutError:
            receipt = Receipt(problem=f"did not answer within {self._timeout_s:g} s")
        except NotAllowed:
            receipt = Receipt(problem=_INSIDE)
        except Upstream as error:
            receipt = Receipt(problem=error.problem)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
            receipt = Receipt(problem=_told(error))
        took_ms = round((self._clock.monotonic() - began_s) * 1000)
        return msgspec.structs.replace(receipt, took_ms=took_ms)

    async def close(self) -> None:
        """Closes every connection."""
        await self._transport.aclose()

    async def _exchange(self, url: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        request = httpx2.Request(
            "POST",
            url,
            headers={
                **headers,
                "content-type": "application/json",
                "user-agent": _AGENT,
                "accept": "*/*",
            },
            content=body,
            extensions={"timeout": httpx2.Timeout(self._timeout_s).as_dict()},
        )
        response = await self._transport.handle_async_request(request)
        try:
            answer = await _beginning(response.stream)
        finally:
            await response.aclose()
        return Receipt(
            status=response.status_code,
            answer=answer.decode("utf-8", "replace")[:MAX_ANSWER_CHARS],
            retry_after_s=_seconds(response.headers.get("retry-after", "")),
        )

    def _allows(self, address: str) -> bool:
        return is_public(address) or (self._allow_loopback and _is_loopback(address))


async def _beginning(stream: object) -> bytes:
    """The first bytes of an answer, as they came."""
    taken = bytearray()
    if not isinstance(stream, httpx2.AsyncByteStream):
        raise TypeError(stream)
    pieces: AsyncIterator[bytes] = stream.__aiter__()
    async for piece in pieces:
        taken += piece[: _MOST_BYTES - len(taken)]
        if len(taken) >= _MOST_BYTES:
            break
    return bytes(taken)


def _place(url: str) -> tuple[str, int]:
    found = urlsplit(url)
    return (found.hostname or "").lower(), found.port or _PORTS.get(found.scheme, 0)


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return found.is_loopback or (mapped is not None and mapped.is_loopback)


def _seconds(stated: str) -> float | None:
    text = stated.strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None  # noqa: PLR2004 - decades


def _told(error: Exception) -> str:
    if isinstance(error, httpx2.ConnectError):
        return "cannot be reached"
    if isinstance(error, httpx2.ReadError | httpx2.RemoteProtocolError):
        return "broke off"
    return type(error).__name__
