"""Products out of the linked data (schema.org, JSON-LD) of a page of the shop. Pure.

Read where a page carries no data of the shop's own. An offer counts as a price only where it is one
amount in US dollars for one piece; several offers that differ are a range.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from manciple.grocery.connectors.loose_json import at, decode, identifier, items, number, text
from manciple.grocery.connectors.shown_statements import ONLY_BY_UNIT, read_shown
from manciple.grocery.connectors.walmart_prices import NO_PRICE, ONLY_A_RANGE, ShownPrice
from manciple.grocery.connectors.walmart_tiles import ShownProduct, Stock, is_own_seller
from manciple.kit.errors import Upstream

LAYOUT = "linked-data"
NO_CURRENCY = "the page does not say the currency of its price"
ONLY_FOR_SOME = "the page shows only a price for members"
_SCRIPT = re.compile(
    rb"<script\b[^>]*application/ld\+json[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE
)
_SHOP = re.compile(r"^(?:(?:https?:)?//(?:www\.)?walmart\.com)?/ip/(?:[^/?#\"]+/)?(\d+)(?:[?#]|$)")
_CANONICAL = re.compile(
    rb"<(?:link|meta)\b[^>]*(?:canonical|og:url)[^>]*walmart\.com(/ip/[^\"'>\s]+)", re.IGNORECASE
)
_MEMBERS = ("validForMemberTier", "eligibleCustomerType")
_STOCK = {
    "instock": Stock.IN_STOCK,
    "limitedavailability": Stock.IN_STOCK,
    "outofstock": Stock.OUT_OF_STOCK,
    "soldout": Stock.OUT_OF_STOCK,
    "discontinued": Stock.OUT_OF_STOCK,
}
_MAX_DEPTH = 24


def linked_products(page: bytes, *, source: str) -> list[ShownProduct]:
    """The products that the page's linked data names, in its order; empty where there are none.

    A product without a link to the shop's own page of it is another shop's, and left out.
    """
    canonical = _CANONICAL.search(page)
    own = _SHOP.search(canonical[1].decode(errors="replace")) if canonical else None
    own_id = own[1] if own else None
    nodes = [node for data in _data(page, source) for node in _nodes(data, 0)]
    bare = {text(node, "name") for node in nodes if not (_ids(node) or identifier(node, "sku"))}
    # The page's address names one product: of several without a number any may be meant.
    is_told = len(bare) == 1 and own_id not in {identifier(node, "sku") for node in nodes}
    products = (_product(node, own_id, is_told=is_told) for node in nodes)
    return [product for product in products if product is not None]


def _data(page: bytes, source: str) -> Iterator[Any]:
    for script in _SCRIPT.finditer(page):
        try:
            yield decode(script[1].decode(errors="replace"), source=source)
        except Upstream:
            continue


def _nodes(node: Any, depth: int) -> Iterator[Any]:
    """Every product; of a group its variants, and nothing of what lies within a product."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, Mapping):
        if _is_a(node, "Product"):
            yield node
            return
        for child in node.values():
            yield from _nodes(child, depth + 1)
    elif isinstance(node, list):
        for child in node:
            yield from _nodes(child, depth + 1)


def _is_a(node: Any, kind: str) -> bool:
    told = at(node, "@type")
    return kind in (told if isinstance(told, list) else [told])


def _ids(node: Any) -> list[str]:
    """The product's numbers in the shop, out of its links."""
    links = [text(one, key) for one in (node, *_offers(node)) for key in ("url", "@id")]
    return [found[1] for link in links if link and (found := _SHOP.search(link))]


def _product(node: Any, own_id: str | None, *, is_told: bool) -> ShownProduct | None:
    name, offers, ids = html.unescape(text(node, "name") or ""), _offers(node), _ids(node)
    sku = identifier(node, "sku")
    if own_id is not None and (sku == own_id or (sku is None and is_told)):
        ids.append(own_id)
    if not name or not ids:
        return None
    sellers = {seller for offer in offers if (seller := text(offer, "seller.name"))}
    stocks = {_stock(offer) for offer in offers}
    seller = sellers.pop() if len(sellers) == 1 else None
    return ShownProduct(
        product_id=ids[0],
        name=" ".join(name.split()),
        brand=text(node, "brand.name") or text(node, "brand"),
        price=_price(offers),
        stock=stocks.pop() if len(stocks) == 1 else Stock.UNKNOWN,
        is_buyable=None,
        seller=seller,
        is_marketplace=None if seller is None else not is_own_seller(seller),
        is_sponsored=False,
        fulfillment=(),
        store=None,
        aisle=None,
        category_path=(),
        rating=number(node, "aggregateRating.ratingValue") or None,
        review_count=None,
        image_url=_image(node),
        product_url=f"https://www.walmart.com/ip/{ids[0]}",
        upc=identifier(node, "gtin13") or identifier(node, "gtin12") or identifier(node, "gtin"),
        layout=LAYOUT,
    )


def _offers(node: Any) -> list[Any]:
    listed = at(node, "offers")
    return listed if isinstance(listed, list) else [listed] if isinstance(listed, Mapping) else []


def _stock(offer: Any) -> Stock:
    said = (text(offer, "availability") or "").rpartition("/")[2].lower()
    return _STOCK.get(said, Stock.UNKNOWN)


def _price(offers: list[Any]) -> ShownPrice:
    doubt = next((found for offer in offers if (found := _doubt(offer))), None)
    if doubt or not offers:
        return ShownPrice(missing=doubt or NO_PRICE)
    keys = ("price", "lowPrice", "highPrice")
    reads = [read_shown(at(offer, key)) for offer in offers for key in keys]
    amounts = sorted({read.cents for read in reads if read is not None and read.cents})
    if len(amounts) > 1:
        return ShownPrice(missing=ONLY_A_RANGE, lowest_cents=amounts[0], highest_cents=amounts[-1])
    if not amounts or any(
        not at(offer, "price") and not at(offer, "highPrice") for offer in offers
    ):
        return ShownPrice(missing=ONLY_A_RANGE if amounts else NO_PRICE)
    return ShownPrice(cents=amounts[0])


def _doubt(offer: Any) -> str | None:
    """Why an offer's amount is not a price of one piece in US dollars for everybody."""
    parts = at(offer, "priceSpecification")
    parts = [part for part in (parts if isinstance(parts, list) else [parts]) if part]
    currency = text(offer, "priceCurrency") or next(
        (found for part in parts if (found := text(part, "priceCurrency"))), None
    )
    if currency != "USD":
        told = f"the page states the price in {currency}, not in US dollars"
        return told if currency else NO_CURRENCY
    if any(at(part, "referenceQuantity") or at(part, "unitCode") for part in parts):
        return ONLY_BY_UNIT
    if any(at(one, key) for one in (offer, *parts) for key in _MEMBERS):
        return ONLY_FOR_SOME
    return None


def _image(node: Any) -> str | None:
    images = items(node, "image") or [at(node, "image")]
    first = images[0]
    return first if isinstance(first, str) else text(first, "url")
