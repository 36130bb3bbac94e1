"""Passwords: which are taken, and how they are known again."""

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.platform.security import lockout
from manciple.platform.security.passwords import Passwords, problem_with

PASSWORDS = Passwords()


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "Passw0rd!!",
        "qwertyuiop",
        "1q2w3e4r5t",
        "aaaaaaaaaaaa",
        "iloveyou2024!",
        "correcthorsebattery",
        "0987654321",
        "letmeinletmein",
        "anna1990anna",
        "short",
        "x" * 257,
    ],
)
def test_what_everybody_tries_is_not_taken(password: str) -> None:
    assert problem_with(password, about=("anna@example.org", "Anna Smith")) is not None


@pytest.mark.parametrize(
    "password", ["tango lamp river", "jk4#fhvQp2x", "wegbier trinkt fisch", "ßüöä¿ñçåøł"]
)
def test_what_nobody_tries_is_taken(password: str) -> None:
    assert problem_with(password, about=("anna@example.org", "Anna Smith")) is None


def test_a_password_is_known_again_and_another_is_not() -> None:
    known = PASSWORDS.hash("tango lamp river")
    assert PASSWORDS.verify("tango lamp river", known).is_right
    assert not PASSWORDS.verify("tango lamp rivers", known).is_right
    assert known.startswith("$argon2id$")


def test_it_does_not_matter_how_a_keyboard_composed_a_letter() -> None:
    known = PASSWORDS.hash("cafe\u0301 tango lamp")
    assert PASSWORDS.verify("caf\u00e9 tango lamp", known).is_right


def test_an_old_hash_is_verified_and_made_new() -> None:
    long = "tango lamp river " * 6
    old = bcrypt.hashpw(long.encode()[:72], bcrypt.gensalt(4)).decode()
    verdict = PASSWORDS.verify(long, old)
    assert verdict.is_right
    assert verdict.upgraded is not None
    assert PASSWORDS.verify(long, verdict.upgraded).is_right
    assert not PASSWORDS.verify(long[:72], verdict.upgraded).is_right


def test_nobody_has_the_password_of_nobody() -> None:
    assert not PASSWORDS.verify("nobody has this password", None).is_right


@given(failures=st.integers(0, 10_000))
@settings(deadline=None)
def test_waiting_grows_with_each_failure_and_has_an_end(failures: int) -> None:
    wait_s = lockout.wait_s(failures)
    assert 0 <= wait_s <= lockout.wait_s(failures + 1) <= 15 * 60
    assert (wait_s == 0) == (failures < lockout.FREE_TRIES)
