"""Records as the collector brings them back."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from manciple.grocery.connectors.brightdata_records import collected
from manciple.grocery.domain.products import Product
from manciple.kit.errors import Upstream

NOW = datetime(2026, 7, 1, tzinfo=UTC)
MILK = {"product_id": "10450114", "product_name": "Milk, 1 gal", "final_price": Decimal("3.27")}


def only(**more: Any) -> Product:
    (product,) = collected([MILK | more], NOW).products
    return product


def test_one_strange_record_takes_no_other_along() -> None:
    found = collected([MILK, {"product_id": "9", "url": "https://w/ip/9"}], NOW)

    assert [product.product_id for product in found.products] == ["10450114"]
    (refused,) = found.refused
    assert (refused.given, refused.code) == ("https://w/ip/9", "unknown_shape")
    assert "product_id, url" in refused.error


@pytest.mark.parametrize("records", [[{"product_id": "9"}], {"records": []}])
def test_records_of_which_none_can_be_read_are_an_error(records: Any) -> None:
    with pytest.raises(Upstream):
        collected(records, NOW)


@pytest.mark.parametrize(
    ("stated", "cents"),
    [("$3.27", 327), ("1,299.00", 129_900), (3, 300), (Decimal("3.2700000000000005"), 327)],
)
def test_a_price_is_read_as_it_is_written(stated: Any, cents: int) -> None:
    price = only(final_price=stated).price

    assert price is not None
    assert price.cents == cents


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        (None, "the record has no price"),
        (0, "the record has no price"),
        (Decimal("3.275"), "the page states a price finer than a cent"),
        ("From $3.27", "the record has no price"),
        ("$3.27/lb", "the record has no price"),
    ],
)
def test_what_is_no_price_of_one_piece_is_missing(stated: Any, missing: str) -> None:
    assert (only(final_price=stated).price, only(final_price=stated).price_missing) == (
        None,
        missing,
    )


def test_an_instant_with_its_offset_is_that_instant() -> None:
    price = only(timestamp="2026-06-30T20:00:00-04:00").price

    assert price is not None
    assert price.observed_at == NOW


def test_categories_of_another_writing_are_left_out() -> None:
    assert only(categories="Food > Milk").category_path == ()
    assert only(categories='["Food", "Milk"]').category_path == ("Food", "Milk")
