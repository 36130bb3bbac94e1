"""The fake shop's pages, in each layout that the real shop has used. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from manciple.grocery.domain.money import dollars
from manciple.services.fake_shop.market import Market, Offer

STORE = "3561"


class Layout(StrEnum):
    """The shapes of a tile, by what marks them."""

    DISPLAY_STATUS = "display-status"
    STATUS = "status"
    PRICE_LINES = "price-lines"


def search_page(
    market: Market, words: str, *, at: datetime, layout: Layout, most: int = 40
) -> bytes:
    """The page of a search, as HTML."""
    ids = market.search(words, most=most)
    offers = [offer for id_ in ids if (offer := market.offer(id_, at))]
    tiles = [tile(offer, layout) for offer in offers]
    stacks = [{"title": f'Results for "{words}"', "items": [*tiles, _placeholder()]}]
    found = {"aggregatedCount": len(ids), "itemStacks": stacks}
    return page({"searchResult": found}, title=words)


def product_page(offer: Offer) -> bytes:
    """A product's own page, as HTML."""
    price: dict[str, Any] = {"currentPrice": {"price": dollars(offer.price_cents)}}
    if offer.was_cents:
        price["wasPrice"] = {"price": dollars(offer.was_cents)}
    product = _common(offer) | {
        "availabilityStatus": "IN_STOCK" if offer.in_stock else "OUT_OF_STOCK",
        "brand": offer.ware.brand,
        "category": {"path": [{"name": step} for step in offer.ware.category]},
        "priceInfo": price,
    }
    return page({"data": {"product": product}}, title=offer.ware.name)


def bot_wall() -> bytes:
    """What the shop shows to whom it takes for a robot."""
    return b"<html><head><title>Robot or human?</title></head><body id='px-captcha'></body></html>"


def page(initial: dict[str, Any], *, title: str) -> bytes:
    """The HTML around a page's data."""
    data = {"props": {"pageProps": {"initialData": initial}}, "page": "/", "buildId": "fake"}
    body = msgspec.json.Encoder(decimal_format="number").encode(data).replace(b"</", b"<\\/")
    head = f"<!DOCTYPE html><html><head><title>{_plain(title)}</title></head><body>".encode()
    script = b'<script id="__NEXT_DATA__" type="application/json">' + body + b"</script>"
    return head + script + b"</body></html>"


def tile(offer: Offer, layout: Layout) -> dict[str, Any]:
    """One product of a list page in one layout."""
    match layout:
        case Layout.DISPLAY_STATUS:
            shown = "In stock" if offer.in_stock else "Out of stock"
            return _common(offer) | {"availabilityStatusDisplayValue": shown} | _flat(offer)
        case Layout.STATUS:
            return _common(offer) | _status(offer) | _flat(offer)
        case Layout.PRICE_LINES:
            return _common(offer) | _status(offer) | {"priceInfo": {"priceDetails": _lines(offer)}}


def _common(offer: Offer) -> dict[str, Any]:
    ware = offer.ware
    return {
        "__typename": "Product",
        "usItemId": ware.product_id,
        "name": ware.name,
        "brand": None,
        "canonicalUrl": f"/ip/{ware.product_id}",
        "canAddToCart": offer.in_stock,
        "sellerName": "Walmart.com",
        "averageRating": offer.rating,
        "numberOfReviews": offer.reviews,
        "fulfillmentSummary": [{"fulfillment": "PICKUP", "storeId": STORE}],
    }


def _status(offer: Offer) -> dict[str, Any]:
    value = "IN_STOCK" if offer.in_stock else "OUT_OF_STOCK"
    return {"availabilityStatusV2": {"display": value.replace("_", " ").lower(), "value": value}}


def _flat(offer: Offer) -> dict[str, Any]:
    now = f"${dollars(offer.price_cents)}"
    return {
        "price": dollars(offer.price_cents),
        "priceInfo": {
            "linePrice": f"Now {now}" if offer.was_cents else now,
            "wasPrice": f"${dollars(offer.was_cents)}" if offer.was_cents else "",
            "unitPrice": _unit_price(offer),
            "minPrice": 0,
            "priceRangeString": "",
        },
    }


def _lines(offer: Offer) -> dict[str, Any]:
    lines = [_line("CURRENT_PRICE", "PRICE", str(dollars(offer.price_cents)))]
    if offer.was_cents:
        lines.append(_line("WAS_PRICE", "PRICE", str(dollars(offer.was_cents))))
    if _unit_price(offer):
        lines.append(_line("UNIT_PRICE", "UNIT_PRICE", _unit_price(offer)))
    return {"currency": "USD", "priceLines": lines}


def _line(kind: str, key: str, value: str) -> dict[str, Any]:
    return {"lineType": kind, "values": [{"key": key, "value": value}]}


def _unit_price(offer: Offer) -> str:
    if not offer.ware.ounces:
        return ""
    return f"{offer.price_cents / offer.ware.ounces:.1f} ¢/oz"


def _placeholder() -> dict[str, Any]:
    return {"__typename": "AdPlaceholder", "usItemId": None, "name": None, "priceInfo": None}


def _plain(title: str) -> str:
    return "".join(c for c in title if c.isalnum() or c in " -,")[:80]


def order_page(orders: Sequence[dict[str, Any]]) -> bytes:
    """A page of one order with its prices, or a list page of several without."""
    if len(orders) == 1:
        return page({"data": {"order": orders[0]}}, title="Order")
    return page({"data": {"purchaseHistory": {"orders": list(orders)}}}, title="Orders")
