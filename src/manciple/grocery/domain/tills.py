"""What the till will say: lines, deposits, sales tax, and a range where weight decides.

An estimate: only the shop knows its tax categories; the rule here is what the household states.
"""

from collections.abc import Iterable
from fractions import Fraction

import msgspec

from manciple.grocery.domain.money import line_cents, share_cents
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import Dimension, total
from manciple.kit.errors import InvalidInput

BASIS_POINTS = 10_000


class TillRule(msgspec.Struct, frozen=True, kw_only=True):
    """What is added to the prices of the shelf.

    `tax_basis_points` (825 is 8.25 %) falls on products in `taxed_categories`, on all where that
    is empty. `deposit_cents` falls on each piece of a product in `deposit_categories` that is
    sold by volume. A category matches any level of a product's path, in whatever case.
    """

    tax_basis_points: int = 0
    taxed_categories: tuple[str, ...] = ()
    deposit_cents: int = 0
    deposit_categories: tuple[str, ...] = ()


class TillLine(msgspec.Struct, frozen=True, kw_only=True):
    """So many packages of a product at a price for one."""

    product: Product
    price_cents: int
    packages_thousandths: int


class TillTotal(msgspec.Struct, frozen=True, kw_only=True):
    """The sums; `low_cents` and `high_cents` differ from the total where weight decides."""

    subtotal_cents: int
    deposit_cents: int
    tax_cents: int
    total_cents: int
    low_cents: int
    high_cents: int


def ring_up(lines: Iterable[TillLine], rule: TillRule) -> TillTotal:
    """The sums of all lines. Each line is rounded once, and the tax once on their taxed sum."""
    kept = list(lines)
    deposits = sum(_deposit(line, rule) for line in kept)
    expected, low, high = (
        _with_tax(kept, rule, which=which, deposits=deposits) for which in (0, 1, 2)
    )
    subtotal = sum(_cents(line)[0] for line in kept)
    return TillTotal(
        subtotal_cents=subtotal,
        deposit_cents=deposits,
        tax_cents=expected - subtotal - deposits,
        total_cents=expected,
        low_cents=low,
        high_cents=high,
    )


def _with_tax(lines: list[TillLine], rule: TillRule, *, which: int, deposits: int) -> int:
    everything = sum(_cents(line)[which] for line in lines)
    taxed = sum(_cents(line)[which] for line in lines if _is_taxed(line.product, rule))
    return everything + deposits + share_cents(taxed, Fraction(rule.tax_basis_points, BASIS_POINTS))


def _cents(line: TillLine) -> tuple[int, int, int]:
    """Expected, least and most; the price of a range of weights is taken for its middle."""
    expected = line_cents(line.price_cents, line.packages_thousandths)
    size = line.product.size
    if size is None or size.most_thousandths is None:
        return expected, expected, expected
    middle = Fraction(size.amount_thousandths + size.most_thousandths, 2)
    if middle <= 0:
        return expected, expected, expected
    low = share_cents(expected, size.amount_thousandths / middle)
    return expected, low, share_cents(expected, size.most_thousandths / middle)


def _is_taxed(product: Product, rule: TillRule) -> bool:
    return not rule.taxed_categories or _is_in(product, rule.taxed_categories)


def _deposit(line: TillLine, rule: TillRule) -> int:
    """A deposit for each piece: a twelve-pack of cans has twelve. Part of a package has none."""
    size = line.product.size
    if size is None or not _is_in(line.product, rule.deposit_categories):
        return 0
    try:
        if total(size).dimension is not Dimension.VOLUME:
            return 0
    except InvalidInput:
        return 0
    return rule.deposit_cents * size.pack * (line.packages_thousandths // 1000)


def _is_in(product: Product, categories: tuple[str, ...]) -> bool:
    wanted = {name.casefold() for name in categories}
    return any(level.casefold() in wanted for level in product.category_path)
