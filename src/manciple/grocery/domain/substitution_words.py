"""What words in a name mean for substitutes; read from `vocabulary/substitution.toml`."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class FormGroup:
    """Ways of which a thing has one; what is left where two differ, or one does not tell."""

    name: str
    apart: float
    untold: float
    says: Mapping[str, re.Pattern[str]]
    is_ordered: bool = False

    def left(self, one: Collection[str], other: Collection[str]) -> float:
        """What is left where two names tell different forms."""
        if not self.is_ordered or len(one) != 1 or len(other) != 1:
            return self.apart
        order = list(self.says)
        steps = abs(order.index(next(iter(one))) - order.index(next(iter(other))))
        left: float = self.apart**steps
        return left


class SubstitutionWords:
    """The tables; the file's own comments say what each is for."""

    def __init__(self, text: str) -> None:
        table: dict[str, Any] = tomllib.loads(text)
        self.guards = _patterns(table["guards"])
        self.included_in = {one: frozenset(by) for one, by in table["included_in"].items()}
        self.soft = _patterns({one: entry["says"] for one, entry in table["soft"].items()})
        self.left_without = {one: float(entry["left"]) for one, entry in table["soft"].items()}
        self.left_with = {one: float(left) for one, left in table["added"].items()}
        self.forms = tuple(
            FormGroup(
                name=group["group"],
                apart=group["apart"],
                untold=group["untold"],
                says=_patterns(group["says"]),
                is_ordered=group.get("ordered", False),
            )
            for group in table["forms"]
        )
        self.animals = _patterns(table["animals"])
        self.flavors = frozenset(table["words"]["flavors"])
        self.same_use = tuple(tuple(names) for names in table["same_use"].values())
        self.telling_nothing = frozenset(table["words"]["plain"] + table["words"]["praise"])


def _patterns(table: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in table.items()}


@cache
def substitution_words() -> SubstitutionWords:
    """The tables that ship with the product."""
    path = files("manciple.grocery.domain.vocabulary") / "substitution.toml"
    return SubstitutionWords(path.read_text(encoding="utf-8"))
