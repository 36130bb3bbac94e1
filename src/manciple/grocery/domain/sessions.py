"""Shopping sessions: one trip or one online basket, from its start to its end.

`NEXT` is the whole machine; a test walks every path of it.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import msgspec

from manciple.kit.errors import Refused


class SessionType(StrEnum):
    """How the shopping is done."""

    ONLINE = "online"
    IN_STORE = "in_store"
    PICKUP = "pickup"
    DELIVERY = "delivery"


class SessionStatus(StrEnum):
    """Where a session is. `HANDED_OVER`: the shop's cart was offered; what followed is unknown."""

    ACTIVE = "active"
    PAUSED = "paused"
    REVIEWING = "reviewing"
    HANDED_OVER = "handed_over"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class SessionVerb(StrEnum):
    """What can be done to a session as a whole."""

    PAUSE = "pause"
    RESUME = "resume"
    REVIEW = "review"
    REOPEN = "reopen"
    HAND_OVER = "hand_over"
    COMPLETE = "complete"
    ABANDON = "abandon"


_S, _V = SessionStatus, SessionVerb

NEXT: Mapping[tuple[SessionStatus, SessionVerb], SessionStatus] = MappingProxyType(
    {
        (_S.ACTIVE, _V.PAUSE): _S.PAUSED,
        (_S.ACTIVE, _V.REVIEW): _S.REVIEWING,
        (_S.ACTIVE, _V.COMPLETE): _S.COMPLETED,
        (_S.ACTIVE, _V.ABANDON): _S.ABANDONED,
        (_S.PAUSED, _V.RESUME): _S.ACTIVE,
        (_S.PAUSED, _V.ABANDON): _S.ABANDONED,
        (_S.REVIEWING, _V.REVIEW): _S.REVIEWING,
        (_S.REVIEWING, _V.REOPEN): _S.ACTIVE,
        (_S.REVIEWING, _V.HAND_OVER): _S.HANDED_OVER,
        (_S.REVIEWING, _V.ABANDON): _S.ABANDONED,
        (_S.HANDED_OVER, _V.COMPLETE): _S.COMPLETED,
        (_S.HANDED_OVER, _V.ABANDON): _S.ABANDONED,
    }
)
ENDED = frozenset({SessionStatus.COMPLETED, SessionStatus.ABANDONED})
# A store has no cart to hand over to; a basket on line is paid for only after it was.
_IN_STORE_ONLY = frozenset({(_S.ACTIVE, _V.COMPLETE)})
_NOT_IN_STORE = frozenset({_V.REVIEW, _V.HAND_OVER})


class ShoppingSession(msgspec.Struct, frozen=True, kw_only=True):
    """One session over one list; `version` counts its changes from 1."""

    session_id: str
    user_id: str
    household_id: str | None = None
    list_id: str | None
    type: SessionType
    status: SessionStatus = SessionStatus.ACTIVE
    budget_cents: int | None = None
    version: int = 1
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None

    def require_picking(self) -> None:
        """Returns if things can be picked and put back now.

        Raises:
            Refused: the session is not active.
        """
        if self.status is not SessionStatus.ACTIVE:
            raise Refused(f"The session is {self.status}, not active")


def allowed(session: ShoppingSession) -> tuple[SessionVerb, ...]:
    """What can be done to the session now."""
    return tuple(verb for verb in SessionVerb if _next(session, verb) is not None)


def step(session: ShoppingSession, verb: SessionVerb, *, at: datetime) -> ShoppingSession:
    """The session after `verb`.

    Raises:
        Refused: that cannot be done to a session of this type and status.
    """
    status = _next(session, verb)
    if status is None:
        kind = session.type.replace("_", "-")
        raise Refused(f"Cannot {verb.replace('_', ' ')}: the {kind} session is {session.status}")
    return msgspec.structs.replace(
        session,
        status=status,
        version=session.version + 1,
        updated_at=at,
        ended_at=at if status in ENDED else None,
    )


def _next(session: ShoppingSession, verb: SessionVerb) -> SessionStatus | None:
    is_in_store = session.type is SessionType.IN_STORE
    if (is_in_store and verb in _NOT_IN_STORE) or (
        not is_in_store and (session.status, verb) in _IN_STORE_ONLY
    ):
        return None
    return NEXT.get((session.status, verb))
