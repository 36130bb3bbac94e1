"""Server-sent events: the frames of a subscription over HTTP. No I/O."""

import re

import msgspec

from manciple.platform.rpc.wire import on_one_line

HEADERS = [
    (b"cache-control", b"no-cache, no-transform"),
    (b"connection", b"keep-alive"),
    (b"content-type", b"text/event-stream"),
    (b"x-accel-buffering", b"no"),
]
"""What the answer to a subscription says beside what every answer says."""

PING = b"event: ping\ndata: \n\n\n"
RETURN = b"event: return\ndata: \n\n\n"

_ID = re.compile(r"[^\0\r\n]+")


class Frames:
    """Writes the frames of one stream; remembers the last id that the client knows."""

    def __init__(self, last_id: str | None = None) -> None:
        # What a client says it saw last may be anything; only what fits a frame is repeated.
        self._last_id = last_id if last_id and _ID.fullmatch(last_id) else None

    def connected(self, reconnect_after_s: float | None) -> bytes:
        """The first frame, sent before anything has happened."""
        options = {}
        if reconnect_after_s is not None:
            options["reconnectAfterInactivityMs"] = round(reconnect_after_s * 1000)
        return b"event: connected\ndata: %b\n\n\n" % msgspec.json.encode(options)

    def item(self, data: bytes, item_id: str | None = None) -> bytes:
        """A value; one without id leaves the id that the client will resume after as it was.

        Raises:
            ValueError: the id is empty or would break the frame.
        """
        line = b"data: %b\n" % on_one_line(data)
        if item_id is not None:
            self._last_id = checked_id(item_id)
            return line + b"id: %b\n\n\n" % item_id.encode()
        if self._last_id is None:
            return line + b"\n\n"
        # EventSource would give this item the last id, so the id is cleared and then restored.
        restore = b"event: restore-id\ndata: \nid: %b\n\n\n" % self._last_id.encode()
        return line + b"id: \n\n\n" + restore

    def error(self, shape: bytes) -> bytes:
        """The last frame of a stream that failed."""
        return b"event: serialized-error\ndata: %b\n\n\n" % shape


def checked_id(item_id: str) -> str:
    """An id that fits into a frame.

    Raises:
        ValueError: the id is empty or would break the frame.
    """
    if not _ID.fullmatch(item_id):
        raise ValueError(f"no id for a tracked item: {item_id!r}")
    return item_id
