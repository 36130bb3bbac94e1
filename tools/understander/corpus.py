"""Annotated sentences made from the templates, and the public ones."""

import hashlib
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.understander.combining import JOINTS, combination
from tools.understander.grammar import Grammar, Node, Piece, parse, read_rules
from tools.understander.noise import noisy
from tools.understander.rewriting import Synonyms
from tools.understander.slots import Lists

# How many sentences are made of each intent; those with more ways to be said get more.
SENTENCES = 1700
MORE = {
    "list_add_items": 9000,
    "product_search": 5600,
    "out_of_scope": 9000,
    "list_view": 1600,
    "list_update_item": 2000,
    "find_substitute": 1800,
    "purchase_history": 1600,
    "set_preference": 1800,
    "set_alert": 1600,
    "product_details": 1800,
    "compare_products": 1600,
    "reorder": 1600,
    "list_remove_items": 1800,
    "start_session": 1600,
    "help": 1700,
    "affirm": 2400,
    "deny": 2400,
    "cancel": 2400,
    "smalltalk": 2400,
    "multi": 5200,
    "alike": 1700,
    "combined": 4000,
}
# Below this share even the templates are thinned out, to every tenth.
TRIAL = 0.1
TENTH = 10
HALF = 0.5
# Every template is used at least this often.
_LEAST = 3
# How often something is told before the point, and after it.
_ASIDE, _AFTER = 0.06, 0.03
_SHORT_TALK = frozenset({"affirm", "deny", "cancel", "help", "smalltalk"})
_POLITE = {"!": ("pre", "post"), "?": ("qpre", "qpost"), ".": ("spre", "spost"), ":": ("", "")}


@dataclass(frozen=True)
class Example:
    """A sentence with what it means; `starts` says where each intent begins."""

    text: str
    intents: tuple[str, ...]
    spans: tuple[tuple[str, int, int], ...] = ()
    starts: tuple[int, ...] = (0,)
    context: str | None = None
    template: int = 0
    source: str = "authored"


def normalized(text: str) -> str:
    """`text` as the exclusion list compares it."""
    return " ".join(re.sub(r"[^a-z0-9$% ]+", " ", text.lower()).split())


