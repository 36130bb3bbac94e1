"""Callers as seen in an ASGI scope; headers are decoded only when somebody reads them."""

from collections.abc import Iterator, Mapping
from typing import Any

from manciple.kit import trace_context
from manciple.platform.rpc import deadlines
from manciple.platform.rpc.procedure import Caller

_TRACE = trace_context.HEADER.encode()


class LazyHeaders(Mapping[str, str]):
    """Headers by lower-case name, over the bytes that the server gave."""

    __slots__ = ("_raw",)

    def __init__(self, raw: Mapping[bytes, bytes]) -> None:
        self._raw = raw

    def __getitem__(self, name: str) -> str:
        return self._raw[name.lower().encode("latin-1")].decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def take_along(headers: Mapping[bytes, bytes]) -> None:
    """Keeps, for the task at work on a request, its deadline and the trace that it belongs to."""
    deadlines.take(headers)
    if (traceparent := headers.get(_TRACE)) is not None:
        trace_context.take(traceparent.decode("latin-1"))


def caller_of(
    scope: Mapping[str, Any],
    headers: Mapping[bytes, bytes],
    *,
    params: Mapping[str, str] | None,
    door: str,
) -> Caller:
    """Where a call comes from; `host` is the address of the peer."""
    client = scope.get("client")
    return Caller(
        headers=LazyHeaders(headers),
        connection_params=params,
        host=client[0] if client else "",
        door=door,
        visit=scope.get("manciple.visit"),
    )
