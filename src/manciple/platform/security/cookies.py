"""Cookies of browser sessions: read from a header, and written with every protection.

`__Host-` makes the browser itself refuse them without Secure, with a Domain, or below a path.
Browsers take Secure cookies over plain HTTP from localhost only; anywhere else TLS is needed.
"""

SESSION_COOKIE = "__Host-manciple-session"
CSRF_COOKIE = "__Host-manciple-csrf"
_PROTECTION = "Path=/; Secure; HttpOnly; SameSite=Strict"
# More are no browser's; parsing must cost a stranger's request little.
_MAX_COOKIES = 50


def cookie_of(header: bytes, name: str) -> str | None:
    """The value of a cookie in a `Cookie` header; None if it is missing or there twice."""
    wanted = name.encode()
    found = [
        value.strip()
        for part in header.split(b";", _MAX_COOKIES)[:_MAX_COOKIES]
        for key, equals, value in [part.partition(b"=")]
        if equals and key.strip() == wanted
    ]
    return found[0].decode("latin-1") if len(found) == 1 else None


def set_cookie(name: str, value: str, *, max_age_s: int) -> bytes:
    """The value of a `Set-Cookie` header."""
    return f"{name}={value}; Max-Age={max_age_s}; {_PROTECTION}".encode("latin-1")


def drop_cookie(name: str) -> bytes:
    """The value of a `Set-Cookie` header that makes the browser forget a cookie."""
    return f"{name}=; Max-Age=0; {_PROTECTION}".encode("latin-1")
