"""Introductions between services, and attacks on them."""

import jwt
import pytest

from manciple.kit.errors import NotSignedIn
from manciple.platform.security.permissions import Grant, Principal
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import Claims, KeyRing, SigningKey, Use
from manciple.platform.security.visits import STRANGER
from manciple.services.introductions import HEADER, Introductions
from tests.fakes import FakeClock

KEY = SigningKey("a", b"k" * 32)
ANN = Principal(user_id="ann", grants=frozenset({Grant.READ, Grant.WRITE}))


def signed(
    clock: FakeClock, *, use: Use = Use.MESH, key: SigningKey = KEY, good_s: int = 30
) -> str:
    """A token that says it is Ann."""
    now_s = int(clock.now().timestamp())
    claims = Claims(sub="ann", sid="", jti="1", scope="admin", iat=now_s, exp=now_s + good_s)
    return KeyRing([key]).sign(claims, use)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def revocations() -> Revocations:
    return Revocations(keep_s=900)


@pytest.fixture
def door(clock: FakeClock, revocations: Revocations) -> Introductions:
    return Introductions(KeyRing([KEY]), clock, revocations)


def came(door: Introductions, text: str) -> Principal:
    """Whoever the door takes it for; raises why it does not."""
    visit = door.visit({HEADER.encode(): text.encode()})
    if visit.failure is not None:
        raise visit.failure
    return visit.principal


def test_whoever_is_introduced_is_the_same_on_the_other_side(door: Introductions) -> None:
    text = door.headers_for(ANN, credential_id="session_1")[HEADER]
    assert came(door, text) == ANN


def test_a_stranger_is_introduced_to_nobody_and_stays_one(door: Introductions) -> None:
    assert door.headers_for(STRANGER) == {}
    assert door.visit({}).principal == STRANGER


def test_one_introduction_serves_many_calls_but_not_for_long(
    door: Introductions, clock: FakeClock
) -> None:
    first = door.headers_for(ANN)
    assert door.headers_for(ANN) == first
    clock.turn(11)
    assert door.headers_for(ANN) != first
    clock.turn(18)
    assert came(door, first[HEADER]) == ANN


def test_grants_that_changed_are_introduced_anew(door: Introductions) -> None:
    text = door.headers_for(ANN)[HEADER]
    less = Principal(user_id="ann", grants=frozenset({Grant.READ}))
    assert door.headers_for(less)[HEADER] != text


def test_an_introduction_runs_out(door: Introductions, clock: FakeClock) -> None:
    text = door.headers_for(ANN)[HEADER]
    clock.turn(30)
    with pytest.raises(NotSignedIn, match="run out"):
        came(door, text)


def test_another_house_cannot_introduce_anybody(door: Introductions, clock: FakeClock) -> None:
    with pytest.raises(NotSignedIn):
        came(door, signed(clock, key=SigningKey("a", b"x" * 32)))
    with pytest.raises(NotSignedIn):
        came(door, signed(clock, key=SigningKey("b", b"k" * 32)))


@pytest.mark.parametrize("use", [Use.ACCESS, Use.TICKET])
def test_a_token_for_another_use_introduces_nobody(
    door: Introductions, clock: FakeClock, use: Use
) -> None:
    with pytest.raises(NotSignedIn):
        came(door, signed(clock, use=use))


def test_an_introduction_is_no_token_of_a_public_door(
    door: Introductions, clock: FakeClock
) -> None:
    text = door.headers_for(ANN)[HEADER]
    for use in (Use.ACCESS, Use.TICKET):
        with pytest.raises(NotSignedIn):
            KeyRing([KEY]).read(text, now_s=clock.now().timestamp(), use=use)


def test_an_unsigned_or_tampered_one_is_refused(door: Introductions, clock: FakeClock) -> None:
    text = signed(clock)
    body = jwt.decode(text, options={"verify_signature": False})
    unsigned = jwt.encode(body, "", "none", headers={"kid": "a", "typ": "mesh+jwt"})
    head, _, signature = text.split(".")
    other = door.headers_for(ANN)[HEADER].split(".")[1]
    for forged in (unsigned, f"{head}.{other}.{signature}", text[:-4] + "AAAA", "", "x" * 9999):
        with pytest.raises(NotSignedIn):
            came(door, forged)


def test_one_that_is_good_for_long_was_not_made_by_us(
    door: Introductions, clock: FakeClock
) -> None:
    with pytest.raises(NotSignedIn, match="too long"):
        came(door, signed(clock, good_s=3600))


def test_it_ends_with_the_session_that_it_was_made_in(
    door: Introductions, clock: FakeClock, revocations: Revocations
) -> None:
    text = door.headers_for(ANN, credential_id="session_1")[HEADER]
    revocations.add(["session_1"], now_s=clock.now().timestamp())
    with pytest.raises(NotSignedIn, match="ended"):
        came(door, text)


def test_after_the_clock_was_set_back_callers_introduce_themselves_anew(
    door: Introductions, clock: FakeClock
) -> None:
    before = door.headers_for(ANN)[HEADER]
    assert door.headers_for(ANN)[HEADER] == before
    clock.turn(-3600)
    after = door.headers_for(ANN)[HEADER]
    assert came(door, after) == ANN
    with pytest.raises(NotSignedIn):
        came(door, before)
