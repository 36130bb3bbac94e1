"""Tokens: signed ones that speak for themselves, and random ones that are looked up.

A signed token (JWT) lives minutes and says who, for whom, and by which session. A random one is
kept only as its hash, so that a stolen database signs nobody in. No I/O; keys come from outside.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from manciple.kit.errors import NotSignedIn
from manciple.kit.late import Late

if TYPE_CHECKING:
    import jwt
else:
    # With the cryptography that it loads 11 MB, which a service that no token reaches saves.
    jwt = Late("jwt")

ISSUER = "manciple"
ALGORITHM = "HS256"
# HS256 gives its full strength from 32 bytes.
KEY_BYTES = 32
INVITATION_PREFIX = "minv_"
REFRESH_PREFIX = "mrt_"
API_PREFIX = "mat_"
SESSION_PREFIX = "mst_"
# Clocks of two machines differ; more than this is somebody's mistake.
_LEEWAY_S = 5
_REQUIRED = ["iss", "aud", "sub", "jti", "iat", "exp", "sid", "scope"]
# A signed token of ours has some 400 bytes.
_LONGEST_TOKEN = 4096


class Use(StrEnum):
    """What a signed token is for; one for another use is refused. The value is its audience."""

    ACCESS = "manciple-api"
    TICKET = "manciple-socket"
    MESH = "mesh"


_TYPES = {Use.ACCESS: "at+jwt", Use.TICKET: "ticket+jwt", Use.MESH: "mesh+jwt"}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key with the id under which tokens name it."""

    kid: str
    secret: bytes


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed token says; instants are whole seconds since 1970."""

    sub: str
    sid: str
    jti: str
    scope: str
    iat: int
    exp: int


class KeyRing:
    """Signs with its first key, and verifies with any of them.

    Turning keys: put a new one first; the old one goes when its last token has run out.
    """

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        if not keys or any(len(key.secret) < KEY_BYTES for key in keys):
            message = f"a key ring needs keys of at least {KEY_BYTES} bytes"
            raise ValueError(message)
        self._first = keys[0]
        self._by_kid = {key.kid: key for key in keys}

    def derived(self, purpose: str) -> bytes:
        """A key for another purpose, bound to the first one."""
        return self.all_derived(purpose)[0]

    def all_derived(self, purpose: str) -> list[bytes]:
        """The keys for another purpose, one bound to each of ours, in their order."""
        person = purpose.encode()[:16]
        keys = self._by_kid.values()
        return [hashlib.blake2b(key.secret[:64], person=person).digest() for key in keys]

    def sign(self, claims: Claims, use: Use = Use.ACCESS) -> str:
        """The token that says `claims`."""
        body = {**msgspec.structs.asdict(claims), "iss": ISSUER, "aud": use.value}
        headers = {"kid": self._first.kid, "typ": _TYPES[use]}
        return jwt.encode(body, self._first.secret, ALGORITHM, headers=headers)

    def read(self, token: str, *, now_s: float, use: Use = Use.ACCESS) -> Claims:
        """What a token says.

        Raises:
            NotSignedIn: it is not ours, not for us, or has run out.
        """
        try:
            if len(token) > _LONGEST_TOKEN:
                raise jwt.InvalidTokenError
            claims = msgspec.convert(self._body(token, use), Claims)
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError) as error:
            raise NotSignedIn("The token is not valid") from error
        if claims.exp <= now_s:
            raise NotSignedIn("The token has run out; refresh it")
        if claims.iat > now_s + _LEEWAY_S:
            raise NotSignedIn("The token is not valid")
        return claims

    def _body(self, token: str, use: Use) -> dict[str, object]:
        head = jwt.get_unverified_header(token)
        key = self._by_kid.get(str(head.get("kid")))
        if key is None or head.get("typ") != _TYPES[use] or "crit" in head:
            raise jwt.InvalidTokenError
        # Times are compared with the house's own clock, above.
        options = {"require": _REQUIRED, "verify_exp": False, "verify_iat": False}
        body: dict[str, object] = jwt.decode(
            token,
            key.secret,
            algorithms=[ALGORITHM],
            audience=use.value,
            issuer=ISSUER,
            options=options,  # type: ignore[arg-type]  # the library's own type lacks a name
        )
        return body


def new_key() -> SigningKey:
    """A new random key."""
    return SigningKey(kid=secrets.token_hex(8), secret=secrets.token_bytes(KEY_BYTES))


def new_secret(prefix: str) -> str:
    """A new random token of 256 bits; its prefix says what it is, also to secret scanners."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """The hash under which a random token is kept; it needs no salt, for nobody can guess it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
