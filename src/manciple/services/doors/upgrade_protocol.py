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

    def data_received(self, data: bytes) -> None:
        """Takes what has come; a head that only the first parser could read is refused at once.

        uvicorn would wait for more of it, for ever.
        """
        super().data_received(data)
        is_unread = self.conn.handshake_exc is not None and not self.handshake_initiated
        if is_unread and not self.transport.is_closing():
            self.transport.write(b"".join(self.conn.data_to_send()) or self._bad_request())
            self.transport.close()

    def _bad_request(self) -> bytes:
        lines = b"".join(b"%b: %b\r\n" % header for header in self.default_headers)
        end = b"content-length: 0\r\nconnection: close\r\n\r\n"
        return b"HTTP/1.1 400 Bad Request\r\n" + lines + end

    def _complete(self, response: Response) -> None:
        for name, value in self.default_headers:
            if name.decode() not in response.headers:
                response.headers[name.decode()] = value.decode()
