"""What a list would cost by the prices that are known, and what it says of those that are not."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from math import ceil

import msgspec

from manciple.grocery.domain.lists import THOUSAND, ItemStatus, ListItem
from manciple.grocery.domain.money import line_cents
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import WORDS, Total, total
from manciple.kit.errors import InvalidInput

CURRENCY = "USD"

# Words that mean "as the shop packs it".
_PACKAGE_WORDS = re.compile(
    r"ea|each|(?:bag|block|bottle|can|carton|case|container|head|item|jar|jug|pack|package"
    r"|packet|pc|piece|pkg|roll|stick|tray|tub|tube|unit)s?|bunch|box|boxes|loaf|loaves"
)


class Unpriced(StrEnum):
    """Why a line has no price."""

    NO_PRODUCT = "no_product"
    UNKNOWN_PRODUCT = "unknown_product"
    NO_PRICE = "no_price"
    OTHER_CURRENCY = "other_currency"
    UNIT_UNCLEAR = "unit_unclear"


class LinePrice(msgspec.Struct, frozen=True, kw_only=True):
    """What one line costs, in cents, or why that is not known.

    `packages_thousandths` is how many packages it takes; whole ones where the line asks for an
    amount ("500 g") of something packed.
    """

    item_id: str
    cents: int | None = None
    packages_thousandths: int | None = None
    unpriced: Unpriced | None = None


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a list costs: all lines but the unavailable ones, and of them those still pending.

    `items_without_price` counts the lines that the totals leave out because nobody knows.
    """

    total_cents: int
    pending_cents: int
    items_without_price: int
    lines: tuple[LinePrice, ...]
    currency: str = CURRENCY


def estimate(items: Iterable[ListItem], products: Mapping[str, Product]) -> Estimate:
    """The price of every line and their sums; `products` are those that exist of the named ones."""
    wanted = [item for item in items if item.status is not ItemStatus.UNAVAILABLE]
    lines = tuple(price_line(item, products) for item in wanted)
    pending = [
        line.cents or 0
        for item, line in zip(wanted, lines, strict=True)
        if item.status is ItemStatus.PENDING
    ]
    return Estimate(
        total_cents=sum(line.cents or 0 for line in lines),
        pending_cents=sum(pending),
        items_without_price=sum(line.cents is None for line in lines),
        lines=lines,
    )


def price_line(item: ListItem, products: Mapping[str, Product]) -> LinePrice:
    """The price of one line, rounded once, half up."""
    if item.product_id is None:
        return LinePrice(item_id=item.item_id, unpriced=Unpriced.NO_PRODUCT)
    product = products.get(item.product_id)
    if product is None:
        return LinePrice(item_id=item.item_id, unpriced=Unpriced.UNKNOWN_PRODUCT)
    packages = packages_of(item, product)
    if packages is None:
        return LinePrice(item_id=item.item_id, unpriced=Unpriced.UNIT_UNCLEAR)
    unpriced = _unpriced(product)
    if product.price is None or unpriced is not None:
        return LinePrice(item_id=item.item_id, packages_thousandths=packages, unpriced=unpriced)
    cents = line_cents(product.price.cents, packages)
    return LinePrice(item_id=item.item_id, cents=cents, packages_thousandths=packages)


def packages_of(item: ListItem, product: Product) -> int | None:
    """How many packages the line takes, in thousandths; None where its unit does not tell."""
    if item.unit is None or _PACKAGE_WORDS.fullmatch(item.unit):
        return item.quantity_thousandths
    unit = WORDS.get(item.unit.replace(".", ""))
    package = _contents(product)
    if unit is None or package is None or unit.dimension is not package.dimension:
        return None
    needed = Fraction(item.quantity_thousandths, THOUSAND) * unit.factor
    return ceil(needed / package.amount) * THOUSAND


def _contents(product: Product) -> Total | None:
    """What one package holds; None where nobody says, or it says nothing."""
    if product.size is None:
        return None
    try:
        contents = total(product.size)
    except InvalidInput:
        return None
    return contents if contents.amount > 0 else None


def _unpriced(product: Product) -> Unpriced | None:
    if product.price is None:
        return Unpriced.NO_PRICE
    if product.price.currency != CURRENCY:
        return Unpriced.OTHER_CURRENCY
    return None
