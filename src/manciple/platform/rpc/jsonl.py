"""Batch streams: a head, then lines in the order in which calls end. No I/O."""

from manciple.platform.rpc.wire import Outcome, on_one_line

PING = b" "
"""Keeps the connection alive; the client's parser skips it before the next line."""


class Lines:
    """Writes the lines of one stream; hands out ids of chunks."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._next_id = calls

    def head(self) -> bytes:
        """The first line: one promise per call."""
        entries = ",".join(f'"{index}":[[0],[null,0,{index}]]' for index in range(self._calls))
        return b"{%b}\n" % entries.encode()

    def ended(self, index: int, outcome: Outcome) -> bytes:
        """The lines that settle a call's promise."""
        if outcome.error is not None:
            return b'[%d,0,[[{"error":%b}]]]\n' % (index, on_one_line(outcome.error))
        result, data = self._next_id, self._next_id + 1
        self._next_id += 2
        value = b"" if outcome.data is None else on_one_line(outcome.data)
        return (
            b'[%d,0,[[{"result":0}],["result",0,%d]]]\n[%d,0,[[{"data":0}],["data",0,%d]]]\n'
            b"[%d,0,[[%b]]]\n" % (index, result, result, data, data, value)
        )
