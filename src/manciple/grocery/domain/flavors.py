"""The words that tell how a thing tastes; read from `vocabulary/flavors.toml`."""

import tomllib
from functools import cache
from importlib.resources import files

from manciple.grocery.domain.words import tokens


@cache
def flavor_words() -> frozenset[str]:
    """Words that name how a thing tastes or what gives it its taste."""
    path = files("manciple.grocery.domain.vocabulary") / "flavors.toml"
    table: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(word for group in table.values() for each in group for word in tokens(each))
