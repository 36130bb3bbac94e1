"""The orders of the fake shop's one customer: 25 of them, 161 products, 229 lines. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

from manciple.grocery.domain.money import dollars
from manciple.services.fake_shop.market import Market, Offer

ORDERS, PRODUCTS, LINES = 25, 161, 229
_LAST = datetime(2026, 6, 27, 16, 30, tzinfo=UTC)
_TAX_PER_MILLE = 7


def order_ids(market: Market) -> list[str]:
    """The ids of all orders, newest first."""
    del market
    return [f"20001{number:010d}" for number in range(ORDERS, 0, -1)]


def order(market: Market, order_id: str) -> dict[str, Any]:
    """One order as its page has it; its sums agree to the cent."""
    index = order_ids(market).index(order_id)
    at = _LAST - timedelta(days=7 * index)
    lines = [_line(market, product_id, at) for product_id in _bought(market, index)]
    subtotal = sum(line["cents"] for line in lines)
    tax = subtotal * _TAX_PER_MILLE // 1000
    return {
        "id": order_id,
        "orderDate": at.isoformat(),
        "isInStore": False,
        "title": f"{at:%b %d, %Y} order",
        "priceDetails": {
            "subTotal": _shown(subtotal),
            "taxTotal": _shown(tax),
            "grandTotal": _shown(subtotal + tax),
        },
        "groups_2101": [
            {
                "fulfillmentType": "DELIVERY",
                "status": {"message": {"parts": [{"text": "Delivered"}]}},
                "seller": {"name": "Walmart.com"},
                "items": [line["item"] for line in lines],
            }
        ],
    }


def _bought(market: Market, index: int) -> list[str]:
    """The products of one order: each is bought once first, and the rest of the lines again."""
    products = market.sample("orders", PRODUCTS)
    lines = [*products, *products[: LINES - PRODUCTS]]
    return lines[index::ORDERS]


def _line(market: Market, product_id: str, at: datetime) -> dict[str, Any]:
    offer = market.offer(product_id, at)
    assert offer is not None  # noqa: S101 - a sample of the market's own wares
    quantity = 1 + int(2 * market.chance("quantity", product_id, at))
    cents = offer.price_cents * quantity
    return {"cents": cents, "item": _item(offer, quantity, cents)}


def _item(offer: Offer, quantity: int, cents: int) -> dict[str, Any]:
    return {
        "productInfo": {"name": offer.ware.name, "usItemId": offer.ware.product_id},
        "quantity": quantity,
        "priceInfo": {"linePrice": _shown(cents), "itemPrice": _shown(offer.price_cents)},
    }


def _shown(cents: int) -> dict[str, str]:
    return {"displayValue": f"${dollars(cents)}"}
