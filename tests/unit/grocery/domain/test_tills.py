from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.products import Product
from manciple.grocery.domain.tills import TillLine, TillRule, ring_up
from manciple.grocery.domain.units import Size
from tests.list_builders import a_product

CANS = Size(pack=12, amount_thousandths=12_000, unit="OZA")
CHICKEN = Size(amount_thousandths=3_000, most_thousandths=5_000, unit="LBR")


def a_line(cents: int, *path: str, quantity: int = 1_000, size: Size | None = None) -> TillLine:
    product = msgspec.structs.replace(a_product(size=size), category_path=path)
    return TillLine(product=product, price_cents=cents, packages_thousandths=quantity)


def test_without_a_rule_the_till_adds_nothing() -> None:
    till = ring_up([a_line(199), a_line(101, quantity=2_000)], TillRule())
    assert (till.total_cents, till.tax_cents, till.deposit_cents) == (401, 0, 0)
    assert (till.low_cents, till.high_cents) == (401, 401)


def test_tax_falls_on_the_taxed_categories_and_is_rounded_once() -> None:
    rule = TillRule(tax_basis_points=825, taxed_categories=("snacks & candy",))
    lines = [
        a_line(99, "Snacks & Candy", "Chips"),
        a_line(99, "Snacks & Candy"),
        a_line(500, "Produce"),
    ]
    till = ring_up(lines, rule)
    assert (till.subtotal_cents, till.tax_cents, till.total_cents) == (698, 16, 714)


def test_without_categories_everything_is_taxed() -> None:
    assert ring_up([a_line(1_000)], TillRule(tax_basis_points=1_000)).tax_cents == 100


def test_each_can_of_a_pack_has_its_deposit_and_solid_food_has_none() -> None:
    rule = TillRule(deposit_cents=5, deposit_categories=("Drinks",))
    till = ring_up([a_line(500, "Drinks", quantity=2_000, size=CANS)], rule)
    assert (till.deposit_cents, till.total_cents) == (120, 1_120)
    solid = ring_up([a_line(500, "Drinks", size=CHICKEN), a_line(500, "Drinks")], rule)
    assert solid.deposit_cents == 0


def test_what_is_weighed_gives_a_range() -> None:
    till = ring_up([a_line(1_200, size=CHICKEN)], TillRule(tax_basis_points=1_000))
    assert (till.low_cents, till.total_cents, till.high_cents) == (990, 1_320, 1_650)


@pytest.mark.parametrize("rule", [TillRule(), TillRule(tax_basis_points=825, deposit_cents=10)])
def test_an_empty_till_says_zero(rule: TillRule) -> None:
    assert ring_up([], rule).total_cents == 0


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 5_000))), st.integers(0, 10_000))
def test_the_total_is_the_sum_of_its_parts(lines: list[tuple[int, int]], tax: int) -> None:
    kept: list[TillLine] = [a_line(cents, quantity=quantity) for cents, quantity in lines]
    till = ring_up(kept, TillRule(tax_basis_points=tax))
    assert till.total_cents == till.subtotal_cents + till.tax_cents + till.deposit_cents
    assert till.low_cents == till.total_cents == till.high_cents
    assert abs(till.tax_cents - Fraction(till.subtotal_cents * tax, 10_000)) <= Fraction(1, 2)


def test_a_product_without_a_category_is_in_none() -> None:
    product: Product = a_product()
    line = TillLine(product=product, price_cents=100, packages_thousandths=1_000)
    assert (
        ring_up([line], TillRule(tax_basis_points=500, taxed_categories=("Drinks",))).tax_cents == 0
    )
