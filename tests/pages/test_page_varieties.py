"""Pages as they vary in the wild: encodings, wrappings, and every way to print a price."""

import gzip
import json
from typing import Any

import pytest

from manciple.grocery.connectors.shown_statements import ONLY_BY_UNIT
from manciple.grocery.connectors.walmart_pages import ShownPage, read_page
from manciple.grocery.connectors.walmart_prices import NO_PRICE, ONLY_A_RANGE
from manciple.grocery.connectors.walmart_tiles import ShownProduct
from manciple.kit.errors import Upstream


def a_tile(info: Any, **more: Any) -> dict[str, Any]:
    status = {"availabilityStatusV2": {"value": "IN_STOCK", "display": "In stock"}}
    return {"usItemId": "1", "name": "Rice", "priceInfo": info} | status | more


def a_page(*tiles: Any) -> dict[str, Any]:
    stacks = [{"items": list(tiles)}]
    found = {"itemStacks": stacks, "aggregatedCount": len(tiles)}
    return {"props": {"pageProps": {"initialData": {"searchResult": found}}}}


def in_html(data: Any, *, tag: str = '<script id="__NEXT_DATA__" type="application/json">') -> str:
    before = "<html><head><script>var a = 'id=\"__NEXT_DATA__\"';</script></head><body>"
    return f"{before}{tag}{json.dumps(data, ensure_ascii=False)}</script><script>x()</script>"


def only(body: bytes) -> ShownProduct:
    (product,) = read_page(body).products
    return product


def priced(info: Any, **more: Any) -> ShownProduct:
    return only(json.dumps(a_page(a_tile(info, **more))).encode())


ACCENT = a_page(a_tile({"linePrice": "$3.24", "unitPrice": "22.3 ¢/oz"}, name="Crème Brûlée"))


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(ACCENT).encode("utf-8-sig"),
        json.dumps(ACCENT, ensure_ascii=False).encode("utf-16"),
        in_html(ACCENT).encode(),
        in_html(ACCENT).encode("utf-8-sig"),
        in_html(ACCENT).encode("cp1252"),
        in_html(ACCENT).replace("<", "\r\n<").encode(),
        gzip.compress(in_html(ACCENT).encode(), mtime=0),
        b"".join(gzip.compress(part, mtime=0) for part in (b"<!-- -->", in_html(ACCENT).encode())),
        gzip.compress(in_html(ACCENT).encode(), mtime=0) + bytes(1000),
        in_html(ACCENT, tag="<script type=application/json id=__NEXT_DATA__>").encode(),
        in_html(ACCENT, tag="<SCRIPT nonce='a' id = '__NEXT_DATA__' crossorigin>").encode(),
        in_html(ACCENT, tag="<script>window.__NEXT_DATA__ = ").encode(),
    ],
    ids=[
        "bom",
        "utf-16",
        "html",
        "html bom",
        "cp1252",
        "crlf",
        "gzip",
        "gzip members",
        "gzip padded",
        "bare",
        "spaced",
        "assigned",
    ],
)
def test_a_page_reads_the_same_however_it_was_saved(body: bytes) -> None:
    product = only(body)

    assert (product.name, product.price.cents) == ("Crème Brûlée", 324)
    assert product.price.unit_price is not None
    assert product.price.unit_price.cents_thousandths == 22_300


def test_of_several_scripts_the_one_that_is_whole_counts() -> None:
    broken = '<script id="__NEXT_DATA__">{"cut</script>'

    assert only((broken + in_html(ACCENT)).encode()).price.cents == 324


@pytest.mark.parametrize(
    ("printed", "cents"),
    [
        ("$1,018.98", 101_898),
        ("Now $3.24", 324),
        ("$3.24 ea", 324),
        ("$3.24/ea", 324),
        ("98¢", 98),
        ("2 for $5", 250),
        ("2 for $5 or $2.99 each", 299),
        ("was $4.48 now $3.24", 324),
        ("avg price $3.56", 356),
    ],
)
def test_a_printed_price_is_the_price_of_one(printed: str, cents: int) -> None:
    assert priced({"linePrice": printed}).price.cents == cents


def test_several_for_one_sum_say_so() -> None:
    price = priced({"linePrice": "3 for $10"}).price

    assert (price.cents, price.pieces, price.pieces_cents) == (333, 3, 1000)


def test_a_former_price_is_read_wherever_it_stands() -> None:
    assert priced({"linePrice": "Was $4.48 Now $3.24"}).price.was_cents == 448
    assert priced({"linePrice": "$3.24", "wasPrice": "was $4.48"}).price.was_cents == 448
    lines = [
        {"lineType": "CURRENT_PRICE", "values": [{"key": "AMOUNT", "value": 3.24}]},
        {"lineType": "WAS_PRICE", "values": [{"key": "PRICE", "value": "$4.48"}]},
    ]
    price = priced({"priceDetails": {"priceLines": lines}}).price
    assert (price.cents, price.was_cents) == (324, 448)


