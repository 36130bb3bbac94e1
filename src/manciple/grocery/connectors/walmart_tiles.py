"""One product as a page of the shop shows it."""

import html
import re
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from manciple.grocery.connectors.loose_json import at, boolean, identifier, items, number, text
from manciple.grocery.connectors.walmart_prices import ShownPrice

_SITE = "https://www.walmart.com"
_OWN_SELLERS = frozenset({"walmart.com", "walmart"})
_SELLERS = ("sellerName", "seller.name", "seller.sellerDisplayName", "seller.displayName")
_BY_TYPE = {"EXTERNAL": True, "MARKETPLACE": True, "INTERNAL": False}
_MARKS = re.compile(r"</?(?:mark|b|em|strong|br|span)\b[^>]*>", re.IGNORECASE)
_PAID = ("isSponsoredFlag", "isSponsored", "sponsored", "adInfo.isSponsored", "isSponsoredItem")
# Marketplace tiles name a store of this id: none.
_NO_STORE = frozenset({"0", ""})


class Stock(StrEnum):
    """What a page says about stock."""

    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"
    UNKNOWN = "unknown"


_STOCK_WORDS = {
    "in stock": Stock.IN_STOCK,
    "in_stock": Stock.IN_STOCK,
    "limited stock": Stock.IN_STOCK,
    "limited_stock": Stock.IN_STOCK,
    "out of stock": Stock.OUT_OF_STOCK,
    "out_of_stock": Stock.OUT_OF_STOCK,
    "not available": Stock.OUT_OF_STOCK,
    "not_available": Stock.OUT_OF_STOCK,
    "retired": Stock.OUT_OF_STOCK,
}


class ShownProduct(msgspec.Struct, frozen=True, kw_only=True):
    """A product on a page: its own words, and nothing concluded beyond them.

    `is_buyable` needs more than stock: the page must let the item go into the cart and name a
    store or a delivery for it; None where the page leaves that open, as `is_marketplace` where it
    does not say who sells the item.
    """

    product_id: str
    name: str
    brand: str | None
    price: ShownPrice
    stock: Stock
    is_buyable: bool | None
    seller: str | None
    is_marketplace: bool | None
    is_sponsored: bool
    fulfillment: tuple[str, ...]
    store: str | None
    aisle: str | None
    category_path: tuple[str, ...]
    rating: Decimal | None
    review_count: int | None
    image_url: str | None
    product_url: str | None
    upc: str | None
    layout: str
    observed_at: datetime | None = None


def read_tile(tile: Any, price: ShownPrice, *, layout: str) -> ShownProduct | None:
    """The product of a tile; None where it has no id or no name, as placeholders of ads have."""
    product_id, name = identifier(tile, "usItemId"), _name(tile)
    if product_id is None or name is None:
        return None
    seller = next((found for path in _SELLERS if (found := text(tile, path))), None)
    stores = _stores(tile)
    return ShownProduct(
        product_id=product_id,
        name=name,
        brand=text(tile, "brand"),
        price=price,
        stock=_stock(tile),
        is_buyable=_buyable(tile),
        seller=seller,
        is_marketplace=_is_marketplace(tile, seller),
        is_sponsored=_is_sponsored(tile),
        fulfillment=_fulfillment(tile),
        store=stores[0] if stores else None,
        aisle=_aisle(tile),
        category_path=_category(tile),
        rating=_first(tile, "averageRating", "rating.averageRating"),
        review_count=_count(
            number(tile, "numberOfReviews") or number(tile, "rating.numberOfReviews")
        ),
        image_url=_image(tile),
        product_url=_link(tile),
        upc=identifier(tile, "upc"),
        layout=layout,
    )


def _name(tile: Any) -> str | None:
    """The name without the entities of HTML and marks around searched words."""
    printed = html.unescape(text(tile, "name") or "")
    return " ".join(_MARKS.sub("", printed).split()) or None


def _stock(tile: Any) -> Stock:
    if boolean(tile, "isOutOfStock"):
        return Stock.OUT_OF_STOCK
    for path in (
        "availabilityStatusV2.value",
        "availabilityStatusV2",
        "availabilityStatus",
        "availabilityStatusDisplayValue",
        "availabilityStatusV2.display",
    ):
        word = text(tile, path)
        if word is not None:
            return _STOCK_WORDS.get(word.lower(), Stock.UNKNOWN)
    return Stock.UNKNOWN


def _buyable(tile: Any) -> bool | None:
    if _stock(tile) is Stock.OUT_OF_STOCK or boolean(tile, "canAddToCart") is False:
        return False
    may_go_into_the_cart = boolean(tile, "canAddToCart")
    if "fulfillmentSummary" not in tile or may_go_into_the_cart is None:
        return may_go_into_the_cart
    return bool(items(tile, "fulfillmentSummary"))


def _is_marketplace(tile: Any, seller: str | None) -> bool | None:
    way = text(tile, "fulfillmentType")
    if way == "MARKETPLACE":
        return True
    if seller is not None:
        return not is_own_seller(seller)
    return _BY_TYPE.get(text(tile, "sellerType") or "", False if way == "STORE" else None)


def is_own_seller(seller: str) -> bool:
    """Whether it is the shop itself that sells."""
    return seller.lower() in _OWN_SELLERS


def _is_sponsored(tile: Any) -> bool:
    flags = (boolean(tile, path) for path in _PAID)
    return any(flags) or bool(at(tile, "sponsoredProduct")) or any(map(_says_paid, _badges(tile)))


def _badges(tile: Any) -> list[Any]:
    return [*items(tile, "badges.flags"), *items(tile, "badges.tags"), at(tile, "badge"), tile]


def _says_paid(badge: Any) -> bool:
    words = (text(badge, name) or "" for name in ("key", "text", "flag"))
    return any(word.upper() == "SPONSORED" for word in words)


def _fulfillment(tile: Any) -> tuple[str, ...]:
    summary = (text(way, "fulfillment") for way in items(tile, "fulfillmentSummary"))
    ways = dict.fromkeys(way.lower() for way in summary if way)
    return tuple(ways)


def _stores(tile: Any) -> list[str]:
    ids = (identifier(way, "storeId") for way in items(tile, "fulfillmentSummary"))
    return [store for store in ids if store is not None and store not in _NO_STORE]


def _aisle(tile: Any) -> str | None:
    places = items(tile, "productLocation")
    return text(places[0], "displayValue") if places else text(tile, "productLocationDisplayValue")


def _category(tile: Any) -> tuple[str, ...]:
    steps = (text(step, "name") for step in items(tile, "category.path"))
    return tuple(step for step in steps if step)


def _first(tile: Any, *paths: str) -> Decimal | None:
    """The first number that is there; a rating of 0 means that nobody rated."""
    return next((value for value in (number(tile, path) for path in paths) if value), None)


def _count(value: Decimal | None) -> int | None:
    return int(value) if value is not None and value >= 0 else None


def _image(tile: Any) -> str | None:
    return text(tile, "imageInfo.thumbnailUrl") or text(tile, "image")


def _link(tile: Any) -> str | None:
    link = text(tile, "canonicalUrl")
    if link is None:
        return None
    path = link.partition("?")[0]
    return f"{_SITE}{path}" if path.startswith("/") else path
