"""Sentences said otherwise: synonyms, dropped little words, occasions nobody asked for."""

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
_KEPT = 0.4  # of the little words of a sentence in telegraphic style
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


def _without(little: frozenset[str], text: str, rng: random.Random) -> str:
    words = re.split(r"(?<= )", text)
    kept = [word for word in words if word.strip() not in little or rng.random() < _KEPT]
    return "".join(kept) or " "
