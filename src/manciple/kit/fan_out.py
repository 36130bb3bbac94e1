"""The same bytes to each of many sockets, in the cheapest way that the system has."""

import os
from array import array
from collections.abc import Callable
from functools import cached_property
from itertools import repeat

from manciple.kit.send_ring import SendRing

# For fewer, laying the requests out costs more than entering the kernel for each.
MANY = 32


class FanOut:
    """Sends to all sockets of a row without waiting for any; of one thread at a time.

    A row of at least `many` goes into the ring that `make_ring` makes, unless that raises OSError.
    """

    def __init__(self, make_ring: Callable[[], SendRing] = SendRing, *, many: int = MANY) -> None:
        self._make_ring = make_ring
        self._many = many

    def send(self, row: "array[int]", data: bytes) -> dict[int, int]:
        """How many bytes those took that did not take all, by their places in the row.

        0 stands for one that failed, or had no room.
        """
        if len(row) >= self._many and self._ring is not None:
            return self._ring.send(row, data)
        return write_each(row, data)

    @cached_property
    def _ring(self) -> SendRing | None:
        try:
            return self._make_ring()
        except OSError:
            return None


def write_each(row: "array[int]", data: bytes) -> dict[int, int]:
    """The same by a system call for each."""
    # The loop of C: one of Python costs a tenth of the system call.
    writing = map(os.write, row, repeat(data))
    sent: list[int] = []
    while len(sent) < len(row):
        try:
            sent.extend(writing)
        except OSError:
            sent.append(0)
    if sent.count(len(data)) == len(row):
        return {}
    return {place: taken for place, taken in enumerate(sent) if taken != len(data)}
