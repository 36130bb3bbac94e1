"""Puts the gate before an application of an open house."""

from collections.abc import Collection

from starlette.types import ASGIApp

from manciple.platform.rpc.cors import Cors
from manciple.services.gate import Gate
from manciple.services.house import House

_PROBES = frozenset({"/livez", "/readyz", "/startupz", "/health", "/metrics", "/openapi.json"})


def gated(house: House, inside: ASGIApp, *, free: Collection[str] = ()) -> Gate:
    """The application behind the gate; paths in `free`, and probes, count nothing."""
    security = house.security
    return Gate(
        inside,
        guard=security.guard,
        limits=security.limits,
        open_streams=security.open_streams,
        csrf_tokens=security.csrf_tokens,
        cors=Cors(house.settings.wire),
        base_path=house.settings.wire.base_path,
        path_separator=house.settings.wire.path_separator,
        streams=house.streams,
        free=_PROBES | {*free},
    )
