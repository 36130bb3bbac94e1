"""The bundled shelf is what it says it is."""

from collections import Counter
from statistics import median

import pytest

from manciple.grocery.connectors.shelf import COUNT, BundledShelf
from manciple.grocery.domain.products import Product


@pytest.fixture(scope="module")
def products() -> list[Product]:
    return list(BundledShelf().products())


def test_it_holds_as_many_products_as_it_says(products: list[Product]) -> None:
    assert len({product.product_id for product in products}) == len(products) == COUNT


def test_every_price_says_that_it_is_a_sample(products: list[Product]) -> None:
    for product in products:
        assert (product.price is None) != (product.price_missing is None)
        if product.price is not None:
            assert product.price.method.startswith("sample: ")
            assert 0 < product.price.confidence < 1


def test_three_quarters_have_a_price_and_all_are_groceries_in_amount(
    products: list[Product],
) -> None:
    cents = [product.price.cents for product in products if product.price is not None]
    assert len(cents) >= COUNT * 3 // 4
    assert min(cents) >= 25
    assert max(cents) <= 6000
    assert 200 <= median(cents) <= 400


def test_a_gallon_of_milk_costs_what_milk_costs(products: list[Product]) -> None:
    gallons = [
        product.price.cents
        for product in products
        if product.category_path[-1].startswith("Milk")
        and product.price is not None
        and product.size is not None
        and (product.size.pack, product.size.amount_thousandths) == (1, 1000)
        and product.size.unit == "GLL"
    ]
    assert len(gallons) >= 5
    assert all(200 <= cents <= 500 for cents in gallons)


def test_paths_are_readable_and_have_two_steps(products: list[Product]) -> None:
    paths = Counter(product.category_path for product in products)
    assert len(paths) == 42
    assert all(len(path) == 2 and "-" not in path[0] for path in paths)


def test_no_name_carries_markup_or_double_blanks(products: list[Product]) -> None:
    for product in products:
        assert "&amp;" not in product.name
        assert product.name == " ".join(product.name.split())
        assert product.brand is None or product.brand == " ".join(product.brand.split())


def test_barcodes_are_whole_and_belong_to_one_product(products: list[Product]) -> None:
    barcodes = [product.gtin for product in products if product.gtin is not None]
    assert len(set(barcodes)) == len(barcodes) >= 100
    assert all(len(barcode) == 13 and barcode.isdigit() for barcode in barcodes)


def test_nobody_claims_to_know_the_stock(products: list[Product]) -> None:
    assert {product.in_stock for product in products} == {None}


def test_claims_are_those_that_names_state(products: list[Product]) -> None:
    stating = [each for each in products if "gluten free" in each.name.lower().replace("-", " ")]
    assert len(stating) > 200
    assert all("gluten_free" in each.claims for each in stating)
    assert not any(
        each.claims for each in products if each.name == "Lucky Charms Marshmallow Treat Bar"
    )
