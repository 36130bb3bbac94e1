"""Numbers as people write and say them: digits, words, fractions, dozens."""

import re
import unicodedata

_TO_NINETEEN = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_BY_TEN = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: value for value, word in enumerate(_TO_NINETEEN.split())}
TENS = {word: 10 * value for value, word in enumerate(_BY_TEN.split(), start=2)}
VAGUE = {"couple": 2.0, "pair": 2.0, "few": 3.0, "several": 4.0, "dozen": 12.0, "dozens": 12.0}
_DOZENS = ("dozen", "dozens", "doz", "dz")
FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3, "quarters": 0.25, "thirds": 1 / 3}
NUMBER_WORDS = frozenset({*ONES, *TENS, *VAGUE, *FRACTIONS, *_DOZENS, "hundred", "thousand"})
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
_FRACTION = re.compile(r"(?:(\d{1,6})\s+)?(\d{1,6})\s*/\s*(\d{1,6})")
_PARTS = re.compile(r"[a-z]+|\d+(?:,\d{3})*(?:\.\d+)?|\.\d+|[¼½¾⅓⅔⅛]")
_LARGEST = 1e9


def value_of(phrase: str) -> float | None:
    """The number that `phrase` says, or None: "a dozen" is 12, "1 1/2" is 1.5, "x5" is 5."""
    text = phrase.lower()
    if found := _FRACTION.search(text):
        whole, above, below = found.groups()
        return float(whole or 0) + int(above) / int(below) if int(below) else None
    total = _sum(_PARTS.findall(text))
    return total if total is not None and total <= _LARGEST else None


def _sum(parts: list[str]) -> float | None:
    total: float | None = None
    for part in parts:
        total = _with(total, part)
    if total is None and any(part in ("a", "an") for part in parts):
        return 1.0
    return total


def _with(total: float | None, part: str) -> float | None:
    if (number := _plain_number(part)) is not None:
        return (total or 0.0) + number
    if part in ("hundred", "thousand"):
        return (1.0 if total is None else total) * (100.0 if part == "hundred" else 1000.0)
    if part in _DOZENS:
        return 12.0 * (1.0 if total is None else total)
    if part in VAGUE:
        return VAGUE[part]
    if part in FRACTIONS:
        return _fraction(total, part)
    return total


def _fraction(total: float | None, part: str) -> float:
    if total is not None and part in ("quarters", "thirds"):
        return total * FRACTIONS[part]
    return (total or 0.0) + FRACTIONS[part]


def _plain_number(part: str) -> float | None:
    if part in ONES:
        return float(ONES[part])
    if part in TENS:
        return float(TENS[part])
    if _DIGITS.fullmatch(part):
        return float(part.replace(",", ""))
    return unicodedata.numeric(part) if len(part) == 1 and not part.isascii() else None


def is_number(word: str) -> bool:
    """Whether `word` alone is a number in digits or in words."""
    return word[:1].isdecimal() or word in NUMBER_WORDS or word in ("¼", "½", "¾")
