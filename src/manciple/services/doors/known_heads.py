"""Heads of requests that came before, by their exact bytes, and what they mean.

A client sends the same head again and again; it is read once. Nothing is kept of what may change:
who the caller is and whether the answer is at hand is asked for each request.
"""

from manciple.platform.rpc.at_once import Plain
from manciple.services.metrics import Meter

END = b"\r\n\r\n"
# Together at most 1 MB of heads and four times that of what they mean.
_MOST = 512
_LONGEST_BYTES = 2048


class Known:
    """A head that was read, where its requests are counted, and their part of the log's line."""

    __slots__ = ("line", "meter", "plain")

    def __init__(self, plain: Plain, meter: Meter, line: str) -> None:
        self.plain = plain
        self.meter = meter
        self.line = line


class KnownHeads:
    """Remembers heads, with the empty line that ends them; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._known: dict[bytes, Known] = {}
        self.get = self._known.get
        """The head of exactly these bytes, if it is remembered."""

    def keep(self, data: bytes, known: Known) -> None:
        """Remembers the head of a whole request, if it ends where its parser saw it end."""
        size = data.find(END) + len(END)
        if size <= _LONGEST_BYTES and len(data) == size + known.plain.body_bytes:
            if len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]
            self._known[data[:size]] = known

    def __len__(self) -> int:
        return len(self._known)
