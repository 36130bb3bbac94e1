"""Which pages of other origins may call, and the headers that tell their browsers so."""

from collections.abc import Mapping

from manciple.platform.rpc.settings import WireSettings

HeaderList = list[tuple[bytes, bytes]]

_VARY = b"trpc-accept, accept"
_ASKED = (
    *(b"content-type", b"authorization", b"trpc-accept", b"x-trpc-source", b"last-event-id"),
    *(b"x-csrf-token", b"idempotency-key", b"manciple-timeout", b"traceparent", b"tracestate"),
    b"mcp-protocol-version",
)
_PREFLIGHT: HeaderList = [
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b", ".join(_ASKED)),
]
# What the client of a page may read of an answer beside its body.
_EXPOSED = (b"access-control-expose-headers", b"allow, ratelimit, ratelimit-policy, retry-after")


class Cors:
    """The headers of answers by origin, built once."""

    def __init__(self, settings: WireSettings) -> None:
        self._origins = {origin.encode() for origin in settings.cors_origins}
        self._is_open = b"*" in self._origins
        vary = b"Origin, " + _VARY if self._origins and not self._is_open else _VARY
        self._max_age = (b"access-control-max-age", str(settings.cors_max_age_s).encode())
        self.default: HeaderList = [(b"vary", vary)]
        if self._is_open:
            self.default += [(b"access-control-allow-origin", b"*"), _EXPOSED]
        self._known = {origin: self._allowed(origin) for origin in self._origins - {b"*"}}

    def common(self, headers: Mapping[bytes, bytes]) -> HeaderList:
        """The headers that every answer to this request has."""
        return self._known.get(headers.get(b"origin", b""), self.default)

    def preflight(self, headers: Mapping[bytes, bytes]) -> HeaderList:
        """The headers of the answer to OPTIONS; to strangers they allow nothing."""
        common = self.common(headers)
        if common is self.default and not self._is_open:
            return common
        return [*common, *_PREFLIGHT, self._max_age]

    def admits(self, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the request comes from a program, one of our own pages, or an allowed origin.

        For what browsers send anywhere without asking first: WebSockets and forms.
        """
        origin = headers.get(b"origin")
        if origin is None or self._is_open or origin in self._origins:
            return True
        return origin.partition(b"://")[2] == headers.get(b"host")

    def _allowed(self, origin: bytes) -> HeaderList:
        return [
            *self.default,
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            _EXPOSED,
        ]
