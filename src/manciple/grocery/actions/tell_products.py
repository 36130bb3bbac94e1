"""How the agent tells of products: their prices, their stock, and all that is known of them."""

from collections.abc import Sequence

from manciple.grocery.actions.plan_desk import named, some, there_is_no
from manciple.grocery.actions.search import Found
from manciple.grocery.domain.grounding import Grounded
from manciple.grocery.domain.plans import money
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import size_text, unit_price
from manciple.kit.errors import InvalidInput


def rows_told(products: Sequence[Product]) -> str:
    """Products below each other, with their numbers."""
    return "\n".join(
        f"  {number}. {named(product)}" for number, product in enumerate(products, start=1)
    )


def nothing_told(query: str, found: Found) -> str:
    """Why a search came to nothing."""
    if found.removed_by:
        names = some([name for name, _ in found.removed_by])
        return f"Nothing left for {query}: the limits ({names}) take everything away."
    hint = f" Did you mean {found.did_you_mean}?" if found.did_you_mean else ""
    return f"{found.why_nothing or f'Nothing found for {query}.'}{hint}"


def facts_told(product: Product) -> list[str]:
    """What is known of a product, a sentence each; the first is its price."""
    price, size = product.price, product.size
    told = [f"Price {money(price.cents)}." if price else "Its price is not known."]
    if price and size:
        try:
            each = unit_price(price.cents, size)
        except InvalidInput:
            each = None
        if each:
            told.append(f"{each.text}.")
    if size:
        told.append(f"Size {size_text(size)}.")
    if product.brand:
        told.append(f"Brand {product.brand}.")
    if product.rating is not None:
        told.append(f"Rating {product.rating:g} of 5.")
    if product.claims:
        told.append(f"It says: {some([one.replace('_', ' ') for one in product.claims])}.")
    if product.ingredients:
        told.append(f"Ingredients: {product.ingredients[:300]}.")
    return told


def price_told(found: Grounded) -> str:
    """What a product costs, who says so and since when."""
    product = found.product
    if product is None:
        return f"{there_is_no(found.thing.phrase)} in the catalog, so I know no price."
    if product.price is None:
        return f"{product.name}: the price is not known."
    price = product.price
    seen = f"{price.observed_at:%Y-%m-%d}"
    return f"{product.name}: {money(price.cents)} ({price.source}, {price.method}, {seen})."


def stock_told(found: Grounded) -> str:
    """Whether a product can be had, as far as that is known."""
    product = found.product
    if product is None:
        return f"{there_is_no(found.thing.phrase)} in the catalog."
    if product.in_stock is None:
        return f"{product.name} is in the catalog; whether it is in stock now is not known."
    return f"{product.name} is {'in stock' if product.in_stock else 'out of stock'}."
