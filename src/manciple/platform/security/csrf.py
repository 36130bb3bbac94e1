"""Whether a browser sends a request for one of our own pages, or for a stranger's.

Three layers for cookie sessions: the cookie is SameSite=Strict; the browser itself says where the
request comes from; and unsafe requests repeat a token that only our own pages can read.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({b"same-origin", b"none"})

RawHeaders = Mapping[bytes, bytes]


def is_unsafe(method: str) -> bool:
    """Whether a request by that method may change something."""
    return method not in _SAFE


def is_foreign(headers: RawHeaders, allowed: Collection[bytes] = ()) -> bool:
    """Whether a page of another origin sent this; programs, which send neither header, did not.

    `allowed` are origins that the owner of the house trusts.
    """
    origin = headers.get(b"origin")
    if origin is not None:
        if origin in allowed:
            return False
        if origin.partition(b"://")[2] != headers.get(b"host"):
            return True
    site = headers.get(b"sec-fetch-site")
    return site is not None and site not in _OWN_SITES


class CsrfTokens:
    """Makes and checks tokens that are bound to one session."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, session_id: str) -> str:
        """A new token for a session."""
        nonce = secrets.token_hex(16)
        return f"{nonce}.{self._seal(session_id, nonce)}"

    def is_valid(self, session_id: str, *, sent: str, cookie: str) -> bool:
        """Whether the header repeats the cookie, and both were made for this session."""
        nonce, _, seal = sent.partition(".")
        is_repeated = hmac.compare_digest(sent.encode(), cookie.encode())
        is_sealed = hmac.compare_digest(seal.encode(), self._seal(session_id, nonce).encode())
        return is_repeated and is_sealed

    def _seal(self, session_id: str, nonce: str) -> str:
        text = f"{session_id}\n{nonce}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()
