"""Which trace the work under way belongs to, as W3C's `traceparent` says it.

It is carried from request to request even where nobody records traces: whoever asked may.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "traceparent"
_TEXT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_CARRIED: ContextVar[str | None] = ContextVar("manciple.traceparent", default=None)


def is_valid(traceparent: str) -> bool:
    """Whether a text is a `traceparent` of the first version."""
    return _TEXT.fullmatch(traceparent) is not None


def carried() -> str | None:
    """The `traceparent` of the work under way; None outside of every trace."""
    return _CARRIED.get()


def take(traceparent: str | None) -> None:
    """The rest of this task belongs to the trace; what is no `traceparent` changes nothing."""
    if traceparent is not None and is_valid(traceparent):
        _CARRIED.set(traceparent)


@contextmanager
def carrying(traceparent: str | None) -> Iterator[None]:
    """Within the block the work belongs to the trace; None leaves everything as it is."""
    if traceparent is None or not is_valid(traceparent):
        yield
        return
    token = _CARRIED.set(traceparent)
    try:
        yield
    finally:
        _CARRIED.reset(token)
