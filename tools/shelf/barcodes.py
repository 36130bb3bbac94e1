"""Which products of the catalog are foods of Open Food Facts: by their exact name only."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from tools.shelf.energy import Food
from tools.shelf.prices import Item

T = TypeVar("T")

# All foods of the extract carry one of the shop's own prefixes, and nearly all are of this brand.
_BRAND = "Great Value"
# The size and everything behind it; names put it last.
_SIZE = re.compile(
    r",?\s*\(?\d[\d./\s-]*\s*-?(fl\.?\s*oz|oz|ounces?|lbs?|ct|count|pack|pk|g|gal|gallon|qt|l)\b.*",
    re.IGNORECASE,
)


def matched(items: Sequence[Item], foods: Sequence[Food]) -> list[dict[str, str]]:
    """Product id, barcode and ingredients of every product whose name is a single food's.

    Brand and size aside, the names must be the same, and name one food and one product only: a
    name that two sizes share does not tell their barcodes apart.
    """
    by_name = _unique((food, _normal(food.name)) for food in foods)
    products = _unique(
        (item, _normal(_SIZE.sub("", item.name))) for item in items if item.brand == _BRAND
    )
    return [
        {
            "id": item.product_id,
            "gtin": food.gtin,
            "ingredients": " ".join(food.ingredients.split()),
        }
        for name, item in sorted(products.items(), key=lambda pair: pair[1].product_id)
        if (food := by_name.get(name)) is not None
    ]


def _normal(name: str) -> str:
    plain = name.lower().replace(_BRAND.lower(), " ").replace("&", " and ")
    return " ".join(re.findall(r"[a-z0-9%]+", plain))


def _unique(named: Iterable[tuple[T, str]]) -> dict[str, T]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for thing, name in named:
        found[name].append(thing)
    return {name: things[0] for name, things in found.items() if name and len(things) == 1}
