"""Keeps foreign code away from inside: what it connects to is looked at when it connects.

A library that opens its own connections looks a name up again and follows redirects, so a check
beforehand proves nothing. The interpreter tells an audit hook every address just before it is
connected to; within `guarded` one that is not public is refused there.
"""

import contextlib
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any

from manciple.kit.outbound import is_public

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_is_on: ContextVar[bool] = ContextVar("is_on", default=False)


class NotPublic(OSError):
    """A connection that would have led inside; an OS error, for libraries expect those."""


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Within the block, this thread and its task connect to public addresses only."""
    _install()
    token = _is_on.set(True)
    try:
        yield
    finally:
        _is_on.reset(token)


@cache
def _install() -> None:
    # Hooks stay for good; there is one, and outside of blocks it only looks at the variable.
    sys.addaudithook(_on_event)


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS or not _is_on.get():
        return
    address = arguments[1]
    host = address[0] if isinstance(address, tuple) and address else None
    # A name is none of those either: what it means would be found out after this look at it.
    if not isinstance(host, str) or not is_public(host):
        raise NotPublic("leads inside")
