"""Why the house ends connections of the event sockets: one word each, and its close code."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from picows import WSCloseCode


class Ending(StrEnum):
    """Why the house ends a connection; few enough to be a label of a metric."""

    FULL = "full"
    """There are as many as the house takes."""
    DRAINING = "draining"
    """This process goes."""
    ORIGIN = "origin"
    """A page of a strange origin asked; it gets an answer of HTTP, no close code."""
    REFUSED = "refused"
    """Who it is was not taken, or has too many connections."""
    REVOKED = "revoked"
    """What let it in has ended, or what it may hear is another."""
    FLOOD = "flood"
    """It said more than anybody may."""
    UNSUPPORTED = "unsupported"
    """It sent what is no whole text."""
    SILENT = "silent"
    """It gave no sign of life."""


CODES: Mapping[Ending, WSCloseCode] = MappingProxyType(
    {
        Ending.FULL: WSCloseCode.TRY_AGAIN_LATER,
        Ending.DRAINING: WSCloseCode.SERVICE_RESTART,
        Ending.ORIGIN: WSCloseCode.POLICY_VIOLATION,
        Ending.REFUSED: WSCloseCode.POLICY_VIOLATION,
        Ending.REVOKED: WSCloseCode.POLICY_VIOLATION,
        Ending.FLOOD: WSCloseCode.POLICY_VIOLATION,
        Ending.UNSUPPORTED: WSCloseCode.UNSUPPORTED_DATA,
        Ending.SILENT: WSCloseCode.GOING_AWAY,
    }
)
