"""No price of a product leaves without who stated it, when, where and how sure it is.

In the types of answers and events a bare `Decimal` is money; quantities and amounts that the
caller named are marked as such where they are declared, and nothing else is let off.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from manciple.api.amounts import OwnDollars, Quantity
from manciple.api.app_router import app_table
from manciple.api.event_types import EVENTS
from manciple.api.shapes_products import PriceShape
from manciple.platform.rpc.procedure import Wire

OWN = {"source", "observed_at", "store", "confidence"}


def doors() -> Iterator[tuple[str, Any]]:
    """Everything that leaves: the answers of all procedures, tools among them, and all events."""
    for path, procedure in app_table().items():
        yield path, procedure.output
    for topic, event in EVENTS.items():
        yield topic, event.shape


def structures(hint: Any) -> Iterator[type]:
    """The structures that a type holds, itself among them, not those that these hold."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    for inner in get_args(hint):
        yield from structures(inner)


def money_fields(kind: type) -> list[str]:
    """The fields that are money: decimals that are not marked as something else."""
    hints = get_type_hints(kind, include_extras=True)
    return [name for name, hint in hints.items() if is_money(hint)]


def is_money(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return hint not in (Quantity, OwnDollars) and is_money(get_args(hint)[0])
    return hint is Decimal or any(is_money(inner) for inner in get_args(hint))


def says_whence(kind: type) -> bool:
    """Whether a structure carries the provenance of its amounts, in itself or as a price."""
    hints = get_type_hints(kind)
    held = {one for hint in hints.values() for one in structures(hint)}
    return set(hints) >= OWN or PriceShape in held


def is_of_a_product(kind: type) -> bool:
    hints = get_type_hints(kind)
    is_priced = any("price" in name for name in money_fields(kind))
    return is_priced or bool({"product_id", "product"} & set(hints))


def tainted() -> dict[type, str]:
    """Every structure with money of a product, by where it leaves first."""
    found: dict[type, str] = {}
    seen: set[tuple[type, bool]] = set()

    def walk(hint: Any, path: str, *, within: bool) -> None:
        for kind in structures(hint):
            inside = within or is_of_a_product(kind)
            if (kind, inside) in seen:
                continue
            seen.add((kind, inside))
            if inside and money_fields(kind):
                found.setdefault(kind, path)
            for inner in get_type_hints(kind).values():
                walk(inner, path, within=inside)

    for path, hint in doors():
        walk(hint, path, within=False)
    return found


TAINTED = tainted()


@pytest.mark.parametrize("kind", TAINTED, ids=lambda kind: kind.__name__)
def test_money_of_a_product_comes_with_its_provenance(kind: type) -> None:
    assert says_whence(kind), f"{kind.__name__}{money_fields(kind)} of {TAINTED[kind]}"


def test_the_walk_reaches_every_door_and_would_find_a_bare_price() -> None:
    class Bare(Wire, frozen=True, kw_only=True):
        product_id: str
        price: Decimal | None
        quantity: Quantity

    assert money_fields(Bare) == ["price"]
    assert is_of_a_product(Bare)
    assert not says_whence(Bare)
    assert len(TAINTED) > 15
    assert {"SessionLineShape", "QuoteLineShape", "ChangeShape", "PreviewLine", "OptionShape"} <= {
        kind.__name__ for kind in TAINTED
    }


def test_the_shape_of_a_price_says_everything() -> None:
    assert set(get_type_hints(PriceShape)) >= OWN | {"amount", "currency", "method"}
