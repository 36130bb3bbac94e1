"""Pages that were changed on purpose: a number that is not certain is null with its reason."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from manciple.grocery.connectors.walmart_pages import read_page
from manciple.grocery.connectors.walmart_tiles import ShownProduct
from manciple.kit.errors import Upstream

FLAT = {"linePrice": "$1.96", "linePriceDisplay": "$1.96"}
TILE = {
    "usItemId": "10848970",
    "name": "Rice cups",
    "availabilityStatusV2": {"display": "In stock", "value": "IN_STOCK"},
    "canAddToCart": True,
    "priceInfo": FLAT,
    "price": 1.96,
}


def page_of(*tiles: Any) -> bytes:
    stacks = [{"items": [tile]} for tile in tiles]
    initial = {"searchResult": {"itemStacks": stacks}}
    data = json.dumps({"props": {"pageProps": {"initialData": initial}}})
    return f"<html><script id='__NEXT_DATA__'>{data}</script></html>".encode()


def only(body: bytes) -> ShownProduct:
    (product,) = read_page(body).products
    return product


def flat(info: Mapping[str, Any], **tile: Any) -> ShownProduct:
    return only(page_of({**TILE, "priceInfo": {**FLAT, **info}, **tile}))


def lines(*values: Any, kind: str = "CURRENT_PRICE", currency: str = "USD") -> ShownProduct:
    printed = [{"lineType": kind, "values": [value]} for value in values]
    info = {"priceDetails": {"currency": currency, "priceLines": printed}}
    return only(page_of({"usItemId": "1", "name": "Eggs", "priceInfo": info}))


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("$10.00/mo", "qualifies"),
        ("$3.24 per month", "qualifies"),
        ("up to $10.00", "qualifies"),
        ("under $3", "qualifies"),
        ("$1.96 + $0.10 deposit", "qualifies"),
        ("+$4.99 shipping", "qualifies"),
        ("$2.00 with W+", "qualifies"),
        ("$3.24 after coupon", "qualifies"),
        ("$1.96 $2.96", "qualifies"),
        ("$1 96", "qualifies"),
        ("€1.96", "cannot be read"),
        ("CA$1.96", "cannot be read"),
        ("MXN $1.96", "cannot be read"),
        ("$1.234,50", "cannot be read"),
        ("1,96 $", "cannot be read"),
        ("See price in cart", "only in the cart"),
        ("$4.97/lb", "weight or another unit"),
        ("$1.96/100 g", "weight or another unit"),
        ("From $1.00", "range"),
        ("$1.00 - $5.00", "range"),
    ],
)
def test_a_printed_price_that_is_not_plain_is_not_replaced_by_the_number_beside_it(
    printed: str, said: str
) -> None:
    price = flat({"linePrice": printed, "linePriceDisplay": printed}).price

    assert price.cents is None
    assert said in str(price.missing)


@pytest.mark.parametrize(
    ("info", "tile"),
    [
        ({}, {"price": 2.96}),
        ({"linePriceDisplay": "Now $2.96"}, {}),
        ({"linePrice": "", "linePriceDisplay": "", "itemPrice": "$2.96"}, {}),
    ],
)
def test_prices_of_one_tile_that_differ_are_no_price(
    info: Mapping[str, Any], tile: Mapping[str, Any]
) -> None:
    price = flat(info, **tile).price

    assert price.cents is None
    assert "several prices" in str(price.missing)


@pytest.mark.parametrize(
    "info", [{"submapType": "CHECKOUT"}, {"priceDisplayCondition": "See price in cart"}]
)
def test_a_price_kept_for_the_cart_is_not_the_one_that_is_printed(info: Mapping[str, Any]) -> None:
    assert flat(info).price.missing == "the page shows the price only in the cart"


@pytest.mark.parametrize(
    ("info", "cents"),
    [
        ({"linePriceDisplay": "Now $1.96", "wasPrice": "$4.48"}, 196),
        ({"linePriceDisplay": "avg price"}, 196),
        ({"linePriceDisplay": "Ahora $1.96"}, 196),
        ({"linePrice": 1.96}, 196),
        ({"linePrice": {"price": 1.96, "priceString": "$1.96"}}, 196),
        ({"linePrice": "2 for $3.92", "linePriceDisplay": "2 for $3.92"}, 196),
        ({"memberPriceString": "$1.50"}, 196),
    ],
)
def test_what_stands_beside_a_plain_price_leaves_it(info: Mapping[str, Any], cents: int) -> None:
    assert flat(info).price.cents == cents


@pytest.mark.parametrize(
    "value",
    ["2.475", "-2.47", "1e3", "999999999999", "2,47", True, None, "", "0", ["2.47"]],
    ids=str,
)
def test_a_value_that_is_no_amount_is_no_price(value: Any) -> None:
    price = lines({"key": "PRICE", "value": value}).price

    assert (price.cents, bool(price.missing)) == (None, True)


@pytest.mark.parametrize("words", ["From", "Starting at", "As low as", "Options from"])
def test_a_word_beside_a_price_line_may_make_it_a_range(words: str) -> None:
    values = [{"key": "PREFIX", "value": words}, {"key": "PRICE", "value": "2.47"}]
    line = [{"lineType": "CURRENT_PRICE", "values": values}]
    info = {"priceDetails": {"priceLines": line}}
    price = only(page_of({"usItemId": "1", "name": "Eggs", "priceInfo": info})).price

    assert (price.cents, price.missing) == (None, "the page shows only a range of options")


def test_a_plain_number_beside_nothing_but_a_range_is_its_low_end() -> None:
    shown = {"linePrice": "", "linePriceDisplay": "", "priceRangeString": "$1.96 - $12.98"}
    price = flat(shown).price

    assert (price.cents, price.lowest_cents, price.highest_cents) == (None, 196, 1298)


def test_a_price_that_is_shown_for_a_pound_is_none_of_a_piece() -> None:
    assert "weight" in str(flat({"linePriceDisplay": "$1.96/lb"}).price.missing)
    assert flat({"linePriceDisplay": "$3.92/lb"}).price.cents == 196
    assert flat({"linePriceDisplay": "$1.96/ea"}).price.cents == 196


@pytest.mark.parametrize("beside", [1.96, 0.98, 0])
def test_a_sum_for_several_is_not_the_price_of_one(beside: float) -> None:
    price = flat({"linePriceDisplay": "$1.96 for 2"}, price=beside).price

    assert (price.cents, price.pieces) == (98, 2)


def test_a_former_range_is_no_former_price() -> None:
    assert flat({"wasPrice": "$6.00 - $8.00"}).price.was_cents is None


def test_a_products_page_is_not_that_of_the_product_in_an_advertisement() -> None:
    def product(id_: str) -> dict[str, Any]:
        return {"usItemId": id_, "name": "Milk", "priceInfo": {"currentPrice": {"price": 1}}}

    ad = {"modules": [{"configs": {"ad": {"product": product("9")}}}]}
    shown = only(json.dumps({"contentLayout": ad, "data": {"product": product("7")}}).encode())

    assert shown.product_id == "7"


def line_of(values: Any, **more: Any) -> ShownProduct:
    details = {"priceLines": [{"lineType": "CURRENT_PRICE", "values": values}]}
    return only(
        page_of({"usItemId": "1", "name": "Beef", "priceInfo": {"priceDetails": details}, **more})
    )


@pytest.mark.parametrize(
    "values", [{"PRICE": "0.98"}, [{"key": "PRICE", "cents": 98}], [], None], ids=str
)
def test_a_price_line_of_another_shape_says_so(values: Any) -> None:
    assert "of an unknown shape" in str(line_of(values).price.missing)


def test_a_price_object_of_another_shape_says_so() -> None:
    product = {"usItemId": "7", "name": "Milk", "priceInfo": {"currentPrice": {"inCents": 327}}}
    price = only(json.dumps({"product": product}).encode()).price

    assert price.missing == "the page's price is of an unknown shape: an object with inCents"


def test_fields_of_an_older_layout_beside_price_lines_must_not_differ() -> None:
    values = [{"key": "PRICE", "value": "3.27"}]

    assert "several prices" in str(line_of(values, price=3.0).price.missing)
    assert line_of(values, price=3.27).price.cents == line_of(values, price=0).price.cents == 327


@pytest.mark.parametrize("said", ["avg price", "Final cost by weight"])
def test_price_lines_say_that_the_scale_will_settle_the_price(said: str) -> None:
    values = [{"key": "PRICE", "value": "14.91"}, {"key": "CONDITION", "value": said}]

    assert line_of(values).price.is_estimate


@pytest.mark.parametrize("printed", ["5.2 ¢ - 6.0 ¢/oz", "From 5.2 ¢/oz"])
def test_a_range_of_unit_prices_is_no_unit_price(printed: str) -> None:
    price = flat({"unitPrice": printed}).price

    assert (price.unit_price, price.unit_price_text) == (None, printed)


def test_a_products_page_is_not_that_of_the_stack_in_its_advertisement() -> None:
    product = {"usItemId": "7", "name": "Milk", "priceInfo": {"currentPrice": {"price": 1}}}
    stack = {"modules": [{"configs": {"itemStacks": [{"items": [TILE]}]}}]}
    shown = only(json.dumps({"data": {"product": product, "contentLayout": stack}}).encode())

    assert shown.product_id == "7"


def test_two_current_prices_are_none() -> None:
    shown = lines({"key": "PRICE", "value": "2.47"}, {"key": "PRICE", "value": "3.47"})

    assert "several prices" in str(shown.price.missing)


@pytest.mark.parametrize("kind", ["MEMBER_PRICE", "SUBSCRIPTION_PRICE", "WAS_PRICE"])
def test_a_price_of_another_kind_is_not_the_current_one(kind: str) -> None:
    assert lines({"key": "PRICE", "value": "2.47"}, kind=kind).price.cents is None


def test_a_price_line_may_carry_its_unit_apart() -> None:
    values = [{"key": "PRICE", "value": "4.97"}, {"key": "UNIT", "value": "/lb"}]
    line = [{"lineType": "CURRENT_PRICE", "values": values}]
    info = {"priceDetails": {"priceLines": line}}
    price = only(page_of({"usItemId": "1", "name": "Beef", "priceInfo": info})).price

    assert price.missing == "the page shows only a price for a weight or another unit"


def test_one_item_at_two_prices_of_one_seller_is_no_price() -> None:
    dearer = {"linePrice": "$2.50", "linePriceDisplay": "$2.50"}
    price = only(page_of(TILE, {**TILE, "priceInfo": dearer, "price": 2.5})).price

    assert (price.cents, price.lowest_cents, price.highest_cents) == (None, 196, 250)


@pytest.mark.parametrize(
    "marked",
    [
        {"sponsoredProduct": {"spQs": "x"}},
        {"badges": {"flags": [{"key": "SPONSORED", "text": "Sponsored"}]}},
        {"flag": "Sponsored"},
        {"adInfo": {"isSponsored": True}},
    ],
    ids=str,
)
def test_paid_places_are_told_wherever_they_are_marked(marked: Mapping[str, Any]) -> None:
    assert flat({}, **marked).is_sponsored
    assert not flat(
        {}, badges={"flags": [{"key": "BESTSELLER", "text": "Best seller"}]}
    ).is_sponsored


def test_the_data_of_a_comment_is_not_the_pages() -> None:
    comment = b"<!-- <script id='__NEXT_DATA__'>{\"a\": 1}</script> -->"

    assert only(comment + page_of(TILE)).price.cents == 196


def test_stacks_of_another_shape_are_not_an_empty_page() -> None:
    with pytest.raises(Upstream, match="stacks of an unknown shape: an object with 0"):
        read_page(b'{"itemStacks": {"0": {"items": []}}}')


@pytest.mark.parametrize(
    ("wall", "said"),
    [
        (b"<title>Robot or human?</title><div id='px-captcha'>", "bot check"),
        ("<title>¿Robot o humano?</title>".encode(), "bot check"),
        (
            b"<script src='/cdn-cgi/challenge-platform/h'>",
            "bot check",
        ),
        (b"<TITLE>Access Denied</TITLE><H1>Access Denied</H1>", "bot check"),
        (b"<script>var dd={'host':'geo.captcha-delivery.com'}</script>", "bot check"),
        (b"<script src='/_Incapsula_Resource?x=1'></script>", "bot check"),
        (b"<div class='h-captcha' data-sitekey='x'></div>", "bot check"),
        (b"<form action='/account/login'><input type='password'></form>", "sign in"),
    ],
)
@pytest.mark.parametrize("shell", [b"", b'<script id=\'__NEXT_DATA__\'>{"page":"/"}</script>'])
def test_walls_and_sign_in_forms_say_what_they_are(wall: bytes, said: str, shell: bytes) -> None:
    with pytest.raises(Upstream, match=said):
        read_page(b"<html>" + wall + shell + b"</html>")


def test_a_product_may_be_called_like_a_wall() -> None:
    assert only(page_of({**TILE, "name": "Robot or human? The h-captcha game"})).price.cents == 196


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><title>Eggs at\nOther Shop</title></html>", "the page 'Eggs at Other Shop'"),
        (b"\x89PNG\r\n\x1a\n", "what begins with"),
        (b"", "an empty file"),
    ],
)
def test_what_is_no_page_of_the_shop_is_named(body: bytes, said: str) -> None:
    with pytest.raises(Upstream, match=said):
        read_page(body)


def test_a_page_that_counts_products_and_holds_none_is_not_an_empty_one() -> None:
    with pytest.raises(Upstream, match="speaks of 12 products"):
        read_page(b'{"searchResult": {"itemStacks": [{"items": []}], "aggregatedCount": 12}}')
    empty = read_page(b'{"searchResult": {"itemStacks": [{"items": []}], "aggregatedCount": 0}}')
    assert empty.products == ()
