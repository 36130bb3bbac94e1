from itertools import product

import msgspec
import pytest

from manciple.grocery.domain.sessions import (
    ENDED,
    SessionStatus,
    SessionType,
    SessionVerb,
    ShoppingSession,
    allowed,
    step,
)
from manciple.kit.errors import Refused
from tests.list_builders import NOON

S, V = SessionStatus, SessionVerb


def a_session(kind: SessionType, status: SessionStatus = S.ACTIVE) -> ShoppingSession:
    return ShoppingSession(
        session_id="session_1",
        user_id="ann",
        list_id="list_1",
        type=kind,
        status=status,
        started_at=NOON,
        updated_at=NOON,
    )


def reachable(kind: SessionType, start: SessionStatus = S.ACTIVE) -> set[SessionStatus]:
    """Every status that some path of verbs leads to."""
    seen, edge = {start}, [start]
    while edge:
        session = a_session(kind, edge.pop())
        fresh = {step(session, verb, at=NOON).status for verb in allowed(session)} - seen
        seen |= fresh
        edge.extend(fresh)
    return seen


@pytest.mark.parametrize("kind", SessionType)
def test_every_status_is_reached_but_a_stores_till_is_no_hand_off(kind: SessionType) -> None:
    barred = {S.REVIEWING, S.HANDED_OVER} if kind is SessionType.IN_STORE else set()
    assert reachable(kind) == set(S) - barred


@pytest.mark.parametrize("kind", SessionType)
def test_every_path_can_still_end_both_ways(kind: SessionType) -> None:
    for status in reachable(kind) - ENDED:
        assert reachable(kind, status) >= ENDED


@pytest.mark.parametrize(("kind", "status"), list(product(SessionType, sorted(ENDED))))
def test_an_ended_session_takes_no_verb(kind: SessionType, status: SessionStatus) -> None:
    assert allowed(a_session(kind, status)) == ()


@pytest.mark.parametrize(("kind", "status", "verb"), list(product(SessionType, S, V)))
def test_each_step_is_taken_or_refused_and_never_anything_else(
    kind: SessionType, status: SessionStatus, verb: SessionVerb
) -> None:
    session = a_session(kind, status)
    if verb not in allowed(session):
        with pytest.raises(Refused):
            step(session, verb, at=NOON)
        return
    after = step(session, verb, at=NOON)
    assert after.version == session.version + 1
    assert (after.ended_at is not None) == (after.status in ENDED)


@pytest.mark.parametrize("kind", SessionType)
def test_a_basket_on_line_is_completed_only_after_its_hand_off(kind: SessionType) -> None:
    completes_from = {
        status for status in S if V.COMPLETE in allowed(a_session(kind, status))
    } & reachable(kind)
    is_in_store = kind is SessionType.IN_STORE
    assert completes_from == ({S.ACTIVE} if is_in_store else {S.HANDED_OVER})


@pytest.mark.parametrize(("kind", "status"), list(product(SessionType, S)))
def test_things_are_picked_in_an_active_session_only(
    kind: SessionType, status: SessionStatus
) -> None:
    session = msgspec.structs.replace(a_session(kind), status=status)
    if status is S.ACTIVE:
        session.require_picking()
    else:
        with pytest.raises(Refused):
            session.require_picking()
