"""What a product states of itself and what a query asks for; read from `vocabulary/claims.toml`."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from manciple.grocery.domain.words import tokens


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim that words ask for, from word `start` up to before word `end`."""

    claim: str
    is_hard: bool
    start: int
    end: int


class Claims:
    """All claims, to be read out of names and queries."""

    def __init__(self, text: str) -> None:
        table = tomllib.loads(text)
        self.hard = frozenset(table["hard"])
        self.soft = frozenset(table["soft"])
        self._said: dict[tuple[str, ...], set[str]] = {}
        self._asked: dict[tuple[str, ...], str] = {}
        self._also: dict[str, frozenset[str]] = {}
        self._denied: dict[str, frozenset[tuple[str, ...]]] = {}
        for name, entry in [*table["hard"].items(), *table["soft"].items()]:
            self._also[name] = frozenset(entry.get("also", ()))
            self._denied[name] = frozenset(tuple(tokens(each)) for each in entry.get("denies", ()))
            for phrase in entry["says"]:
                self._said.setdefault(tuple(tokens(phrase)), set()).add(name)
            asking = entry.get("asks", ()) if name in _ASKED_ONLY else ()
            for phrase in asking or [*entry.get("asks", ()), name.replace("_", " ")]:
                self._asked[tuple(tokens(phrase))] = name
        for name, entry in [*table["hard"].items(), *table["soft"].items()]:
            for phrase in entry["says"] if name not in _ASKED_ONLY else ():
                words = tuple(tokens(phrase))
                if len(words) > 1 or words == (name,):
                    self._asked.setdefault(words, name)
        for words in _NOT_ASKING:
            self._asked.pop(words, None)
        self.vocabulary = frozenset(
            word for phrase in [*self._said, *self._asked] for word in phrase
        )

    def stated(self, words: Sequence[str]) -> frozenset[str]:
        """The claims that a name of these words states."""
        found: set[str] = set()
        for start in range(len(words)):
            for length in (1, 2, 3, 4, 5):
                found |= self._said.get(tuple(words[start : start + length]), set())
        return frozenset(found)

    def asked(self, words: Sequence[str]) -> list[Asked]:
        """The claims that a query of these words asks for, the longest phrase first."""
        found, at = [], 0
        while at < len(words):
            for length in (4, 3, 2, 1):
                claim = self._asked.get(tuple(words[at : at + length]))
                if claim is not None and at + length <= len(words):
                    found.append(Asked(claim, claim in self.hard, at, at + length))
                    at += length
                    break
            else:
                at += 1
        return found

    def satisfying(self, asked: str) -> frozenset[str]:
        """The claims of which any one satisfies the one asked for."""
        return self._also.get(asked, frozenset()) | {asked}

    def denying(self, asked: str) -> frozenset[tuple[str, ...]]:
        """The phrases by which a product says the contrary of the claim asked for."""
        return self._denied.get(asked, frozenset())

    def answers(self, stated: frozenset[str], asked: str) -> bool:
        """Whether claims stated by a product satisfy the one asked for."""
        return not stated.isdisjoint(self.satisfying(asked))


# Their phrases in names ("light", "protein") are too common to ask for the claim in a query.
_ASKED_ONLY = frozenset({"high_protein", "high_fiber", "low_calorie", "natural"})
# Named by a phrase that means something else when it is asked for.
_NOT_ASKING: list[tuple[str, ...]] = [("veggie",), ("wild",), ("diet", "soda"), ("fiber",),
    ("no", "soy"), ("without", "soy"), ("no", "egg"), ("no", "grain"), ("2%", "milk"),
]  # fmt: skip


@cache
def grocery_claims() -> Claims:
    """The claims that ship with the product."""
    path = files("manciple.grocery.domain.vocabulary") / "claims.toml"
    return Claims(path.read_text(encoding="utf-8"))


def stated_claims(name: str) -> tuple[str, ...]:
    """The claims that a product's name states, sorted; what it does not state is unknown."""
    return tuple(sorted(grocery_claims().stated(tokens(name))))
