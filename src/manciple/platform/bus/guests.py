"""Who comes to the event sockets: what they bring, who they are, and how much they may say."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from manciple.kit.clock import Clock
from manciple.platform.bus.news import Event, Listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a client brings: headers in lower case, and what its `auth` message says."""

    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = "/ws"
    host: str = ""
    token: str | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who a client is: what it may hear, and what it hears without asking.

    Strangers are counted by `address`.
    """

    listener: Listener
    address: str = ""
    channels: tuple[str, ...] = ()
    is_signed_in: bool = False


Admit = Callable[[Credentials], Awaitable[Guest]]
Render = Callable[[Event], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketSettings:
    """Limits of the event sockets.

    `max_connections` is the specification's 500; a client beyond it is told to try again later.
    Strangers may have `max_per_address` from one address.
    A client may say `messages_per_s` on average, and ten times that at once. One that is silent
    for `ping_s` is asked for a sign of life, and closed if it gives none for as long again.
    Pages of `origins` may connect beside those of our own host; `*` is every page. What is refused
    is answered with `headers`.
    """

    max_connections: int = 500
    max_per_principal: int = 50
    max_per_address: int = 50
    messages_per_s: float = 20.0
    ping_s: float = 30.0
    reconnect_ms: int = 1000
    origins: frozenset[str] = frozenset()
    headers: tuple[tuple[str, str], ...] = ()


def admits_origin(headers: Mapping[str, str], origins: frozenset[str]) -> bool:
    """Whether a program, one of our own pages, or a page of an allowed origin connects."""
    origin = headers.get("origin")
    if origin is None or "*" in origins or origin in origins:
        return True
    return urlsplit(origin).netloc == headers.get("host")


class Allowance:
    """A bucket of messages that refills: bursts are fine, a flood is not."""

    __slots__ = ("_at_s", "_left", "_rate")

    def __init__(self, rate: float, clock: Clock) -> None:
        self._rate = rate
        self._left = rate * 10
        self._at_s = clock.monotonic()

    def take(self, now_s: float) -> bool:
        """Whether one more message may be said now."""
        self._left = min(self._rate * 10, self._left + (now_s - self._at_s) * self._rate) - 1
        self._at_s = now_s
        return self._left >= 0
