from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.checkout import (
    MAX_ITEMS_A_LINK,
    LeftOut,
    Terms,
    cart_links,
    is_within_tolerance,
    moves,
    quote,
)
from manciple.grocery.domain.list_filling import WantedItem
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.tills import TillRule
from tests.list_builders import NOON, a_list, a_product, filled, shelf, wanted

MILK, RICE = "10001", "10002"


def terms(*items: WantedItem, products: dict[str, Product], tolerance: int = 200) -> Terms:
    found, _ = filled(a_list(), *items, products={**products, "gone": a_product("gone")})
    return quote(
        found.items,
        products,
        session_id="session_1",
        list_version=1,
        rule=TillRule(),
        tolerance_basis_points=tolerance,
        expires_at=NOON + timedelta(minutes=30),
    )


def of_milk(cents: int | None, *, tolerance: int = 200) -> Terms:
    return terms(wanted(MILK), products=shelf(a_product(MILK, cents=cents)), tolerance=tolerance)


def test_one_product_on_two_lines_is_one_line_of_the_quote() -> None:
    found = terms(
        wanted(MILK), wanted(MILK, "2", unit="each"), products=shelf(a_product(MILK, cents=100))
    )
    assert [(line.packages, line.line_cents) for line in found.lines] == [(3, 300)]


def test_parts_of_packages_are_rounded_up_and_said_so() -> None:
    found = terms(wanted(MILK, "1.5"), products=shelf(a_product(MILK, cents=100)))
    assert [(line.packages, line.is_rounded_up) for line in found.lines] == [(2, True)]
    assert found.till.total_cents == 200


@pytest.mark.parametrize(
    ("item", "product", "reason"),
    [
        (wanted(None, text="candles"), a_product(MILK), LeftOut.NO_PRODUCT),
        (wanted("gone"), a_product(MILK), LeftOut.UNKNOWN_PRODUCT),
        (wanted("own-bread"), a_product("own-bread"), LeftOut.NOT_OF_THIS_SHOP),
        (wanted(MILK, unit="gal"), a_product(MILK), LeftOut.UNIT_UNCLEAR),
        (wanted(MILK, "100"), a_product(MILK), LeftOut.TOO_MANY),
        (
            wanted(MILK),
            msgspec.structs.replace(a_product(MILK), in_stock=False),
            LeftOut.OUT_OF_STOCK,
        ),
    ],
)
def test_what_the_cart_cannot_take_is_left_out_with_its_reason(
    item: WantedItem, product: Product, reason: LeftOut
) -> None:
    found = terms(item, products=shelf(product))
    assert found.lines == ()
    assert [one.reason for one in found.left_out] == [reason]


def test_what_has_no_price_is_handed_over_and_counted() -> None:
    found = of_milk(None)
    assert (len(found.lines), found.items_without_price, found.till.total_cents) == (1, 1, 0)


def test_every_change_of_the_terms_changes_their_hash() -> None:
    found = of_milk(100)
    others = [
        of_milk(101),
        of_milk(100, tolerance=201),
        msgspec.structs.replace(found, expires_at=NOON),
        msgspec.structs.replace(found, session_id="session_2"),
    ]
    assert len({found.hash(), *(other.hash() for other in others)}) == 5
    assert of_milk(100).hash() == found.hash()


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.integers(0, 2_000))
def test_a_rise_holds_up_to_the_tolerance_and_a_fall_always(
    was: int, now: int, tolerance: int
) -> None:
    quoted = of_milk(was, tolerance=tolerance)
    holds = is_within_tolerance(quoted, of_milk(now))
    assert holds == (now * 10_000 <= was * (10_000 + tolerance))


def test_other_packages_or_products_never_hold() -> None:
    quoted = of_milk(100)
    two = terms(wanted(MILK, "2"), products=shelf(a_product(MILK, cents=1)))
    other = terms(wanted(RICE), products=shelf(a_product(RICE, cents=1)))
    assert not is_within_tolerance(quoted, two)
    assert not is_within_tolerance(quoted, other)
    assert [move.now_cents for move in moves(quoted, other)] == [None]


def test_a_price_that_vanished_does_not_hold() -> None:
    assert not is_within_tolerance(of_milk(100), of_milk(None))


@given(st.integers(0, 200))
def test_links_name_every_product_once_and_at_most_fifty_each(how_many: int) -> None:
    products = [a_product(str(20_000 + number), cents=1) for number in range(how_many)]
    items = [wanted(one.product_id) for one in products]
    links = cart_links(terms(*items, products=shelf(*products)).lines)
    named = [part for link in links for part in link.split("items=")[1].split(",")]
    assert named == [f"{one.product_id}_1" for one in products]
    assert all(link.count("_") <= MAX_ITEMS_A_LINK for link in links)