class Corpus:
    """The training data under one root; the same root and share give the same sentences."""

    def __init__(self, root: Path, *, share: float = 1.0) -> None:
        self.root = root
        self._share = share
        rules = read_rules(root / "grammar.txt")
        claims = {_flat(option) for option in rules["dietword"].options}
        self.dietary = sorted(claims, key=lambda claim: (-len(claim), claim))
        self.lists = Lists.read(root, self.dietary)
        strange = rare_words(root / "public/sentences.jsonl", " ".join(self.lists.products))
        slots = self.lists.slots()
        slots["anyword"] = lambda rng: [(rng.choice(strange), None)]
        self.grammar = Grammar(rules, slots)
        self._synonyms = Synonyms.read(root / "synonyms.txt")
        self._excluded = set((root / "exclude_sha256.txt").read_text().split())

    def examples(self, *, noise: bool = True) -> list[Example]:
        """All sentences, those on the exclusion list left out, none twice."""
        made: dict[tuple[str, str | None, str], Example] = {}
        for example in (*self._authored(noise=noise), *self._public()):
            text = normalized(example.text)
            digest = hashlib.sha256(text.encode()).hexdigest()
            if digest not in self._excluded and example.text.strip():
                made.setdefault((text, example.context, example.intents[0]), example)
        return list(made.values())

    def _authored(self, *, noise: bool) -> Iterator[Example]:
        for name, path in self._phrases().items():
            lines = _template_lines(path)
            yield from self._spread(name, [(name, line) for line in lines], noise=noise)
        yield from self._combined(noise=noise)
        multi = [line.split(": ", 1) for line in _template_lines(self.root / "multi.txt")]
        yield from self._spread("multi", [(pair[0], f"! {pair[1]}") for pair in multi], noise=noise)
        alike = [line.split(": ", 1) for line in _template_lines(self.root / "alike.txt")]
        for example in self._spread("alike", [(pair[0], pair[1]) for pair in alike], noise=noise):
            yield replace(example, source="alike")

    def _phrases(self) -> dict[str, Path]:
        return {path.stem: path for path in sorted((self.root / "phrases").glob("*.txt"))}

    def _spread(
        self, name: str, lines: Sequence[tuple[str, str]], *, noise: bool
    ) -> Iterator[Example]:
        wanted = int(MORE.get(name, SENTENCES) * self._share)
        rng = random.Random(zlib.crc32(name.encode()))
        lines = lines if self._share >= TRIAL else lines[::TENTH]
        templates = [(intents, line, *_parsed(line)) for intents, line in lines]
        for round_ in range(max(_LEAST if self._share >= 1 else 1, -(-wanted // len(lines)))):
            for intents, line, node, context in templates:
                if (
                    round_ >= _LEAST
                    and line.startswith(":")
                    and "{" not in line
                    and "(" not in line
                ):
                    continue
                yield self._example(intents, line, node, context, rng, noise=noise)

    def _combined(self, *, noise: bool) -> Iterator[Example]:
        """Two wishes of any templates, one after the other."""
        rng = random.Random(zlib.crc32(b"combined"))
        lines = {
            name: [line for line in _template_lines(path) if _combines(line)]
            for name, path in self._phrases().items()
        }
        for _ in range(int(MORE["combined"] * self._share)):
            first, second = combination(rng)
            one, other = rng.choice(lines[first]), rng.choice(lines[second])
            end, start = rng.choice(JOINTS).split("|")
            end = "? " if one[0] == "?" and rng.random() < HALF else end
            same = first == second
            line = f". {one[1:].strip()}{end}{'' if same else '@@'}{start}{other[1:].strip()}"
            intents = first if same else f"{first}+{second}"
            example = self._example(intents, line, *_parsed(line), rng, noise=noise)
            yield replace(example, source="combined")

    def _example(
        self,
        intents: str,
        line: str,
        node: Node,
        context: Node | None,
        rng: random.Random,
        *,
        noise: bool,
    ) -> Example:
        names = tuple(intents.split("+"))
        pieces = self.grammar.expand(node, rng)
        pieces = self._synonyms.rewritten(pieces, names, rng)
        pieces = self._polite(line[0], pieces, rng)
        if (line[0] != ":" or names == ("out_of_scope",)) and names[0] not in _SHORT_TALK:
            pieces = self._told(pieces, rng)
        pieces = noisy(pieces, rng) if noise else pieces
        text, spans, starts = _joined(pieces)
        if rng.random() < 0.25:
            context = None  # what was said before is not always known
        before = "".join(text for text, _ in self.grammar.expand(context, rng)) if context else None
        return Example(text, names, spans, starts, before, zlib.crc32(line.encode()))

    def _polite(self, mark: str, pieces: list[Piece], rng: random.Random) -> list[Piece]:
        before, after = _POLITE[mark]
        if before and before in self.grammar.rules:
            text = self._text(before, rng).strip()
            pieces = [(f"{text} ", None), *pieces] if text else pieces
        if after and after in self.grammar.rules:
            text = self._text(after, rng).rstrip()
            glue = "" if text[:1] in "?.! " else " "
            pieces = [*pieces, (f"{glue}{text}", None)] if text else pieces
        return pieces

    def _told(self, pieces: list[Piece], rng: random.Random) -> list[Piece]:
        if rng.random() < _ASIDE:
            pieces = [(f"{self._text('tellpre', rng)} ", None), *pieces]
        if rng.random() < _AFTER:
            pieces = [*pieces, (self._text("tellpost", rng).rstrip(), None)]
        return pieces

    def _text(self, name: str, rng: random.Random) -> str:
        return "".join(text for text, _ in self.grammar.expand(_ref(name), rng))

    def _public(self) -> Iterator[Example]:
        kept = int(1000 * self._share)
        for line in (self.root / "public/sentences.jsonl").read_text().splitlines():
            if zlib.crc32(line.encode()) % 1000 < kept:
                row: Mapping[str, str] = json.loads(line)
                yield Example(
                    row["text"],
                    (row["intent"],),
                    template=zlib.crc32(row["text"].encode()),
                    source=row["source"],
                )


def rare_words(path: Path, known: str) -> list[str]:
    """Words of talk about other things, but for the most common and those in `known`."""
    counts: Counter[str] = Counter()
    for line in path.read_text().splitlines():
        row: Mapping[str, str] = json.loads(line)
        sign = 1 if row["intent"] == "out_of_scope" else -100
        for word in set(re.findall(r"[a-z]{4,}", row["text"])):
            counts[word] += sign
    taken = set(re.findall("[a-z]+", known))
    return sorted(word for word, count in counts.items() if 0 < count <= 4 and word not in taken)


def _template_lines(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith("# ") and line != "#"]


def _combines(line: str) -> bool:
    return line[0] in "!?" and " << " not in line


def _parsed(line: str) -> tuple[Node, Node | None]:
    text, _, context = line[1:].strip().replace("\\n", "\n").partition(" << ")
    return parse(text), parse(context) if context else None


def _ref(name: str) -> Node:
    return parse(f"{{{name}}}")


def _flat(node: Node) -> str:
    return "".join(part for part in node.parts if isinstance(part, str)).strip()


def _joined(
    pieces: Sequence[Piece],
) -> tuple[str, tuple[tuple[str, int, int], ...], tuple[int, ...]]:
    text = ""
    spans: list[tuple[str, int, int]] = []
    starts = [0]
    for piece, label in pieces:
        for at, part in enumerate(piece.split("@@")):
            if at:
                starts.append(len(text))
            text += part if text and not text.endswith(" ") else part.lstrip()
        if label and piece.strip():
            begin = len(text) - len(piece.lstrip())
            spans.append((label, begin, begin + len(piece.strip())))
    return text.rstrip(), tuple(spans), tuple(starts)
