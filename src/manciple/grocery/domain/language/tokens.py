"""Utterances cut into tokens that remember where they stood."""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?<=\S)[^\S\n]*+\n\s*+(?=\S)"  # a line break between words, with the space around it
    r"|[^\W\d_]{2,4}\d{1,3}\b|(?![xX])[^\W\d_]\d{1,2}\b"  # names such as "V8" and "PS5", not "x5"
    r"|(?i:it|that|t?here|what|where|who|how|when|let|s?he)['’][sS]\b"  # "what's" is said as one
    r"|[^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*"  # words, with their apostrophes
    r"|(?<=[^\W\d_])['’][sS]\b"  # "grandma's", "the milk's gone"
    r"|\d+(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)?%?|\.\d+"  # numbers, "2%" in one piece
    r"|[^\w\s]|_"
)


class Token(NamedTuple):
    """A token; `word` is its lower-case form without apostrophes, but for a possessive "'s"."""

    text: str
    word: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The tokens of `text` in order. A line break is read as a comma; other space is no token."""
    return [
        Token(word, "'s" if plain(word) == "s" != word else plain(word), found.start(), found.end())
        for found in _TOKEN.finditer(text)
        for word in ("," if found[0].isspace() else found[0],)
    ]


def plain(text: str) -> str:
    """`text` as words are compared: lower case, no apostrophes."""
    return text.lower().replace("'", "").replace("’", "")
