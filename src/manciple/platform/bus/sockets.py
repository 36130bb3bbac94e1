"""Event sockets: thousands of clients on one loop, their handshakes, and what speaks with them."""

import asyncio
import logging
from collections.abc import Mapping
from http import HTTPStatus

from picows import (
    WSAutoPingStrategy,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
)
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # its types leave it out

from manciple.platform.bus import frames
from manciple.platform.bus.audience import Audience
from manciple.platform.bus.endings import Ending
from manciple.platform.bus.event_client import EventClient, headers_of
from manciple.platform.bus.guests import admits_origin

_HANDSHAKE_S = 5.0
# The least that picows takes: messages of clients are short, and there are many clients.
_READ_BUFFER_BYTES = 2048


class _Silent(logging.LoggerAdapter[logging.Logger]):
    """Writes nothing: one client that sends garbage would fill the log, a line for each frame.

    An adapter, since of a plain logger picows makes one more for each connection.
    """

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - the name that it has in `logging`
        """Never."""
        del level
        return False


_LOGGER = _Silent(logging.getLogger("manciple.sockets"), {})


class EventSockets(Audience):
    """The event sockets of one process; a server makes a `protocol` for each connection."""

    def protocol(self) -> asyncio.BufferedProtocol:
        """What speaks on one connection, from its handshake on."""
        return WSProtocol(  # type: ignore[no-any-return]  # its types leave it out
            None,
            None,
            False,
            self.answer,
            _LOGGER,
            True,
            _HANDSHAKE_S,
            False,
            self.settings.ping_s,
            self.settings.ping_s,
            WSAutoPingStrategy.PING_WHEN_IDLE,
            True,
            frames.MAX_MESSAGE_BYTES,
            None,
            _READ_BUFFER_BYTES,
        )

    def answer(self, request: WSUpgradeRequest) -> WSUpgradeResponseWithListener:
        """The answer to a handshake; that there is no room is told after it, by a close code."""
        headers = headers_of(request)
        if not admits_origin(headers, self.settings.origins):
            self.ended[Ending.ORIGIN] += 1
            body = b"Pages of this origin may not connect"
            refusal = WSUpgradeResponse.create_error_response(
                HTTPStatus.FORBIDDEN, body, dict(self.settings.headers)
            )
            return WSUpgradeResponseWithListener(refusal, None)
        speaks_cloud = frames.CLOUD_EVENTS in _protocols(headers)
        extra = {"Sec-WebSocket-Protocol": frames.CLOUD_EVENTS} if speaks_cloud else None
        response = WSUpgradeResponse.create_101_response(extra)
        client = EventClient(self, as_cloud_events=speaks_cloud)
        return WSUpgradeResponseWithListener(response, client)


def _protocols(headers: Mapping[str, str]) -> set[str]:
    return {name.strip() for name in headers.get("sec-websocket-protocol", "").split(",")}
