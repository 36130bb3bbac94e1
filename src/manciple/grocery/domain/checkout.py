"""The hand-off to the shop: a quote with frozen terms, its confirmation, and the cart's links.

Nothing here orders anything, and nothing says so: the shopper orders at the shop.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from math import ceil

import msgspec

from manciple.grocery.domain.list_totals import CURRENCY, packages_of
from manciple.grocery.domain.lists import THOUSAND, ItemStatus, ListItem
from manciple.grocery.domain.money import line_cents
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.tills import BASIS_POINTS, TillLine, TillRule, TillTotal, ring_up

CART_URL = "https://www.walmart.com/sc/cart/addToCart?items="
# What the shop's cart takes from one link.
MAX_ITEMS_A_LINK = 50
# The shop's own limit for one product in a cart.
MAX_PACKAGES = 99
# A price of the morning is rarely another by the afternoon; half an hour is time to read a quote.
QUOTE_LIFE_S = 30 * 60
# 2 %: a few cents on a carton of eggs are no reason to ask again, a dollar on a basket of 50 is.
TOLERANCE_BASIS_POINTS = 200


class LeftOut(StrEnum):
    """Why a line is not handed over."""

    NO_PRODUCT = "no_product"
    UNKNOWN_PRODUCT = "unknown_product"
    OUT_OF_STOCK = "out_of_stock"
    UNIT_UNCLEAR = "unit_unclear"
    TOO_MANY = "too_many"
    NOT_OF_THIS_SHOP = "not_of_this_shop"


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """So many whole packages of one product; `price` is what one is known to cost, if anything.

    `is_rounded_up`: the list asked for a part of a package, and the shop sells whole ones.
    `instead_of` are products that cannot be had, for which the list names this one.
    """

    product_id: str
    name: str
    packages: int
    price: Price | None
    line_cents: int | None
    in_stock: bool | None
    is_rounded_up: bool
    instead_of: tuple[str, ...] = ()


class LeftOutLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that the shop's cart cannot take."""

    item_id: str
    name: str
    reason: LeftOut


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a quote promises, and what a confirmation accepts by its hash."""

    session_id: str
    list_version: int
    lines: tuple[QuoteLine, ...]
    left_out: tuple[LeftOutLine, ...]
    items_without_price: int
    till: TillTotal
    tolerance_basis_points: int
    expires_at: datetime
    currency: str = CURRENCY

    def hash(self) -> str:
        """A fingerprint of everything above: 64 hexadecimal digits."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class PriceMove(msgspec.Struct, frozen=True, kw_only=True):
    """That a line is not as it was quoted; None: no price is known, or it cannot be had.

    `was` and `now` are the prices of one package that the sums were made of.
    """

    product_id: str
    name: str
    was_cents: int | None
    now_cents: int | None
    was: Price | None = None
    now: Price | None = None


class HandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """What the shopper opens at the shop, and what they must find there themselves."""

    links: tuple[str, ...]
    left_out: tuple[LeftOutLine, ...]
    moves: tuple[PriceMove, ...]
    total_cents: int


@dataclass(frozen=True, slots=True)
class _Taken:
    """A line with the product that is taken for it, and how many packages."""

    item: ListItem
    product: Product
    packages: Fraction


def quote(
    items: Iterable[ListItem],
    products: Mapping[str, Product],
    *,
    session_id: str,
    list_version: int,
    rule: TillRule,
    tolerance_basis_points: int,
    expires_at: datetime,
) -> Terms:
    """The terms for the pending lines, by the prices and stocks of this moment.

    A product that cannot be had gives way to the first one that its line names instead of it.
    `products` are those that exist of all that are named.
    """
    wanted: dict[str, list[_Taken]] = {}
    left_out: list[LeftOutLine] = []
    for item in items:
        if item.status is not ItemStatus.PENDING:
            continue
        taken = _take(item, products)
        if isinstance(taken, LeftOut):
            left_out.append(LeftOutLine(item_id=item.item_id, name=item.text, reason=taken))
        else:
            wanted.setdefault(taken.product.product_id, []).append(taken)
    lines = []
    for together in wanted.values():
        line = _quote_line(together)
        if line.packages > MAX_PACKAGES:
            left_out.extend(
                LeftOutLine(item_id=one.item.item_id, name=line.name, reason=LeftOut.TOO_MANY)
                for one in together
            )
        else:
            lines.append(line)
    till = ring_up(
        (
            TillLine(
                product=products[line.product_id],
                price_cents=line.price.cents,
                packages_thousandths=line.packages * THOUSAND,
            )
            for line in lines
            if line.price is not None
        ),
        rule,
    )
    return Terms(
        session_id=session_id,
        list_version=list_version,
        lines=tuple(lines),
        left_out=tuple(left_out),
        items_without_price=sum(line.price is None for line in lines),
        till=till,
        tolerance_basis_points=tolerance_basis_points,
        expires_at=expires_at,
    )