@pytest.mark.parametrize(
    ("info", "missing"),
    [
        ({}, NO_PRICE),
        (None, NO_PRICE),
        ({"linePrice": "", "unitPrice": None}, NO_PRICE),
        ({"linePrice": "$0.00"}, NO_PRICE),
        ({"unitPrice": "", "priceDetails": None}, NO_PRICE),
        ({"linePrice": "$3.24 - $5.98"}, ONLY_A_RANGE),
        ({"linePrice": "From $3.24"}, ONLY_A_RANGE),
        ({"linePrice": "$1.98/lb"}, ONLY_BY_UNIT),
        ({"linePrice": "$3,98"}, "the page's price cannot be read: '$3,98'"),
        ({"linePrice": "CA$3.24"}, "the page's price cannot be read: 'CA$3.24'"),
        (
            {"currentPrice": {"price": 3.24, "currencyUnit": "CAD"}},
            "the page states the price in CAD, not in US dollars",
        ),
    ],
    ids=str,
)
def test_what_is_no_price_of_one_piece_is_unknown_and_says_why(info: Any, missing: str) -> None:
    price = priced(info).price

    assert (price.cents, price.missing) == (None, missing)


def test_a_range_keeps_both_its_ends() -> None:
    price = priced({"linePrice": "$3.24 – $5.98"}).price

    assert (price.lowest_cents, price.highest_cents) == (324, 598)


def test_goods_by_weight_are_estimates_with_their_unit_price() -> None:
    price = priced(
        {
            "linePrice": "$0.22",
            "unitPrice": "$0.55/lb",
            "priceDisplayCondition": "avg price",
            "finalCostByWeight": True,
        }
    ).price

    assert (price.cents, price.is_estimate) == (22, True)
    assert price.unit_price is not None
    assert (price.unit_price.cents_thousandths, price.unit_price.unit) == (55_000, "LBR")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"sellerName": "Walmart.com"}, False),
        ({"sellerName": "Acme Foods LLC"}, True),
        ({"fulfillmentType": "MARKETPLACE"}, True),
        ({"fulfillmentType": "STORE"}, False),
        ({"sellerType": "EXTERNAL"}, True),
        ({"fulfillmentType": "FC"}, None),
    ],
)
def test_who_sells_is_told_only_where_the_page_says_so(
    more: dict[str, str],
    expected: bool | None,  # noqa: FBT001 - a case of the table
) -> None:
    assert priced({"linePrice": "$1.00"}, **more).is_marketplace is expected


def test_names_are_free_of_markup() -> None:
    shown = priced(
        {"linePrice": "$1.00"}, name="Ben &amp; Jerry&#39;s <mark>Vanilla</mark>\u00a0Pint"
    )

    assert shown.name == "Ben & Jerry's Vanilla Pint"


def loose(body: Any) -> ShownPage:
    return read_page(json.dumps(body).encode())


@pytest.mark.parametrize(
    "nested",
    [
        lambda tile: {"props": {"pageProps": {"modules": [{"configs": {"products": [tile]}}]}}},
        lambda tile: {"data": {"search": {"searchResult": {"itemStacks": [{"itemsV2": [tile]}]}}}},
        lambda tile: [tile],
        lambda tile: {"seo": {"itemStacks": []}, "main": {"itemStacks": [{"items": [tile]}]}},
    ],
)
def test_tiles_are_found_wherever_another_build_puts_them(nested: Any) -> None:
    assert [one.price.cents for one in loose(nested(a_tile({"linePrice": "$3.24"}))).products] == [
        324
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (a_page(a_tile({"cost": {"now": 3}})), "an object with cost"),
        (a_page({"usItemId": "1", "name": "Rice", "pricing": {"now": 3}}), "pricing"),
        (a_page({"itemId": "1", "name": "Rice", "priceInfo": {"linePrice": "$3"}}), "usItemId"),
        ({"itemStacks": [{"tiles": [a_tile({"linePrice": "$3"})], "title": "x"}]}, "tiles, title"),
        (
            a_page(a_tile({"priceDetails": {"priceLines": [{"lineType": "NEW", "values": []}]}})),
            "priceDetails",
        ),
    ],
    ids=["price", "tile", "id", "stack", "lines"],
)
def test_a_layout_that_was_never_seen_is_an_error_that_names_its_shape(
    body: Any, said: str
) -> None:
    with pytest.raises(Upstream, match=said):
        loose(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (gzip.compress(b"<html>", mtime=0)[:-9], "cut off"),
        (b"\x1f\x8bnonsense", "gzip"),
        (gzip.compress(b"<html>", mtime=0) + b"\0\0more", "with something else behind it"),
        (b"\xff\xfe{\x00}", "UTF-16"),
        (b'{"a": "\x81"}', "Windows-1252"),
        (gzip.compress(b" " * (17 << 20), mtime=0), "larger than"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(body: bytes, said: str) -> None:
    with pytest.raises(Upstream, match=said):
        read_page(body)
