"""No price of a product leaves without who stated it, when, where and how sure it is."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from manciple.api.app_router import app_table
from manciple.api.event_types import EVENTS
from manciple.api.shapes_products import PriceShape

OWN = {"source", "observed_at", "store", "confidence"}
# Amounts of products that are no statement of what a shop asks.
NO_PRICE = {
    "AddOutcome": "how many",
    "PantryItemShape": "how many",
    "StapleShape": "how many",
    "ListMessage": "how many",
    "ListChanged": "how many",
    "WatchShape": "a threshold that the person named; the price is in its product",
    "OrderLineShape": "what the person paid, by the order's own source",
}
# Amounts of a moment in a purchase, frozen with their terms; they do not name their source yet.
FROZEN = {"SessionLineShape", "QuoteLineShape", "ChangeShape", "PreviewLine", "OptionShape"}


def outputs() -> dict[type, str]:
    """Every structure that leaves, by where it leaves first."""
    found: dict[type, str] = {}

    def walk(kind: Any, path: str) -> None:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
            found[kind] = path
            for hint in get_type_hints(kind).values():
                walk(hint, path)
        for inner in get_args(kind):
            walk(inner, path)

    for path, procedure in app_table().items():
        walk(procedure.output, path)
    for topic, event in EVENTS.items():
        walk(event.shape, topic)
    return found


def leaves(hint: Any) -> Iterator[Any]:
    inner = get_args(hint)
    if not inner:
        yield hint
    for each in inner:
        yield from leaves(each)


def is_of_a_product(hints: dict[str, Any]) -> bool:
    return "product_id" in hints or "product" in hints


def bare_amounts(kind: type) -> list[str]:
    """The fields of a product's amounts for which the structure names no provenance."""
    hints = get_type_hints(kind)
    every = {leaf for hint in hints.values() for leaf in leaves(hint)}
    if not is_of_a_product(hints) or PriceShape in every or set(hints) >= OWN:
        return []
    return [name for name, hint in hints.items() if Decimal in set(leaves(hint))]


@pytest.mark.parametrize("kind", outputs(), ids=lambda kind: kind.__name__)
def test_amounts_of_a_product_come_with_their_provenance(kind: type) -> None:
    if kind.__name__ in NO_PRICE or kind.__name__ in FROZEN:
        assert bare_amounts(kind), f"{kind.__name__} needs its exception no more"
        return

    assert bare_amounts(kind) == [], outputs()[kind]


def test_the_shape_of_a_price_says_everything() -> None:
    assert set(get_type_hints(PriceShape)) >= OWN | {"amount", "currency", "method"}
