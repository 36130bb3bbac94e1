"""The phrase grammar of training/: templates that expand to annotated sentences."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TYPES = {
    "P": "product", "B": "brand", "Q": "quantity", "U": "unit", "S": "size", "D": "dietary",
    "M": "price_max", "N": "price_min", "C": "price", "L": "list_name", "T": "time",
    "F": "fulfillment", "O": "sort", "R": "order_ref", "A": "attribute", "X": "reference",
}  # fmt: skip
Piece = tuple[str, str | None]
Slot = Callable[[random.Random], list[Piece]]
_WEIGHTED = re.compile(r"(\d+)\*(.*)", re.DOTALL)
_SPAN = re.compile(r"<([A-Z])([!~]?)\|")


@dataclass(frozen=True)
class Choice:
    """One of several sequences, by weight."""

    options: Sequence["Node"]
    weights: Sequence[int]


@dataclass(frozen=True)
class Marked:
    """A sequence whose text is an entity."""

    label: str
    inside: "Node"


@dataclass(frozen=True)
class Ref:
    """A non-terminal by name."""

    name: str


@dataclass(frozen=True)
class Node:
    """A sequence of text, choices, references and entities."""

    parts: Sequence["str | Choice | Marked | Ref"]


@dataclass
class Grammar:
    """Non-terminals, those written in files and those made by code."""

    rules: dict[str, Choice] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)

    def expand(self, node: Node, rng: random.Random) -> list[Piece]:
        """One sentence of `node`, as pieces of text with their labels."""
        pieces: list[Piece] = []
        for part in node.parts:
            if isinstance(part, str):
                pieces.append((part, None))
            elif isinstance(part, Choice):
                pieces.extend(self._choose(part, rng))
            elif isinstance(part, Marked):
                text = "".join(text for text, _ in self.expand(part.inside, rng))
                pieces.append((text, part.label))
            else:
                pieces.extend(self._resolve(part.name, rng))
        return pieces

    def _choose(self, choice: Choice, rng: random.Random) -> list[Piece]:
        return self.expand(rng.choices(choice.options, choice.weights)[0], rng)

    def _resolve(self, name: str, rng: random.Random) -> list[Piece]:
        if name in self.slots:
            return self.slots[name](rng)
        return self._choose(self.rules[name], rng)


def read_rules(path: Path) -> dict[str, Choice]:
    """The non-terminals of a grammar file: "@name", then one alternative a line."""
    lines: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text().splitlines():
        if line.startswith("@"):
            name = line[1:].strip()
            lines[name] = []
        elif name and line.strip() and not line.startswith("#"):
            lines[name].append(line.rstrip() if name.endswith("post") else line.strip())
    return {name: _weighted(alternatives) for name, alternatives in lines.items()}


def _weighted(alternatives: Sequence[str]) -> Choice:
    options, weights = [], []
    for alternative in alternatives:
        found = _WEIGHTED.fullmatch(alternative)
        weights.append(int(found[1]) if found else 1)
        options.append(parse(found[2] if found else alternative))
    return Choice(options, weights)


def parse(text: str) -> Node:
    """The template `text` as a node.

    Raises:
        ValueError: something opens and does not close.
    """
    return _sequence(text, 0, "")[0]


def _sequence(text: str, at: int, ends: str) -> tuple[Node, int]:
    parts: list[str | Choice | Marked | Ref] = []
    literal = ""
    while at < len(text) and text[at] not in ends:
        found = _SPAN.match(text, at)
        if found or text[at] in "([{":
            if literal:
                parts.append(literal)
                literal = ""
            part, at = _construct(text, at, found)
            parts.append(part)
        else:
            literal += text[at]
            at += 1
    if literal:
        parts.append(literal)
    return Node(parts), at


def _construct(text: str, at: int, span: re.Match[str] | None) -> tuple[Choice | Marked | Ref, int]:
    if span:
        inside, end = _sequence(text, span.end(), ">")
        return Marked(TYPES[span[1]] + span[2], inside), end + 1
    if text[at] == "{":
        end = text.index("}", at)
        return Ref(text[at + 1 : end]), end + 1
    close = ")" if text[at] == "(" else "]"
    options: list[Node] = []
    at += 1
    while True:
        option, at = _sequence(text, at, f"|{close}")
        options.append(option)
        if at == len(text):
            raise ValueError(f"unbalanced template: {text}")
        at += 1
        if text[at - 1] == close:
            break
    if close == "]":
        options.extend([Node([])] * len(options))
    return Choice(options, [1] * len(options)), at
