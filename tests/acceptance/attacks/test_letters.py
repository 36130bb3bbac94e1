"""Letters that look the same and are written differently, in addresses and passwords."""

import unicodedata

import pytest

from tests.acceptance.attacks.besieged import House, code

NAME = "zo\u00eb.m\u00fcller"
# As long as a password may be, nearly, and longer where its letters are not composed.
PASSWORD = "m\u00efghty gr\u00eb\u00e9n p\u00e4str\u00ef\u00ebs " * 11


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def widened(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.fixture(scope="module")
def zoe(house: House) -> str:
    person = {"email": f"{NAME}@example.org", "password": PASSWORD, "displayName": "Zoe"}
    assert code(house.stranger.do("auth.register", person)) == "OK"
    return person["email"]


def test_a_long_password_signs_in_however_a_keyboard_composes_it(house: House, zoe: str) -> None:
    password = decomposed(PASSWORD)
    assert len(password) > 256
    assert code(house.stranger.do("auth.signIn", {"email": zoe, "password": password})) == "OK"
    wrong = {"email": zoe, "password": password[:-9]}
    assert code(house.stranger.do("auth.signIn", wrong)) == "UNAUTHORIZED"


@pytest.mark.parametrize(
    "email",
    [
        decomposed(f"{NAME}@example.org"),
        f"bob@{widened('example')}.org",
        f"{widened('bob@')}example.org",
        "BOB@example.org",
    ],
)
def test_an_address_is_the_same_however_its_letters_are_written(
    house: House, zoe: str, email: str
) -> None:
    assert zoe
    person = {"email": email, "password": "gravel pony nine", "displayName": "Not Bob"}
    assert code(house.stranger.do("auth.register", person)) == "CONFLICT"
