"""Word lists that steer a query: synonyms, occasions, the unwanted, things that are no food."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from manciple.grocery.domain.words import raw_tokens, tokens

Words = tuple[str, ...]
_LONGEST = 7


@dataclass(frozen=True, slots=True)
class Occasion:
    """An occasion or a use, and the kinds that people buy for it."""

    name: str
    made: tuple[str, ...]
    part: tuple[str, ...]
    loose: tuple[str, ...]
    words: frozenset[str]
    lifts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unwanted:
    """What a query turns away; see `vocabulary/unwanted.toml` for the fields."""

    name: str
    breaks: frozenset[Words]
    spares: frozenset[Words]
    says: frozenset[Words]
    claim: str | None
    doubtful: frozenset[Words] = frozenset()
    others: frozenset[Words] = frozenset()


class Phrases:
    """Phrases that lead to something, found the longest first."""

    def __init__(self, entries: Iterable[tuple[Words, str]]) -> None:
        self._entries: dict[Words, str] = {}
        for words, value in entries:
            if words:
                self._entries.setdefault(words, value)
        self.vocabulary = frozenset(word for words in self._entries for word in words)

    def get(self, words: Sequence[str]) -> str | None:
        """What exactly these words lead to."""
        return self._entries.get(tuple(words))

    def first(self, words: Sequence[str]) -> tuple[str, int, int] | None:
        """What the longest phrase in the words leads to, and where it stands."""
        for length in range(min(_LONGEST, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                value = self._entries.get(tuple(words[start : start + length]))
                if value is not None:
                    return value, start, start + length
        return None

    def replace(self, words: Sequence[str], kept: Sequence[range] = ()) -> list[str]:
        """The words with the longest phrase at each place replaced by what it leads to.

        A phrase that stands inside a longer range of `kept` stays ("pop" of "pop tart").
        """
        out: list[str] = []
        at = 0
        while at < len(words):
            for length in range(min(_LONGEST, len(words) - at), 0, -1):
                value = self._entries.get(tuple(words[at : at + length]))
                inside = any(
                    at in each and at + length - 1 in each and len(each) > length for each in kept
                )
                if value is not None and not inside:
                    out.extend(tokens(value))
                    at += length
                    break
            else:
                out.append(words[at])
                at += 1
        return out


class Wordings:
    """All word lists that ship with the product."""

    def __init__(self) -> None:
        synonyms = _toml("synonyms.toml")["words"]
        self.synonyms = Phrases((tuple(tokens(typed)), meant) for typed, meant in synonyms.items())
        occasions = _toml("occasions.toml")
        self.occasions = {name: _occasion(name, entry) for name, entry in occasions.items()}
        self.asks = Phrases(
            (tuple(tokens(ask)), name) for name, entry in occasions.items() for ask in entry["asks"]
        )
        unwanted = _toml("unwanted.toml")
        self.unwanted = {name: _unwanted(name, entry) for name, entry in unwanted.items()}
        self.turned_away = Phrases(
            (tuple(tokens(ask)), name) for name, entry in unwanted.items() for ask in entry["names"]
        )
        small = _toml("query_words.toml")
        self.fillers = frozenset(small["fillers"])
        self.everyday = frozenset(small["everyday"])
        household = _toml("household.toml")
        self.household = Phrases((tuple(tokens(each)), each) for each in household["phrases"])
        self.food_after_all = Phrases((tuple(tokens(each)), each) for each in household["spares"])


def _occasion(name: str, entry: dict[str, list[str]]) -> Occasion:
    return Occasion(
        name,
        tuple(entry["made"]),
        tuple(entry["part"]),
        tuple(entry["loose"]),
        frozenset(word for each in entry["words"] for word in tokens(each)),
        frozenset(word for each in entry["lifts"] for word in [*tokens(each), *raw_tokens(each)]),
    )


def _unwanted(name: str, entry: dict[str, Any]) -> Unwanted:
    phrases = {
        field: frozenset(tuple(tokens(each)) for each in entry.get(field, ()))
        for field in ("breaks", "spares", "says", "doubtful", "others")
    }
    return Unwanted(name=name, claim=entry.get("claim"), **phrases)


def _toml(name: str) -> dict[str, Any]:
    path = files("manciple.grocery.domain.vocabulary") / name
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def wordings() -> Wordings:
    """The word lists, read once."""
    return Wordings()


@lru_cache(maxsize=1024)
def _by_length(phrases: frozenset[Words]) -> tuple[frozenset[str], tuple[Words, ...]]:
    """The single words, and the longer phrases."""
    single = frozenset(phrase[0] for phrase in phrases if len(phrase) == 1)
    return single, tuple(phrase for phrase in phrases if len(phrase) > 1)


def holds_any(words: Sequence[str], phrases: frozenset[Words]) -> bool:
    """Whether any of the phrases stands in the words."""
    single, longer = _by_length(phrases)
    if not single.isdisjoint(words):
        return True
    return any(phrase[0] in words and holds(words, phrase) for phrase in longer)


def holds(words: Sequence[str], phrase: Words) -> bool:
    """Whether the phrase stands in the words, in one piece."""
    if len(phrase) == 1:
        return phrase[0] in words
    size = len(phrase)
    return any(tuple(words[at : at + size]) == phrase for at in range(len(words) - size + 1))


def place_of(words: Words, phrase: Words) -> int | None:
    """Where the phrase begins in the words, or where they have it as one word."""
    size = len(phrase)
    for at in range(len(words) - size + 1):
        if words[at : at + size] == phrase:
            return at
    joined = "".join(phrase)
    return next((at for at, word in enumerate(words) if word == joined), None)
