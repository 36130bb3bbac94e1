"""What an order teaches about the products in it."""

from datetime import datetime

import msgspec

from manciple.grocery.domain.orders import Order, OrderLine
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import parse_size

SOURCE = "order-history"
METHOD = "paid in an order"
# What was paid is sure, but for discounts that a line does not show.
RECEIPT_CONFIDENCE = 0.95
_NO_PRICE = "the order does not say what one cost, or when"


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """The products of an order as the order knows them, and what one of each cost."""

    products: dict[str, Product]
    prices: dict[str, Price]


def bought(order: Order, now: datetime) -> Bought:
    """What the order teaches; what was not bought and lines without an id teach nothing."""
    products: dict[str, Product] = {}
    prices: dict[str, Price] = {}
    for line in order.lines:
        if not line.was_bought or not line.product_id:
            continue
        price = paid_price(line, order)
        if price is not None:
            prices.setdefault(line.product_id, price)
        products.setdefault(line.product_id, _product(line, line.product_id, now))
    return Bought(products=products, prices=prices)


def paid_price(line: OrderLine, order: Order) -> Price | None:
    """What one piece cost at the time of the order; None where that cannot be said.

    Goods by weight have a price for a weight, which is no price of the product.
    """
    cents = _piece_cents(line)
    if cents is None or order.ordered_at is None:
        return None
    return Price(
        cents=cents,
        currency=order.currency,
        source=SOURCE,
        method=METHOD,
        observed_at=order.ordered_at,
        store=order.store,
        confidence=RECEIPT_CONFIDENCE,
    )


def products_told_apart(orders: tuple[Order, ...]) -> int:
    """How many different products the orders hold: by id, and without one by name."""
    lines = [line for order in orders for line in order.lines]
    return len({line.product_id or line.name.casefold() for line in lines})


def _piece_cents(line: OrderLine) -> int | None:
    if line.is_weighed:
        return None
    pieces, rest = divmod(line.quantity_thousandths, 1000)
    if line.unit_price_cents is not None and line.unit_price_cents > 0:
        return line.unit_price_cents
    if line.total_cents is None or line.total_cents <= 0 or rest or not pieces:
        return None
    each, over = divmod(line.total_cents, pieces)
    return each if not over else None


def _product(line: OrderLine, product_id: str, now: datetime) -> Product:
    return Product(
        product_id=product_id,
        name=line.name,
        size=parse_size(line.name),
        price_missing=_NO_PRICE,
        image_url=line.image_url,
        source=SOURCE,
        updated_at=now,
    )
