"""The kinds of groceries and how near one is to another; read from `vocabulary/types.outline`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from manciple.grocery.domain.words import tokens

_INHERITED = frozenset({"strong", "plain", "diet"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of grocery: its place in the tree and its flags (see the file's own head).

    `line` is the first kind of the line that names it: what stands on one line is near kin.
    """

    name: str
    parent: str | None
    flags: frozenset[str]
    words: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Match:
    """A kind named in a text, from word `start` up to before word `end`."""

    kind: str
    start: int
    end: int


class Kinds:
    """The tree of kinds, findable by any of their names."""

    def __init__(self, outline: str) -> None:
        self.by_name: dict[str, Kind] = {}
        self._phrases: dict[tuple[str, ...], str] = {}
        self._chains: dict[str, tuple[str, ...]] = {}
        self._near: dict[tuple[str, str], float] = {}
        self._read(outline)
        self._longest = max(map(len, self._phrases))
        self.vocabulary = frozenset(word for phrase in self._phrases for word in phrase)
        self._children: dict[str, list[str]] = {}
        for kind in self.by_name.values():
            if kind.parent:
                self._children.setdefault(kind.parent, []).append(kind.name)

    def find(self, words: Sequence[str]) -> list[Match]:
        """Every kind named in the words, the longest name at each place.

        Two overlap only where the second reaches further ("chocolate chip cookie", "cookie mix").
        """
        found: list[Match] = []
        for at in range(len(words)):
            end = found[-1].end if found else 0
            for length in range(min(self._longest, len(words) - at), 0, -1):
                if at + length <= end:
                    break
                kind = self._phrases.get(tuple(words[at : at + length]))
                if kind is not None:
                    found.append(Match(kind, at, at + length))
                    break
        return found

    def named(self, phrase: str) -> str | None:
        """The kind that is called so."""
        return self._phrases.get(tuple(tokens(phrase)))

    def chain(self, kind: str) -> tuple[str, ...]:
        """The kind itself and what it is a kind of, from the narrow to the broad."""
        known = self._chains.get(kind)
        if known is None:
            parent = self.by_name[kind].parent
            known = (kind, *(self.chain(parent) if parent else ()))
            self._chains[kind] = known
        return known

    def under(self, kind: str) -> Iterator[str]:
        """The kind and every kind below it."""
        yield kind
        for child in self._children.get(kind, ()):
            yield from self.under(child)

    def has(self, kind: str, flag: str) -> bool:
        """Whether the kind carries the flag."""
        return flag in self.by_name[kind].flags

    def nearness(self, wanted: str, found: str) -> float:
        """How well a product of the kind `found` answers a wish for `wanted`, from 0 to 1.

        Below counts nearly in full, less over a "rare" or a "near" step; above, half; beside
        (the same parent, or where that says little, the same line of the outline), a third.
        """
        known = self._near.get((wanted, found))
        if known is None:
            known = self._near[wanted, found] = _nearness(self, wanted, found)
        return known

    def are_company(self, one: str, other: str) -> bool:
        """Whether both are kinds of one thing, and be it only of a meal or a drink."""
        return not set(self.chain(one)[1:]).isdisjoint(self.chain(other)[1:])

    def _read(self, outline: str) -> None:
        open_kinds: list[tuple[int, Kind, list[str]]] = []
        for line in outline.splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            depth = (len(line) - len(line.lstrip())) // 2
            open_kinds = open_kinds[:depth]
            body, _, flags = line.strip().partition(";")
            above = open_kinds[-1] if open_kinds else None
            kind, names = self._enter(body.strip(), frozenset(flags.split()), above)
            open_kinds.append((depth, kind, names))

    def _enter(
        self, body: str, flags: frozenset[str], above: tuple[int, Kind, list[str]] | None
    ) -> tuple[Kind, list[str]]:
        joins = body.startswith("+ ")
        groups = [group.split(" = ") for group in body.removeprefix("+ ").split(" | ")]
        parent, parent_names = (above[1], above[2]) if above else (None, [])
        if parent is not None:
            flags |= parent.flags & (frozenset({"strong"}) if "strong" in flags else _INHERITED)
        first: Kind | None = None
        own: list[str] = []
        for group in groups:
            names = [name.strip() for name in group if name.strip()]
            joined = [f"{name} {last}" for name in names for last in parent_names if joins]
            title = joined[0] if joined and parent is not None else names[0]
            kin = (flags & _INHERITED) | {"kin"} if first and parent is None else flags
            over = parent.name if parent else (first.name if first else None)
            told = tuple(tokens(title))
            if first is not None and told[-len(first.words) :] == first.words:
                over, kin = first.name, kin | {"named"}
            elif first is not None and told[: len(first.words)] == first.words:
                over = first.name
            line = first.name if first else title
            kind = self._keep(Kind(title, over, kin, told, line), [*names, *joined])
            if first is None:
                first, own = kind, names
        if first is None:
            raise ValueError(body)
        return first, own

    def _keep(self, kind: Kind, names: list[str]) -> Kind:
        if kind.name in self.by_name:
            return self.by_name[kind.name]
        self.by_name[kind.name] = kind
        for each in names:
            self._phrases.setdefault(tuple(tokens(each)), kind.name)
        return kind


def _up(kinds: Kinds, above_wanted: tuple[str, ...], found: str) -> float:
    if above_wanted[1] == found and kinds.has(above_wanted[0], "named"):
        return _UP_NAMED
    share = _UP_PLAIN if kinds.has(found, "plain") else _UP
    return float(share ** above_wanted.index(found))


_DOWN = {"near": 0.5, "rare": 0.85, "kin": 0.99}
_UP = 0.5
# "Instant mashed potato" where the product says "mashed potato" only.
_UP_NAMED = 0.55
_UP_PLAIN = 0.34
_BESIDE = 0.3


def _nearness(kinds: Kinds, wanted: str, found: str) -> float:
    above_found = kinds.chain(found)
    if wanted in above_found:
        score = 1.0
        for step in above_found[: above_found.index(wanted)]:
            flags = kinds.by_name[step].flags
            score *= min((_DOWN[flag] for flag in flags if flag in _DOWN), default=1.0)
        return score
    above_wanted = kinds.chain(wanted)
    if found in above_wanted:
        return 0.1 if kinds.has(found, "generic") else _up(kinds, above_wanted, found)
    for steps, over in enumerate(above_wanted[1:], start=1):
        if over in above_found:
            down = above_found.index(over)
            lines = {kinds.by_name[above_wanted[steps - 1]].line}
            lines.add(kinds.by_name[above_found[down - 1]].line)
            if not kinds.has(over, "generic") or len(lines) == 1:
                return float(_BESIDE ** ((steps + down) / 2))
    return 0.0


@cache
def grocery_kinds() -> Kinds:
    """The kinds that ship with the product."""
    path = files("manciple.grocery.domain.vocabulary") / "types.outline"
    return Kinds(path.read_text(encoding="utf-8"))
