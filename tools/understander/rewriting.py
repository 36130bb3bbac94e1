"""Sentences said otherwise: synonyms, determiners, dropped little words, occasions, asides."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.understander.grammar import Piece

# How often a sentence is rewritten in each of the ways.
_SYNONYM = 0.25
_OCCASION = 0.06
_TELEGRAPHIC = 0.05
_DETERMINED = 0.12
_KEPT = 0.4  # of the little words of a sentence in telegraphic style
_NAMED = ("product", "brand")
_NAMING = (*_NAMED, "dietary", "size")
_OTHER_NUMBER = {"those": "that", "these": "this", "that": "those", "this": "these"}
# What may stand before a name that had nothing before it, by how often people say it; "an" and
# the plural are minded most of the time only, as by most people.
_DETERMINERS = {
    "a": 8, "some": 5, "the": 5, "my": 3, "any": 2, "those": 3, "that": 2, "these": 2, "this": 2,
    "our": 1, "your": 1, "a little": 1, "a good": 1, "some good": 1, "the good": 1, "a nice": 1,
}  # fmt: skip
# What is on a list already is a certain thing.
_DEFINITE = ("the", "my", "those", "that", "these", "this", "our")
_OF_CERTAIN_THINGS = frozenset({"list_remove_items", "list_update_item", "list_check_off"})
_CARELESS = 0.1
# After these it would change what is said, or be wrong.
_NO_DETERMINER_AFTER = """
    a an the my our your his her their some any no without more another of this that these those
    not never one two x both each every all extra fewer less other only usual same new
"""
_BEFORE_NO_DETERMINER = frozenset(_NO_DETERMINER_AFTER.split())
_WITH_OCCASION = frozenset({"list_add_items", "product_search", "recommend", "stock_check"})


@dataclass(frozen=True)
class Synonyms:
    """Groups of phrases that stand for each other, by intent; "*" is every intent.

    Two groups are no synonyms: "occasion" is what things are for, "little" what may be left out.
    """

    groups: dict[str, Sequence[Sequence[str]]]

    @classmethod
    def read(cls, path: Path) -> "Synonyms":
        """The groups of the file at `path`."""
        groups: dict[str, list[list[str]]] = {}
        for line in path.read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                name, _, phrases = line.partition(": ")
                groups.setdefault(name, []).append([p.strip() for p in phrases.split(" | ")])
        return cls(dict(groups))

    def of(self, intents: Sequence[str]) -> list[Sequence[str]]:
        """The groups for a sentence with these intents."""
        return [group for name in (*intents, "*") for group in self.groups.get(name, ())]

    def rewritten(
        self, pieces: list[Piece], intents: Sequence[str], rng: random.Random
    ) -> list[Piece]:
        """`pieces` as somebody else would say them; entities and their labels stay."""
        if rng.random() < _SYNONYM:
            pieces = _with_synonym(pieces, self.of(intents), rng)
        if rng.random() < _DETERMINED:
            certain = not _OF_CERTAIN_THINGS.isdisjoint(intents)
            pieces = _determined(pieces, _DEFINITE if certain else tuple(_DETERMINERS), rng)
        if intents[-1] in _WITH_OCCASION and rng.random() < _OCCASION:
            pieces = [*pieces, (f" for {rng.choice(self.groups['occasion'][0])}", None)]
        if rng.random() < _TELEGRAPHIC:
            little = frozenset(self.groups["little"][0])
            pieces = [
                (text if label else _without(little, text, rng), label) for text, label in pieces
            ]
        return pieces


def _with_synonym(
    pieces: list[Piece], groups: Sequence[Sequence[str]], rng: random.Random
) -> list[Piece]:
    places = [
        (at, found, group)
        for group in groups
        for phrase in group
        for at, (text, label) in enumerate(pieces)
        if label is None
        for found in re.finditer(rf"(?<![\w'@]){re.escape(phrase)}(?![\w'])", text)
    ]
    if not places:
        return pieces
    at, found, group = rng.choice(places)
    text = pieces[at][0]
    changed = list(pieces)
    changed[at] = (text[: found.start()] + rng.choice(group) + text[found.end() :], None)
    return changed


def _determined(pieces: list[Piece], choices: Sequence[str], rng: random.Random) -> list[Piece]:
    """`pieces` with one of `choices` before a name that has no determiner and is not the first."""
    places = [
        at
        for at, (text, label) in enumerate(pieces[:-1])
        if label is None and _takes_determiner(text) and _noun(pieces[at + 1 : at + 4])
    ]
    if not places:
        return pieces
    at = rng.choice(places)
    noun = _noun(pieces[at + 1 : at + 4])
    chosen = rng.choices(choices, [_DETERMINERS[choice] for choice in choices])[0]
    if rng.random() >= _CARELESS:
        chosen = _agreeing(chosen, pieces[at + 1][0], noun)
    changed = list(pieces)
    changed[at] = (f"{pieces[at][0]}{chosen} ", None)
    return changed


def _takes_determiner(before: str) -> bool:
    found = re.search(r"([a-z']+) $", before.lower())
    return found is not None and found[1] not in _BEFORE_NO_DETERMINER


def _noun(phrase: Sequence[Piece]) -> str:
    """The last name of `phrase` if it begins with what may be said of a thing, else ""."""
    if phrase[0][1] not in _NAMING:
        return ""
    names = [text for text, label in phrase if label in _NAMED]
    return names[-1] if names else ""


def _agreeing(determiner: str, first: str, noun: str) -> str:
    plural = noun.endswith("s")
    if determiner == "a":
        return "some" if plural else "an" if first[:1].lower() in "aeiou" else "a"
    if determiner in _OTHER_NUMBER and plural != (determiner in ("those", "these")):
        return _OTHER_NUMBER[determiner]
    return determiner


def _without(little: frozenset[str], text: str, rng: random.Random) -> str:
    words = re.split(r"(?<= )", text)
    kept = [word for word in words if word.strip() not in little or rng.random() < _KEPT]
    return "".join(kept) or " "
