"""Limits and habits of the wire; every number that a host may want to change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WireSettings:
    """How a door speaks tRPC. Durations are seconds, sizes are bytes; None switches a thing off."""

    base_path: str = "/trpc"
    """URL path below which everything is a procedure's path."""

    path_separator: str = "."
    """Between the parts of a path in HTTP URLs; `~`, `_` and `-` work too, and dots always do."""

    max_batch_calls: int = 100
    """Calls in one batch, over HTTP and WebSocket. A page that needs more has a bug."""

    allow_batching: bool = True
    """Whether `?batch=1` is answered at all."""

    allow_method_override: bool = False
    """Whether queries and subscriptions may come by POST, for inputs too long for a URL."""

    max_body_bytes: int = 1024 * 1024
    """JSON body or `?input=`. The largest honest input, a bulk add, is some 100 kB."""

    max_upload_bytes: int = 16 * 1024 * 1024
    """Form or byte stream. A year of exported orders is some 5 MB."""

    max_json_depth: int = 64
    """Nesting of arrays and objects; ours are at most 5 deep, and parsers recurse."""

    body_timeout_s: float = 30.0
    """How long a client may take to send its body; then 408."""

    cors_origins: tuple[str, ...] = ()
    """Origins of pages that may call from a browser; `*` is every origin, without credentials.

    The same list decides which pages may open a WebSocket, beside those of our own host.
    """

    cors_max_age_s: int = 600
    """How long a browser may remember a preflight answer."""

    is_dev: bool = False
    """Whether errors carry their stack and unexpected ones their text. Never in production."""

    begin_s: float = 5.0
    """How long a subscription may take until it listens; then 503, and its client tries again."""

    sse_ping_s: float | None = 10.0
    """Silence after which a stream of events sends a ping; proxies cut idle ones at 30 s."""

    sse_reconnect_after_s: float | None = 30.0
    """Silence after which the client opens a new stream; must be larger than `sse_ping_s`."""

    sse_max_s: float | None = None
    """Age at which a stream ends without a farewell, so that the client comes back."""

    jsonl_ping_s: float | None = 10.0
    """Silence after which a batch stream sends one space."""

    ws_ping_s: float | None = 30.0
    """Silence of the client after which a socket sends PING."""

    ws_pong_wait_s: float = 5.0
    """How long to wait for any message after that PING; then the socket is closed."""

    ws_max_message_bytes: int = 1024 * 1024
    """One message of a client; the server under us may enforce less."""

    ws_max_calls: int = 200
    """Calls and subscriptions that run at once on one socket."""

    max_streams: int = 20_000
    """Sockets and SSE streams that are open at once on one door; then 503."""
