"""What kind of thing the assistant said before."""

import re

NONE = "none"
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for kind, pattern in (
        ("out", r"out of stock|unavailable|not available|sold out"),
        ("results", r"results|options|found \d+|here are|showing|\b1\. .*2\. "),
        ("ask", r"\?\s*$"),
        (
            "added",
            (
                r"\badded\b|on your list|i put|in your cart|your list now|^done|removed|updated"
                r"|changed"
            ),
        ),
        ("order", r"\border\b"),
        ("list", r"\blists?\b|\bcart\b"),
        ("product", r"\$\d|found|costs|\d (?:oz|ct|lb|count|rolls?)\b|here is"),
    )
)


def kind_of(context: str | None) -> str:
    """The kind of the assistant's previous message: none, out, results, ask, added and so on."""
    if not context:
        return NONE
    return next((kind for kind, pattern in _KINDS if pattern.search(context)), "other")
