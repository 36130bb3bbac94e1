"""Signed tokens, keys that turn, and the chain of the audit trail."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.errors import NotSignedIn
from manciple.platform.security.addresses import client_address, is_direct_and_local, limit_key
from manciple.platform.security.addresses import networks as networks_of
from manciple.platform.security.audit_chain import START, Entry, first_broken, sealed
from manciple.platform.security.csrf import CsrfTokens
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import Claims, KeyRing, SigningKey, Use, new_key

CLAIMS = Claims(sub="ann", sid="session_1", jti="t1", scope="read", iat=1000, exp=1900)


def test_a_token_says_what_was_signed_until_it_runs_out() -> None:
    ring = KeyRing([new_key()])
    token = ring.sign(CLAIMS)
    assert ring.read(token, now_s=1899) == CLAIMS
    with pytest.raises(NotSignedIn, match="run out"):
        ring.read(token, now_s=1900)


def test_a_token_for_one_use_is_none_for_another() -> None:
    ring = KeyRing([new_key()])
    with pytest.raises(NotSignedIn):
        ring.read(ring.sign(CLAIMS, Use.TICKET), now_s=1000)


def test_a_turned_key_verifies_what_it_signed_and_signs_no_more() -> None:
    old, new = new_key(), new_key()
    token = KeyRing([old]).sign(CLAIMS)
    both = KeyRing([new, old])
    assert both.read(token, now_s=1000) == CLAIMS
    with pytest.raises(NotSignedIn):
        KeyRing([new]).read(token, now_s=1000)
    with pytest.raises(NotSignedIn):
        KeyRing([old]).read(both.sign(CLAIMS), now_s=1000)


def test_a_short_key_is_no_key() -> None:
    with pytest.raises(ValueError, match="at least"):
        KeyRing([SigningKey("a", b"short")])


@given(text=st.text(max_size=200))
def test_no_text_of_chance_is_a_token(text: str) -> None:
    with pytest.raises(NotSignedIn):
        KeyRing([SigningKey("a", b"k" * 32)]).read(text, now_s=0)


def trail(count: int) -> list[Entry]:
    entries: list[Entry] = []
    for seq in range(1, count + 1):
        previous = entries[-1].hash if entries else START
        entries.append(
            sealed(
                Entry(
                    seq=seq,
                    at="now",
                    actor="ann",
                    address="",
                    action="a",
                    object_id=str(seq),
                    outcome="done",
                    details="",
                    previous=previous,
                )
            )
        )
    return entries


@given(count=st.integers(2, 20), data=st.data())
def test_a_trail_breaks_where_it_was_changed_or_cut(count: int, data: st.DataObject) -> None:
    entries = trail(count)
    assert first_broken(entries) is None
    at = data.draw(st.integers(0, count - 1))
    changed = [*entries]
    changed[at] = msgspec.structs.replace(entries[at], actor="eve")
    assert first_broken(changed) == at + 1
    if at < count - 1:
        assert first_broken(entries[:at] + entries[at + 1 :]) == at + 2


def test_what_was_revoked_is_remembered_and_told_once() -> None:
    told: list[str] = []
    revocations = Revocations(keep_s=900)
    revocations.listen(told.extend)
    revocations.add(["s1"], now_s=0)
    revocations.add(["s1"], now_s=10)
    assert told == ["s1"]
    assert "s1" in revocations
    revocations.add(["s2"], now_s=2000)
    assert "s1" not in revocations


def test_a_csrf_token_is_good_for_its_session_only() -> None:
    tokens = CsrfTokens(b"k" * 32)
    token = tokens.make("s1")
    assert tokens.is_valid("s1", sent=token, cookie=token)
    assert not tokens.is_valid("s2", sent=token, cookie=token)
    assert not tokens.is_valid("s1", sent=token, cookie=tokens.make("s1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.1", b"198.51.100.7", "203.0.113.1"),
        ("10.0.0.1", b"198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", b"1.2.3.4, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", b"nonsense", "10.0.0.1"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("::ffff:10.0.0.1", b"1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", b"1.2.3.4, ::ffff:10.0.0.2", "1.2.3.4"),
        ("::ffff:192.168.1.5", b"1.2.3.4", "::ffff:192.168.1.5"),
    ],
)
def test_only_proxies_of_ours_are_believed(peer: str, forwarded: bytes, address: str) -> None:
    trusted = networks_of(["10.0.0.0/8"])
    assert client_address(peer, {b"x-forwarded-for": forwarded}, trusted) == address


@pytest.mark.parametrize(
    ("peer", "headers", "is_local"),
    [
        ("127.0.0.1", {b"host": b"localhost:3000"}, True),
        ("::1", {b"host": b"[::1]:3000"}, True),
        ("127.0.0.1", {b"host": b"evil.example"}, False),
        ("127.0.0.1", {b"host": b"localhost.evil.example"}, False),
        ("127.0.0.1", {b"host": b"localhost:x"}, False),
        ("127.0.0.1", {}, False),
        ("192.168.1.5", {b"host": b"localhost"}, False),
        ("127.0.0.1", {b"host": b"localhost", b"x-forwarded-for": b"1.2.3.4"}, False),
        ("127.0.0.1", {b"host": b"localhost", b"via": b"1.1 proxy"}, False),
    ],
)
def test_a_house_is_open_to_its_own_machine_only(
    peer: str, headers: dict[bytes, bytes], *, is_local: bool
) -> None:
    assert is_direct_and_local(peer, headers) is is_local


def test_a_whole_network_of_one_household_counts_as_one() -> None:
    assert limit_key("2001:db8:1:2::1") == limit_key("2001:db8:1:2:ffff::9")
    assert limit_key("2001:db8:1:2::1") != limit_key("2001:db8:1:3::1")
    assert limit_key("::ffff:192.0.2.1") == "192.0.2.1"
