"""A row of somebody's own catalog becomes a product, or says all that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.catalog_rows import read_row
from manciple.grocery.domain.products import Product
from tests.stocks import NOON


def read(**row: object) -> Product:
    found = read_row(1, {"product_id": "1", "name": "Milk", **row}, stated_at=NOON)
    assert found.product is not None, found.problems
    return found.product


def wrong(**row: object) -> list[str]:
    found = read_row(1, {"product_id": "1", "name": "Milk", **row}, stated_at=NOON)
    return [str(problem) for problem in found.problems]


def test_the_names_of_other_catalogs_are_understood() -> None:
    row = {"us_item_id": "7", "title": "Oats, 18 oz", "upc": "078742046525", "current_price": "2.5"}
    product = read_row(1, row, stated_at=NOON).product
    assert product is not None
    assert (product.product_id, product.name, product.gtin) == ("7", "Oats, 18 oz", "078742046525")
    assert product.price is not None
    assert product.price.cents == 250
    assert product.size is not None
    assert product.size.amount_thousandths == 18000


def test_every_problem_is_told_not_only_the_first() -> None:
    problems = wrong(price="cheap", rating="9", in_stock="perhaps", gtin="12")
    assert [problem.split(":")[0] for problem in problems] == [
        "price",
        "in_stock",
        "rating",
        "gtin",
    ]


def test_a_row_without_id_and_name_says_both() -> None:
    found = read_row(3, {"brand": "x"}, stated_at=NOON)
    assert [str(problem) for problem in found.problems] == [
        "product_id: is missing",
        "name: is missing",
    ]


@pytest.mark.parametrize("price", ["1.234", "-1", "NaN", "Infinity", "1e99", "€3"])
def test_what_is_no_price_is_refused(price: str) -> None:
    assert len(wrong(price=price)) == 1


def test_a_barcode_with_a_wrong_check_digit_is_refused() -> None:
    assert wrong(gtin="0078742046526") == ["gtin: has a wrong check digit: '0078742046526'"]


def test_a_path_of_categories_goes_from_broad_to_narrow() -> None:
    assert read(category="Dairy > Milk").category_path == ("Dairy", "Milk")
    assert read(category=["Dairy", "Milk"]).category_path == ("Dairy", "Milk")


def test_a_missing_price_says_why() -> None:
    assert read().price_missing == "the imported catalog states none"
    assert read(price="0.99").price_missing is None


@given(st.integers(0, 100_000_000))
def test_a_price_is_read_to_the_cent(cents: int) -> None:
    price = read(price=f"${cents // 100}.{cents % 100:02d}").price
    assert price is not None
    assert price.cents == cents


_VALUES = st.none() | st.text() | st.integers() | st.floats() | st.booleans() | st.lists(st.text())


@given(
    st.dictionaries(
        st.sampled_from(["product_id", "name", "price", "gtin", "rating", "category", "size"]),
        _VALUES,
    )
)
def test_whatever_a_row_holds_it_is_a_product_or_has_problems(row: dict[str, object]) -> None:
    found = read_row(1, row, stated_at=NOON)
    assert (found.product is None) == bool(found.problems)
