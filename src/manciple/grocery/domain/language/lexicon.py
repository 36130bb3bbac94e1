"""Brands, products and other names that are known before any sentence is read."""

import gzip
from collections.abc import Iterable, Sequence
from importlib import resources

import msgspec

from manciple.grocery.domain.language.tokens import plain, tokenize

_LONGEST_PHRASE = 7
_LONG_WORD = 5
# Shorter words are something else with an s: "new", "it".
_PLURAL = 4


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """The lexicon as it is shipped: phrases by kind, and words with how common they are.

    `product_words` are words of product names with a degree from 1 (rare) to 3 (everywhere).
    """

    phrases: dict[str, list[str]]
    product_words: dict[str, int]
    words: dict[str, int]


class Lexicon:
    """Finds known names in a sentence, the longest first."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._kinds: dict[str, dict[tuple[str, ...], bool]] = {}
        for kind, phrases in names.phrases.items():
            self._kinds[kind] = {}
            self._add(kind, phrases)

    @classmethod
    def shipped(cls) -> "Lexicon":
        """The lexicon that came with the model."""
        packed = resources.files(__package__).joinpath("model/lexicon.json.gz").read_bytes()
        return cls(msgspec.json.decode(gzip.decompress(packed), type=Names))

    def tag(self, words: Sequence[str]) -> list[dict[str, str]]:
        """For each word the kinds of name it is part of: "B" begins one, "I" goes on."""
        tags: list[dict[str, str]] = [{} for _ in words]
        places = [at for at, word in enumerate(words) if word != "-" and word]
        for kind, known in self._kinds.items():
            self._tag_kind(kind, known, [(at, words[at]) for at in places], tags)
        return tags

    def degree(self, word: str) -> int:
        """How often `word` stands in product names, 0 (never) to 3."""
        degrees = self.names.product_words
        return next((degrees[form] for form in _forms(word) if form in degrees), 0)

    def _add(self, kind: str, phrases: Iterable[str]) -> None:
        known = self._kinds.setdefault(kind, {})
        for phrase in phrases:
            # The apostrophe is left out as often as not: "campbells".
            for spelling in {phrase, plain(phrase)}:
                key = _key(spelling)
                for length in range(1, len(key)):
                    known.setdefault(key[:length], False)
                if key:
                    known[key] = True

    @staticmethod
    def _tag_kind(
        kind: str,
        known: dict[tuple[str, ...], bool],
        placed: list[tuple[int, str]],
        tags: list[dict[str, str]],
    ) -> None:
        at = 0
        while at < len(placed):
            length = _longest(known, [word for _, word in placed[at : at + _LONGEST_PHRASE]])
            for step in range(length):
                tags[placed[at + step][0]][kind] = "B" if step == 0 else "I"
            at += max(1, length)


def _longest(known: dict[tuple[str, ...], bool], words: list[str]) -> int:
    best = 0
    key: tuple[str, ...] = ()
    for length, word in enumerate(words, start=1):
        longer = (*key, word)
        if any(known.get((*key, form)) for form in _forms(word)):
            best = length
        if longer not in known:
            break
        key = longer
    return best


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokenize(phrase) if token.word not in ("-", ".", ""))


def _forms(word: str) -> tuple[str, ...]:
    """`word` as it stands, and what else it may be listed as: "pencil" under "pencils"."""
    singular = _singular(word)
    return (word, singular) if singular != word or len(word) < _PLURAL else (word, word + "s")


def _singular(word: str) -> str:
    """`word` without its plural ending; short words ("pies", "gas") lose an s at most."""
    long = len(word) >= _LONG_WORD
    if long and word.endswith(("oes", "ches", "shes", "xes")):
        return word[:-2]
    if long and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and word[3:] else word
