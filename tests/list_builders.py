"""Lists, lines and products for tests; a test names only what matters to it."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from manciple.grocery.domain.list_filling import Outcome, WantedItem, fill
from manciple.grocery.domain.lists import GroceryList, start
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import Size

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def a_list(**changes: str) -> GroceryList:
    return start(
        changes.get("list_id", "list_1"),
        changes.get("name", "Weekly"),
        user_id=changes.get("user_id", "ann"),
        description=None,
        at=NOON,
    )


def a_product(
    product_id: str = "milk",
    *,
    cents: int | None = 348,
    size: Size | None = None,
    name: str | None = None,
) -> Product:
    price = None
    if cents is not None:
        price = Price(
            cents=cents, source="shelf", method="stated", observed_at=NOON, confidence=1.0
        )
    return Product(
        product_id=product_id,
        name=name or f"Great {product_id}",
        price=price,
        size=size,
        source="test",
        updated_at=NOON,
    )


def shelf(*products: Product) -> dict[str, Product]:
    return {product.product_id: product for product in products}


def wanted(product_id: str | None = "milk", quantity: str = "1", **more: str) -> WantedItem:
    return WantedItem(
        product_id=product_id,
        quantity=Decimal(quantity),
        text=more.get("text"),
        unit=more.get("unit"),
        notes=more.get("notes"),
    )


def ids(prefix: str = "item", first: int = 1) -> Callable[[], str]:
    numbers = count(first)
    return lambda: f"{prefix}_{next(numbers)}"


def filled(
    found: GroceryList, *items: WantedItem, products: dict[str, Product] | None = None
) -> tuple[GroceryList, tuple[Outcome, ...]]:
    """The list with these items; the default shelf has milk, eggs and rice."""
    known = shelf(a_product("milk"), a_product("eggs"), a_product("rice"))
    first = 1 + max((int(item.item_id.split("_")[1]) for item in found.items), default=0)
    return fill(
        found,
        items,
        products=products or known,
        prefers_substitutes=True,
        new_id=ids(first=first),
        at=NOON,
    )
