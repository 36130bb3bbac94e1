"""Deadlines that travel: who asks says how long it will wait, and nobody works on after that.

The header holds the time that remains, as gRPC writes it: up to eight digits and a unit. Clocks of
two machines need not agree.
"""

import asyncio
import math
import re
from collections.abc import Awaitable, Mapping
from contextvars import ContextVar
from typing import TypeVar

from manciple.kit.errors import TimedOut

HEADER = "manciple-timeout"
_RAW_HEADER = HEADER.encode()
_TEXT = re.compile(rb"(\d{1,8})([HMSmun])")
_UNITS_S = {b"H": 3600.0, b"M": 60.0, b"S": 1.0, b"m": 1e-3, b"u": 1e-6, b"n": 1e-9}
_MOST_DIGITS = 10**8

T = TypeVar("T")

# On the loop's own clock, the one that cancels.
_ENDS_AT_S: ContextVar[float | None] = ContextVar("manciple.ends_at", default=None)


def write(timeout_s: float) -> str:
    """The header's value for a time that remains; rounded up, so that none becomes 0."""
    millis = max(1, math.ceil(timeout_s * 1000))
    return f"{millis}m" if millis < _MOST_DIGITS else f"{min(millis // 1000, _MOST_DIGITS - 1)}S"


def read(value: bytes) -> float | None:
    """The seconds that a header's value tells; None if it is none of ours."""
    found = _TEXT.fullmatch(value.strip())
    return int(found[1]) * _UNITS_S[found[2]] if found else None


def take(headers: Mapping[bytes, bytes]) -> None:
    """Keeps the deadline that a request brings, for the task at work on it.

    A header that cannot be read asks for nothing. One never makes an earlier deadline later.
    """
    value = headers.get(_RAW_HEADER)
    timeout_s = read(value) if value is not None else None
    if timeout_s is None:
        return
    now_s = asyncio.get_running_loop().time()
    known_s = _ENDS_AT_S.get()
    ends_at_s = now_s + timeout_s
    _ENDS_AT_S.set(ends_at_s if known_s is None else min(known_s, ends_at_s))


def remaining_s() -> float | None:
    """How long whoever asked will still wait; None if nobody said."""
    ends_at_s = _ENDS_AT_S.get()
    if ends_at_s is None:
        return None
    return max(0.0, ends_at_s - asyncio.get_running_loop().time())


def kept(work: Awaitable[T]) -> Awaitable[T]:
    """The same work, given up when the deadline is over; without a deadline it costs nothing.

    Raises (when awaited):
        TimedOut: the deadline was over first.
    """
    ends_at_s = _ENDS_AT_S.get()
    return work if ends_at_s is None else _kept(work, ends_at_s)


async def _kept(work: Awaitable[T], ends_at_s: float) -> T:
    began_s = asyncio.get_running_loop().time()
    limit = asyncio.timeout_at(ends_at_s)
    try:
        async with limit:
            return await work
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TimedOut(after_s=round(ends_at_s - began_s, 3)) from error
