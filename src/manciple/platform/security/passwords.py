"""Passwords: hashed slowly, verified in constant time, and not those that everybody tries.

Hashing costs tens of milliseconds and 19 MiB, so callers run it in a thread and bound how many.
"""

import unicodedata
from dataclasses import dataclass

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from manciple.platform.security.guessable import is_guessable

# NIST SP 800-63B asks for 8; two more cost people nothing and guessers a factor of thousands.
MIN_LENGTH = 10
# Longer than any sentence; without a bound, hashing would be a way to keep us busy.
MAX_LENGTH = 256
# What bcrypt reads; newer libraries refuse more, older ones forgot the rest.
_BCRYPT_BYTES = 72


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is right; `upgraded` is a newer hash to keep in place of an old one."""

    is_right: bool
    upgraded: str | None = None


class Passwords:
    """Hashes with argon2id; knows bcrypt, and asks to replace it."""

    def __init__(self) -> None:
        # OWASP's least: 19 MiB, two passes. A small computer can sign in several people at once.
        argon2 = Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._hasher = PasswordHash((argon2, BcryptHasher()))
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return self._hasher.hash(_settled(password))

    def verify(self, password: str, known: str | None) -> Verdict:
        """Whether `password` is the one of the hash `known`.

        None stands for a user that does not exist: it is never right, and takes as long.
        """
        # Cut only now: composing letters makes a text shorter, as it did when it was hashed.
        text = _settled(password)[: MAX_LENGTH + 1]
        if known is not None and known.startswith("$2"):
            text = text.encode()[:_BCRYPT_BYTES].decode("utf-8", "ignore")
        is_right, upgraded = self._hasher.verify_and_update(text, known or self._nobody)
        if known is None or not is_right:
            return Verdict(is_right=False)
        return Verdict(is_right=True, upgraded=None if upgraded is None else self.hash(password))


def problem_with(password: str, *, about: tuple[str, ...]) -> str | None:
    """Why a new password is not taken; `about` are words that belong to its owner."""
    text = _settled(password)
    if len(text) < MIN_LENGTH:
        return f"must have at least {MIN_LENGTH} characters"
    if len(text) > MAX_LENGTH:
        return f"must have at most {MAX_LENGTH} characters"
    if is_guessable(text, about=about):
        return "is among the first that anybody would try; add words of your own"
    return None


def _settled(password: str) -> str:
    """The same password however a keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)
