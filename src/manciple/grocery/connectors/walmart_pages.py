"""Saved pages of walmart.com: products out of HTML or out of its data, told by shape.

Pure: bytes in, products out. A shape that was never seen is an error that says what stood there;
numbers are never guessed.
"""

import re
from typing import Any

import msgspec

from manciple.grocery.connectors.loose_json import (
    at,
    decode,
    holders,
    items,
    number,
    shape,
)
from manciple.grocery.connectors.walmart_prices import reader_of
from manciple.grocery.connectors.walmart_tiles import ShownProduct, read_tile
from manciple.kit.errors import Upstream

SOURCE = "walmart-page"
# 16 MiB: the largest page seen is 0.9 MB.
MAX_PAGE_BYTES = 16 << 20
_DATA = re.compile(
    rb"<script[^>]*\bid=[\"']__NEXT_DATA__[\"'][^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE
)
_WALLS = (b"Robot or human?", b"px-captcha", b"/blocked?url=")


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """A tile that is no product, or one that cannot be read, and why."""

    position: int
    reason: str


class ShownPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows, in its order, every product once.

    `total_count` is how many there are in all by the page's own word.
    """

    kind: str
    products: tuple[ShownProduct, ...]
    skipped: tuple[Skipped, ...] = ()
    total_count: int | None = None


def read_page(body: bytes) -> ShownPage:
    """The products of a saved page: a search, a category, or one product's own page.

    Raises:
        Upstream: a bot wall, a body over the limit, no data, or data of an unknown shape.
    """
    data = page_data(body)
    stacked = next(holders(data, "itemStacks"), None)
    if stacked is not None:
        return _list_page(stacked)
    product = _own_product(data)
    if product is not None:
        return _product_page(product)
    raise Upstream(SOURCE, f"no products: the page's data is {shape(_top(data))}")


def page_data(body: bytes, *, source: str = SOURCE) -> Any:
    """The data inside a saved page, which may also be saved without its HTML.

    Raises:
        Upstream: the body is over the limit, a bot wall, no page of the shop, or no JSON.
    """
    if len(body) > MAX_PAGE_BYTES:
        raise Upstream(source, f"larger than {MAX_PAGE_BYTES} bytes")
    if body.lstrip()[:1] in (b"{", b"["):
        return decode(body, source=source)
    found = _DATA.search(body)
    if found is not None:
        return decode(found[1], source=source)
    if any(wall in body for wall in _WALLS):
        raise Upstream(source, "the shop shows a bot check instead of the page")
    raise Upstream(source, "no __NEXT_DATA__ in the page: not the shop's, or cut off")


def _top(data: Any) -> Any:
    return at(data, "props.pageProps.initialData") or at(data, "props.pageProps") or data


def _list_page(stacked: Any) -> ShownPage:
    products: dict[str, ShownProduct] = {}
    skipped: list[Skipped] = []
    tiles = [tile for stack in items(stacked, "itemStacks") for tile in items(stack, "items")]
    for position, tile in enumerate(tiles):
        product, reason = _tile(tile)
        if product is None:
            skipped.append(Skipped(position=position, reason=reason))
        elif _is_better(product, products.get(product.product_id)):
            products[product.product_id] = product
    if tiles and not products and any("unknown shape" in entry.reason for entry in skipped):
        raise Upstream(SOURCE, f"tiles of an unknown shape: {shape(tiles[0])}")
    count = number(stacked, "aggregatedCount")
    return ShownPage(
        kind="list",
        products=tuple(products.values()),
        skipped=tuple(skipped),
        total_count=None if count is None else int(count),
    )


def _tile(tile: Any) -> tuple[ShownProduct | None, str]:
    """The product of a tile, or None and why."""
    if at(tile, "usItemId") is None:
        return None, "an advertisement or a placeholder"
    reader = reader_of(tile)
    if reader is None:
        return None, f"a tile of unknown shape: {shape(at(tile, 'priceInfo'))}"
    layout, price_of = reader
    product = read_tile(tile, price_of(tile), layout=layout)
    return product, "" if product else "no name"


def _is_better(new: ShownProduct, old: ShownProduct | None) -> bool:
    """Whether a second tile of one item says more: the first stands unless it lacks a price."""
    return old is None or (old.price.cents is None and new.price.cents is not None)


def _own_product(data: Any) -> Any:
    return next((node["product"] for node in holders(data, "product") if _is_product(node)), None)


def _is_product(node: Any) -> bool:
    return at(node, "product.usItemId") is not None and at(node, "product.priceInfo") is not None


def _product_page(product: Any) -> ShownPage:
    shown, reason = _tile(product)
    if shown is None:
        raise Upstream(SOURCE, f"the product's data cannot be read: {reason}")
    return ShownPage(kind="product", products=(shown,), total_count=1)
