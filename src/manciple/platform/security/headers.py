"""Headers that every answer has: what browsers may do with it."""

HeaderList = list[tuple[bytes, bytes]]

# Pages of ours run no script but their own files and speak to nobody but this house.
_CONTENT = (
    b"default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; "
    b"connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'"
)

ALWAYS: HeaderList = [
    (b"content-security-policy", _CONTENT),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"permissions-policy",
        b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
"""The same for every answer of every door, also for those that the server itself gives."""

# Two years, as the preload lists of browsers ask.
_HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


def for_house(*, behind_tls: bool) -> HeaderList:
    """The headers of every answer; with TLS in front, browsers are told to insist on it."""
    return [*ALWAYS, _HSTS] if behind_tls else ALWAYS