def moves(quoted: Terms, now: Terms) -> tuple[PriceMove, ...]:
    """Every line that is not as it was quoted: another price, or no longer to be had."""
    was = {line.product_id: line for line in quoted.lines}
    found = {line.product_id: line for line in now.lines}
    return tuple(
        _move(line, found.get(product_id))
        for product_id, line in was.items()
        if product_id not in found or found[product_id].line_cents != line.line_cents
    )


def _move(line: QuoteLine, now: QuoteLine | None) -> PriceMove:
    return PriceMove(
        product_id=line.product_id,
        name=line.name,
        was_cents=line.line_cents,
        now_cents=now.line_cents if now else None,
        was=line.price,
        now=now.price if now else None,
    )


def basket(terms: Terms) -> dict[str, int]:
    """How many packages of each product the terms are for."""
    return {line.product_id: line.packages for line in terms.lines}


def is_within_tolerance(quoted: Terms, now: Terms) -> bool:
    """Whether a confirmation of `quoted` still holds: all is there and nothing costs too much more.

    Less is always welcome; a rise counts by the total and by nothing else.
    """
    if basket(quoted) != basket(now):
        return False
    if any(move.now_cents is None for move in moves(quoted, now)):
        return False
    rise = now.till.total_cents - quoted.till.total_cents
    return rise * BASIS_POINTS <= quoted.till.total_cents * quoted.tolerance_basis_points


def hand_over(quoted: Terms, now: Terms) -> HandedOver:
    """The cart's links for what was quoted, at most fifty products each."""
    return HandedOver(
        links=cart_links(now.lines),
        left_out=now.left_out,
        moves=moves(quoted, now),
        total_cents=now.till.total_cents,
    )


def cart_links(lines: Sequence[QuoteLine]) -> tuple[str, ...]:
    """Links that put these packages into the shop's cart."""
    parts = [f"{line.product_id}_{line.packages}" for line in lines]
    return tuple(
        CART_URL + ",".join(parts[start : start + MAX_ITEMS_A_LINK])
        for start in range(0, len(parts), MAX_ITEMS_A_LINK)
    )


def _take(item: ListItem, products: Mapping[str, Product]) -> _Taken | LeftOut:
    """What the shop's cart takes for this line, or why it takes nothing."""
    if item.product_id is None:
        return LeftOut.NO_PRODUCT
    taken = _take_product(item, products.get(item.product_id))
    if taken is not LeftOut.OUT_OF_STOCK and taken is not LeftOut.UNKNOWN_PRODUCT:
        return taken
    if not item.substitution_allowed:
        return taken
    others = (_take_product(item, products.get(one)) for one in item.substitutes)
    return next((one for one in others if isinstance(one, _Taken)), taken)


def _take_product(item: ListItem, product: Product | None) -> _Taken | LeftOut:
    if product is None:
        return LeftOut.UNKNOWN_PRODUCT
    if not (product.product_id.isascii() and product.product_id.isdigit()):
        return LeftOut.NOT_OF_THIS_SHOP
    if product.in_stock is False:
        return LeftOut.OUT_OF_STOCK
    packages = packages_of(item, product)
    if packages is None:
        return LeftOut.UNIT_UNCLEAR
    return _Taken(item=item, product=product, packages=Fraction(packages, THOUSAND))


def _quote_line(together: Sequence[_Taken]) -> QuoteLine:
    """One line for all that take the same product."""
    product = together[0].product
    wanted = sum((one.packages for one in together), Fraction())
    packages = ceil(wanted)
    price = product.price if product.price and product.price.currency == CURRENCY else None
    meant = dict.fromkeys(one.item.product_id for one in together)
    return QuoteLine(
        product_id=product.product_id,
        name=product.name,
        packages=packages,
        price=price,
        line_cents=line_cents(price.cents, packages * THOUSAND) if price else None,
        in_stock=product.in_stock,
        is_rounded_up=packages != wanted,
        instead_of=tuple(one for one in meant if one and one != product.product_id),
    )
