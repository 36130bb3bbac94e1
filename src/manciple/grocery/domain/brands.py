"""Brands: how people write them and what a brand alone says a thing is."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from manciple.grocery.domain.words import tokens

# Words that end a brand's registered name but that nobody types.
_LEGAL = frozenset({"inc", "co", "company", "foods", "food"})
_LONGEST = 7


@dataclass(frozen=True, slots=True)
class BrandMatch:
    """A brand named in words, from word `start` up to before word `end`."""

    brand: str
    start: int
    end: int


def brand_words(brand: str) -> tuple[str, ...]:
    """The brand's words as they are compared."""
    words = tokens(brand)
    if words[:1] == ["the"]:
        del words[0]
    while words and words[-1] in _LEGAL:
        words.pop()
    return tuple(words)


def without_brand(part: list[str], brand: tuple[str, ...]) -> list[str]:
    """The words without the brand, where it stands among them in one piece."""
    at = place_of_brand(part, brand) if brand else None
    return part if at is None else [*part[:at], *part[at + len(brand) :]]


def place_of_brand(part: Sequence[str], brand: tuple[str, ...]) -> int | None:
    """Where the brand's words stand in one piece."""
    size = len(brand)
    places = range(len(part) - size + 1)
    return next((at for at in places if tuple(part[at : at + size]) == brand), None)


class BrandLore:
    """What is known of brands apart from any catalog."""

    def __init__(self, text: str) -> None:
        table = tomllib.loads(text)
        self.aliases = {
            tuple(tokens(typed)): tuple(tokens(printed))
            for typed, printed in table["aliases"].items()
            if tokens(typed) != tokens(printed)
        }
        self.means = {tuple(tokens(brand)): kind for brand, kind in table["means"].items()}

    def meant(self, words: Sequence[str]) -> tuple[str, int, int] | None:
        """The kind that a brand in the words implies, and where; the longest brand counts."""
        for length in range(min(_LONGEST, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                kind = self.means.get(tuple(words[start : start + length]))
                if kind is not None:
                    return kind, start, start + length
        return None

    def unalias(self, words: list[str]) -> list[str]:
        """The words with each alias replaced by the brand as it is printed."""
        for length in range(min(_LONGEST + 2, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                printed = self.aliases.get(tuple(words[start : start + length]))
                if printed is not None:
                    return [*words[:start], *printed, *self.unalias(words[start + length :])]
        return words


class Brands:
    """The brands of one catalog."""

    def __init__(self, brands: Iterable[str]) -> None:
        self._phrases = {brand_words(brand): brand for brand in brands if brand_words(brand)}
        for words in brand_lore().means:
            self._phrases.setdefault(words, " ".join(words))
        self.vocabulary = frozenset(word for words in self._phrases for word in words)

    def find(self, words: Sequence[str]) -> list[BrandMatch]:
        """The brands named in the words, the longest first at each place, none overlapping."""
        found, at = [], 0
        while at < len(words):
            for length in range(min(_LONGEST, len(words) - at), 0, -1):
                brand = self._phrases.get(tuple(words[at : at + length]))
                if brand is not None:
                    found.append(BrandMatch(brand, at, at + length))
                    at += length
                    break
            else:
                at += 1
        return found


@cache
def brand_lore() -> BrandLore:
    """The lore that ships with the product."""
    path = files("manciple.grocery.domain.vocabulary") / "brands.toml"
    return BrandLore(path.read_text(encoding="utf-8"))
