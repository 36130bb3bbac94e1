"""uvicorn's WebSocket protocol, whose refusals say what every other answer says."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Response


class UpgradeProtocol(WebSocketsSansIOProtocol):
    """One WebSocket; until its handshake is done it may be answered as plain HTTP."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        send = self.conn.send_response

        def send_with_headers(response: Response) -> None:
            if response.status_code != 101:  # noqa: PLR2004 - the code is its own name
                self._complete(response)
            send(response)

        self.conn.send_response = send_with_headers  # type: ignore[method-assign]  # its one seam

    def _complete(self, response: Response) -> None:
        for name, value in self.default_headers:
            if name.decode() not in response.headers:
                response.headers[name.decode()] = value.decode()
