"""Pages that carry their products as linked data only."""

import json
from typing import Any

import pytest

from manciple.grocery.connectors.walmart_pages import read_page
from manciple.grocery.connectors.walmart_prices import ONLY_A_RANGE
from manciple.grocery.connectors.walmart_tiles import ShownProduct, Stock
from manciple.kit.errors import Upstream

OFFER = {
    "@type": "Offer",
    "price": "3.98",
    "priceCurrency": "USD",
    "availability": "https://schema.org/InStock",
}
MILK = {"@type": "Product", "name": "Great Value Milk", "sku": "10450114", "offers": OFFER}
CANONICAL = '<link rel="canonical" href="https://www.walmart.com/ip/Milk/10450114?from=x"/>'


def page_of(data: Any, *, head: str = CANONICAL) -> bytes:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return f"<html><head>{head}{script}</head><body></body></html>".encode()


def read(data: Any) -> ShownProduct:
    (product,) = read_page(page_of(data)).products
    return product


@pytest.mark.parametrize(
    "data",
    [
        MILK,
        [{"@type": "BreadcrumbList"}, MILK],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, MILK]},
        {"@type": "WebPage", "mainEntity": {**MILK, "@type": ["Product", "Thing"]}},
        {**MILK, "offers": [OFFER, {**OFFER, "price": 3.98}]},
    ],
)
def test_a_product_is_found_however_it_is_nested(data: Any) -> None:
    milk = read(data)

    assert (milk.product_id, milk.name) == ("10450114", "Great Value Milk")
    assert (milk.price.cents, milk.stock, milk.layout) == (398, Stock.IN_STOCK, "linked-data")


@pytest.mark.parametrize(
    ("offers", "said"),
    [
        ({**OFFER, "priceCurrency": "CAD"}, "in CAD"),
        ({"@type": "Offer", "price": 3.98}, "does not say the currency"),
        ([OFFER, {**OFFER, "price": "4.50"}], ONLY_A_RANGE),
        (
            {"@type": "AggregateOffer", "lowPrice": 3, "highPrice": 5, "priceCurrency": "USD"},
            ONLY_A_RANGE,
        ),
        ({"@type": "AggregateOffer", "lowPrice": 3, "priceCurrency": "USD"}, ONLY_A_RANGE),
        ({**OFFER, "priceSpecification": {"referenceQuantity": {"unitCode": "LBR"}}}, "weight"),
        ({**OFFER, "priceSpecification": {"validForMemberTier": "Plus"}}, "members"),
        ({**OFFER, "price": "0.00"}, "no price"),
        ({**OFFER, "price": "3,98"}, "no price"),
        ([], "no price"),
    ],
    ids=str,
)
def test_an_offer_that_is_not_one_price_is_null_with_its_reason(offers: Any, said: str) -> None:
    price = read({**MILK, "offers": offers}).price

    assert price.cents is None
    assert said in str(price.missing)


def test_variants_of_a_group_are_products_by_their_own_links() -> None:
    links = ("https://www.walmart.com/ip/A/1", "/ip/2")
    variants = [{**MILK, "sku": "x", "offers": {**OFFER, "url": link}} for link in links]
    shown = read_page(page_of({"@type": "ProductGroup", "hasVariant": variants}))

    assert [product.product_id for product in shown.products] == ["1", "2"]


def test_another_shops_product_is_not_taken() -> None:
    theirs = {**MILK, "url": "https://www.other.example/ip/10450114"}
    with pytest.raises(Upstream, match="not the shop's"):
        read_page(page_of(theirs, head=""))


def test_the_pages_address_is_not_the_number_of_a_product_beside_its_own() -> None:
    other = {"@type": "Product", "name": "Cheese", "offers": {**OFFER, "price": "9.50"}}

    assert read([MILK, other]).price.cents == 398
    assert read([{**MILK, "offers": []}, other]).price.cents is None
    with pytest.raises(Upstream):
        read_page(page_of([{**other, "name": "Bread"}, other]))
