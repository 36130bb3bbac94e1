import msgspec
import pytest

from manciple.grocery.domain.list_edits import mark
from manciple.grocery.domain.list_totals import Unpriced, estimate
from manciple.grocery.domain.lists import ItemStatus
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import Size
from tests.list_builders import NOON, a_list, a_product, filled, shelf, wanted

POUND = Size(amount_thousandths=16_000, unit="ONZ")
DOZEN = Size(amount_thousandths=12_000, unit="C62")


def total_of(product: Product, quantity: str, unit: str | None = None) -> tuple[int, int]:
    known = shelf(product)
    item = wanted(product.product_id, quantity, **({"unit": unit} if unit else {}))
    found, _ = filled(a_list(), item, products=known)
    result = estimate(found.items, known)
    return result.total_cents, result.items_without_price


@pytest.mark.parametrize(
    ("quantity", "unit", "cents"),
    [
        ("2", None, 696),
        ("1.5", None, 522),
        ("0.333", None, 116),
        ("2", "cans", 696),
        ("1", "lb", 348),
        ("1.2", "lb", 696),
        ("500", "g", 696),
        ("450", "g", 348),
    ],
)
def test_a_line_costs_its_packages(quantity: str, unit: str | None, cents: int) -> None:
    assert total_of(a_product(size=POUND), quantity, unit) == (cents, 0)


def test_an_amount_by_count_takes_whole_packages() -> None:
    assert total_of(a_product(cents=300, size=DOZEN), "18", "ct") == (600, 0)
    assert total_of(a_product(cents=300, size=DOZEN), "1", "dozen") == (300, 0)


@pytest.mark.parametrize(
    ("product", "unit", "reason"),
    [
        (a_product(cents=None), None, Unpriced.NO_PRICE),
        (a_product(size=POUND), "gal", Unpriced.UNIT_UNCLEAR),
        (a_product(size=POUND), "pinch", Unpriced.UNIT_UNCLEAR),
        (a_product(size=None), "lb", Unpriced.UNIT_UNCLEAR),
    ],
)
def test_what_cannot_be_priced_is_counted_and_said(
    product: Product, unit: str | None, reason: Unpriced
) -> None:
    item = wanted("milk", **({"unit": unit} if unit else {}))
    found, _ = filled(a_list(), item, products=shelf(product))
    result = estimate(found.items, shelf(product))
    assert (result.total_cents, result.items_without_price) == (0, 1)
    assert result.lines[0].unpriced is reason


def test_words_and_vanished_products_have_no_price() -> None:
    found, _ = filled(a_list(), wanted(None, text="candles"), wanted("milk"))
    result = estimate(found.items, {})
    assert [line.unpriced for line in result.lines] == [
        Unpriced.NO_PRODUCT,
        Unpriced.UNKNOWN_PRODUCT,
    ]


def test_a_price_in_another_currency_is_not_added() -> None:
    product = a_product()
    assert product.price is not None
    price = msgspec.structs.replace(product.price, currency="CAD")
    assert total_of(msgspec.structs.replace(product, price=price), "1") == (0, 1)


def test_checked_lines_count_in_the_total_and_unavailable_ones_do_not() -> None:
    known = shelf(
        a_product("milk", cents=100), a_product("eggs", cents=30), a_product("rice", cents=7)
    )
    found, _ = filled(a_list(), wanted("milk"), wanted("eggs"), wanted("rice"), products=known)
    found = mark(found, ["item_1"], ItemStatus.CHECKED, at=NOON).list
    found = mark(found, ["item_2"], ItemStatus.UNAVAILABLE, at=NOON).list
    result = estimate(found.items, known)
    assert (result.total_cents, result.pending_cents) == (107, 7)
