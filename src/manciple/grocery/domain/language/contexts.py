"""What kind of thing the assistant said before."""

import re

NONE = "none"
_KINDS = (
    ("out", re.compile(r"out of stock|unavailable|not available|sold out", re.IGNORECASE)),
    ("results", re.compile(r"results|options|found \d+|here are|showing|\b1\. .*2\. ", re.IGNORECASE | re.DOTALL)),
    ("ask", re.compile(r"\?\s*$")),
    ("added", re.compile(r"\badded\b|on your list|i put|in your cart|your list now|^done|removed|updated|changed", re.IGNORECASE)),
    ("order", re.compile(r"\border\b", re.IGNORECASE)),
    ("list", re.compile(r"\blists?\b|\bcart\b", re.IGNORECASE)),
    ("product", re.compile(r"\$\d|found|costs|\d (?:oz|ct|lb|count|rolls?)\b|here is", re.IGNORECASE)),
)  # fmt: skip


def kind_of(context: str | None) -> str:
    """The kind of the assistant's previous message: none, out, results, ask, added, …"""
    if not context:
        return NONE
    return next((kind for kind, pattern in _KINDS if pattern.search(context)), "other")
