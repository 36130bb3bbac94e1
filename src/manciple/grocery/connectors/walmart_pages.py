"""Saved pages of walmart.com: products out of HTML or out of its data, told by shape.

Pure: bytes in, products out. A shape that was never seen is an error that says what stood there;
numbers are never guessed.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from manciple.grocery.connectors.linked_data import linked_products
from manciple.grocery.connectors.loose_json import (
    at,
    decode,
    holders,
    items,
    nearest,
    number,
    shape,
)
from manciple.grocery.connectors.page_walls import titled, wall_of
from manciple.grocery.connectors.saved_files import BrokenFile, text_of, unpacked
from manciple.grocery.connectors.walmart_prices import ShownPrice, reader_of
from manciple.grocery.connectors.walmart_tiles import ShownProduct, read_tile
from manciple.kit.errors import Upstream

SOURCE = "walmart-page"
TWO_PRICES = "the page shows the item at several prices"
# 16 MiB: the largest page seen is 0.9 MB.
MAX_PAGE_BYTES = 16 << 20
# The tag as servers write it and as shrinkers leave it, or the same as an assignment.
_DATA = re.compile(
    rb"<script\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*?\sid\s*=\s*[\"']?__NEXT_DATA__[\"']?"
    rb"(?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?>(.*?)</script\s*>"
    rb"|__NEXT_DATA__\s*=\s*(\{.*?\})\s*;?\s*</script\s*>",
    re.DOTALL | re.IGNORECASE,
)


_ORDERS = ("order", "purchaseHistory")


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
    linked = linked_products(_opened(body, SOURCE), source=SOURCE)
    try:
        return _own_page(page_data(body))
    except Upstream:
        if not linked:
            raise
    return _together(linked)


def _own_page(data: Any) -> ShownPage:
    """The products of the shop's own data.

    Raises:
        Upstream: data of an unknown shape.
    """
    for node in nearest(data, "itemStacks", "product"):
        # Further in, pages of products carry stacks, and lists carry products: advertisements.
        if "itemStacks" in node:
            return _list_page(list(holders(data, "itemStacks")))
        if _is_product(node["product"]):
            return _product_page(node["product"])
    # A page of another build: its tiles are told by what they hold, wherever they stand.
    loose = [node for node in holders(data, "usItemId") if "priceInfo" in node]
    if loose:
        return _shown(loose, total_count=None)
    raise Upstream(SOURCE, f"no products: the page's data is {shape(_top(data))}")


def _together(products: Sequence[ShownProduct]) -> ShownPage:
    """Products of linked data, each once."""
    merged: dict[str, ShownProduct] = {}
    for product in products:
        merged[product.product_id] = _merged(product, merged.get(product.product_id))
    kind = "product" if len(merged) == 1 else "list"
    return ShownPage(kind=kind, products=tuple(merged.values()))


def page_data(body: bytes, *, source: str = SOURCE) -> Any:
    """The data inside a saved page, which may also be saved without its HTML.

    Raises:
        Upstream: the body is over the limit, a bot wall, no page of the shop, or no JSON.
    """
    page = _opened(body, source)
    if page.lstrip()[:1] in (b"{", b"["):
        return _decoded(page, source)
    problem: Upstream | None = None
    # Pages repeat the script in comments and shells of themselves: the largest is the page's.
    scripts = [found[1] or found[2] or b"" for found in _DATA.finditer(page)]
    wall = wall_of(_DATA.sub(b"", page))
    for script in sorted(scripts, key=len, reverse=True):
        try:
            data = _decoded(script, source)
        except Upstream as error:
            problem = problem or error
        else:
            if wall is None or _holds_goods(data):
                return data
    if wall is not None:
        raise Upstream(source, wall)
    raise problem or Upstream(
        source, f"no __NEXT_DATA__ in {titled(page)}: another layout, not the shop's, or cut off"
    )


def _holds_goods(data: Any) -> bool:
    """Whether data that came with the words of a wall is a page's all the same."""
    return any(next(holders(data, key), None) for key in ("itemStacks", "usItemId", *_ORDERS))


