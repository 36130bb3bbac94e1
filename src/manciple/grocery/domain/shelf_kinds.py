"""The kinds that a category of the shelf leads one to expect."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from manciple.grocery.domain.kinds import grocery_kinds


def expected_on(category: str | None) -> frozenset[str]:
    """The kinds expected in a category; none where nobody knows it."""
    return frozenset(categories().get(category or "", ()))


def fits_shelf(kind: str, expected: frozenset[str]) -> float:
    """What it speaks for a kind that the shelf holds it: 1.1, else 0."""
    return 1.1 if any(each in expected for each in grocery_kinds().chain(kind)) else 0.0


@cache
def categories() -> Mapping[str, Sequence[str]]:
    """The kinds that each category of the shelf leads one to expect."""
    path = files("manciple.grocery.domain.vocabulary") / "categories.toml"
    expects: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))["expects"]
    shelves = files("manciple.grocery.domain.vocabulary") / "shelves.toml"
    titles: dict[str, str] = tomllib.loads(shelves.read_text(encoding="utf-8"))["keys"]
    return expects | {title: expects[key] for title, key in titles.items() if key in expects}
