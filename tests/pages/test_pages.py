from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.connectors.walmart_pages import ShownPage, read_page
from manciple.grocery.connectors.walmart_prices import NO_PRICE, ONLY_A_RANGE
from manciple.grocery.connectors.walmart_tiles import ShownProduct, Stock
from manciple.kit.errors import Upstream

HERE = Path(__file__).parent
LOCAL = HERE.parent.parent.parent / "shared" / "data" / "pages"


def page(name: str) -> ShownPage:
    return read_page((HERE / name).read_bytes())


def product(name: str, product_id: str) -> ShownProduct:
    return next(shown for shown in page(name).products if shown.product_id == product_id)


def local(name: str) -> ShownPage:
    path = LOCAL / name
    if not path.exists():
        pytest.skip(f"{name} may not be shipped and is not beside this checkout")
    return read_page(path.read_bytes())


def test_the_oldest_layout_yields_every_product_once() -> None:
    shown = page("recorded/search_2022.json")

    assert len(shown.products) == 15
    assert len({one.product_id for one in shown.products}) == 15
    assert shown.total_count == 2785
    assert {one.layout for one in shown.products} == {"flat-display-status"}


def test_a_reduced_price_keeps_what_it_was() -> None:
    coffee = product("recorded/search_2022.json", "580411813")

    assert (coffee.price.cents, coffee.price.was_cents) == (34999, 45999)
    assert coffee.is_sponsored
    assert coffee.rating is not None


def test_a_seller_of_the_marketplace_is_told_from_the_shop() -> None:
    shown = page("recorded/search_2022.json").products

    assert {one.seller for one in shown if not one.is_marketplace} == {"Walmart.com"}
    assert any(one.seller == "Ameridepot" and one.is_marketplace for one in shown)


def test_an_item_in_two_stacks_keeps_its_first_price() -> None:
    rice = product("made/search_flat_status.json", "900001")

    assert rice.price.cents == 196
    assert (rice.store, rice.aisle, rice.fulfillment) == ("3561", "A5", ("pickup",))
    assert rice.price.unit_price is not None
    assert rice.price.unit_price.unit == "LBR"
    assert rice.product_url == "https://www.walmart.com/ip/Store-Rice/900001"


def test_thousands_and_words_around_a_price_are_read() -> None:
    sale = product("made/search_flat_status.json", "900002")

    assert (sale.price.cents, sale.price.was_cents) == (100000, 128050)
    assert (sale.price.lowest_cents, sale.price.highest_cents) == (100, 599)
    assert sale.is_buyable is False


def test_no_price_is_unknown_and_never_zero() -> None:
    market = product("made/search_flat_status.json", "900004")

    assert market.price.cents is None
    assert market.price.missing == NO_PRICE
    assert market.stock is Stock.IN_STOCK
    assert market.store is None


def test_what_is_out_of_stock_is_not_buyable() -> None:
    gone = product("made/search_flat_status.json", "900003")

    assert gone.stock is Stock.OUT_OF_STOCK
    assert gone.is_buyable is False


def test_an_advertisement_is_skipped_and_said() -> None:
    skipped = page("made/search_flat_status.json").skipped

    assert [(one.position, one.reason) for one in skipped] == [
        (1, "an advertisement or a placeholder")
    ]


def test_price_lines_are_read_by_their_type() -> None:
    eggs = product("made/browse_price_lines.json", "910001")
    powder = product("made/browse_price_lines.json", "910002")

    assert eggs.price.cents == 247
    assert powder.price.cents is None
    assert powder.price.missing == ONLY_A_RANGE
    assert (powder.price.lowest_cents, powder.price.highest_cents) == (3042, 27999)
    assert powder.is_buyable is False


def test_a_products_own_page_is_read_from_its_html() -> None:
    shown = page("made/product.html")

    assert shown.kind == "product"
    assert [(one.price.cents, one.price.was_cents, one.upc) for one in shown.products] == [
        (247, 297, "0078742127118")
    ]
    assert shown.products[0].category_path == ("Food", "Eggs")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>Robot or human? Press and hold</html>", "bot check"),
        (b"<html>nothing</html>", "__NEXT_DATA__"),
        (b'{"props": {"pageProps": {"initialData": {"fresh": 1}}}}', "fresh"),
        (b'{"itemStacks": [{"items": [{"usItemId": "1", "name": "a", "cost": 3}]}]}', "unknown"),
        (b'{"itemStacks": [', "not JSON"),
        (b'<script id="__NEXT_DATA__">{"a": </script>', "not JSON"),
    ],
)
def test_what_is_no_known_page_is_said_clearly(body: bytes, said: str) -> None:
    with pytest.raises(Upstream, match=said):
        read_page(body)


def test_a_whole_page_and_its_data_say_the_same() -> None:
    html = local("search_2025_grocery.html")

    assert html == local("search_2025_grocery_next_data.json")
    assert len(html.products) == 36
    assert sum(one.price.cents is None for one in html.products) == 3
    assert sum(one.is_marketplace is True for one in html.products) == 9


@pytest.mark.parametrize(
    ("product_id", "cents", "was_cents", "unit_price"),
    [
        ("10848970", 196, None, "$3.56/lb"),
        ("10307841", 100, 128, "$2.81/lb"),
        ("11227924437", 1568, None, "22.3 ¢/oz"),
        ("902893547", 465, 995, None),
        ("629504630", None, None, None),
    ],
)
def test_products_of_the_whole_page_read_as_they_look(
    product_id: str, cents: int | None, was_cents: int | None, unit_price: str | None
) -> None:
    page = local("search_2025_grocery.html")
    (shown,) = (one for one in page.products if one.product_id == product_id)

    assert (shown.price.cents, shown.price.was_cents) == (cents, was_cents)
    assert shown.price.unit_price_text == unit_price
    assert shown.stock is Stock.IN_STOCK


def test_the_newest_layout_yields_its_four_products() -> None:
    eggs = local("browse_2026_eggs.json")

    assert [one.price.cents for one in eggs.products] == [247, 167, 746, 3042]
    assert [one.price.unit_price_text for one in eggs.products] == [
        "13.7 ¢/count",
        "13.9 ¢/count",
        "62.2 ¢/ea",
        None,
    ]
    assert [one.is_buyable for one in eggs.products] == [True, True, True, False]
    assert [one.is_marketplace for one in eggs.products] == [False, False, False, None]
    assert eggs.products[3].price.highest_cents == 27_999
    assert [one.position for one in eggs.skipped] == [4]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_that_are_no_page_are_refused(body: bytes) -> None:
    with pytest.raises(Upstream, match="walmart-page"):
        read_page(body)