def _opened(body: bytes, source: str) -> bytes:
    try:
        return unpacked(body, most_bytes=MAX_PAGE_BYTES)
    except BrokenFile as error:
        raise Upstream(source, str(error)) from error


def _decoded(part: bytes, source: str) -> Any:
    try:
        return decode(text_of(part), source=source)
    except BrokenFile as error:
        raise Upstream(source, str(error)) from error


def _top(data: Any) -> Any:
    return at(data, "props.pageProps.initialData") or at(data, "props.pageProps") or data


def _list_page(holding: Sequence[Any]) -> ShownPage:
    listed = [node for node in holding if isinstance(node["itemStacks"], list)]
    if not listed:
        raise Upstream(SOURCE, f"stacks of an unknown shape: {shape(holding[0]['itemStacks'])}")
    stacks = [stack for node in listed for stack in items(node, "itemStacks")]
    tiles = [tile for stack in stacks for tile in items(stack, "items") or items(stack, "itemsV2")]
    if stacks and not tiles and not any(_has_items(stack) for stack in stacks):
        raise Upstream(SOURCE, f"a stack of an unknown shape: {shape(stacks[0])}")
    counts = (number(node, "aggregatedCount") for node in holding)
    total_count = next((int(count) for count in counts if count), None)
    if total_count and not tiles:
        raise Upstream(SOURCE, f"the page speaks of {total_count} products and holds none")
    return _shown(tiles, total_count=total_count)


def _has_items(stack: Any) -> bool:
    return isinstance(at(stack, "items"), list) or isinstance(at(stack, "itemsV2"), list)


def _shown(tiles: Sequence[Any], *, total_count: int | None) -> ShownPage:
    products: dict[str, ShownProduct] = {}
    skipped: list[Skipped] = []
    for position, tile in enumerate(tiles):
        product, reason = _tile(tile)
        if product is None:
            skipped.append(Skipped(position=position, reason=reason))
        else:
            known = products.get(product.product_id)
            products[product.product_id] = _merged(product, known)
    if not products and any("unknown shape" in entry.reason for entry in skipped):
        strange = next(entry for entry in skipped if "unknown shape" in entry.reason)
        raise Upstream(SOURCE, f"{strange.reason}; {shape(tiles[strange.position])}")
    return ShownPage(
        kind="list",
        products=tuple(products.values()),
        skipped=tuple(skipped),
        total_count=total_count,
    )


def _tile(tile: Any) -> tuple[ShownProduct | None, str]:
    """The product of a tile, or None and why."""
    if at(tile, "usItemId") is None:
        if at(tile, "name") is None:
            return None, "an advertisement or a placeholder"
        return None, f"a tile of unknown shape, without usItemId: {shape(tile)}"
    reader = reader_of(tile)
    if reader is None:
        return None, f"a tile of unknown shape: {shape(at(tile, 'priceInfo'))}"
    layout, price_of = reader
    product = read_tile(tile, price_of(tile), layout=layout)
    return product, "" if product else "no name"


def _merged(new: ShownProduct, old: ShownProduct | None) -> ShownProduct:
    """Two tiles of one item: the first stands unless it lacks a price; two prices are none.

    Two sellers may ask two prices: the first tile's price is that of its seller.
    """
    if old is None or (old.price.cents is None and old.price.missing != TWO_PRICES):
        return new if old is None or new.price.cents is not None else old
    if new.price.cents in (None, old.price.cents) or new.seller != old.seller:
        return old
    ends = sorted(end for end in (new.price.cents, old.price.cents) if end is not None)
    price = ShownPrice(missing=TWO_PRICES, lowest_cents=ends[0], highest_cents=ends[1])
    return msgspec.structs.replace(old, price=price)


def _is_product(product: Any) -> bool:
    return at(product, "usItemId") is not None and "priceInfo" in product


def _product_page(product: Any) -> ShownPage:
    shown, reason = _tile(product)
    if shown is None:
        raise Upstream(SOURCE, f"the product's data cannot be read: {reason}")
    return ShownPage(kind="product", products=(shown,), total_count=1)
