"""What a household really means by its words: "milk" is the oat milk they asked for instead."""

import re
from datetime import datetime

import msgspec

MAX_PHRASE_CHARS = 100
# A household corrects a few dozen words; beyond this the oldest is forgotten.
MAX_CORRECTIONS = 500

_LEADING = re.compile(r"^(?:(?:the|a|an|some|my|our|any|of)\s+)+")


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """By `phrase` they mean `meant`, as a product where one is known; said `times` times."""

    phrase: str
    meant: str
    product_id: str | None = None
    brand: str | None = None
    times: int = 1
    updated_at: datetime


def phrase_key(words: str) -> str:
    """A phrase as corrections are kept under: lower case, without articles."""
    plain = " ".join(words.lower().split())[:MAX_PHRASE_CHARS]
    return _LEADING.sub("", plain)
