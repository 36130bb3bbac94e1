"""How the shelf's sample prices are estimated, on figures small enough to check by hand."""

from fractions import Fraction

import pytest

from manciple.grocery.domain.units import Size
from tools.shelf.barcodes import matched
from tools.shelf.energy import EnergyTable, Food
from tools.shelf.panel import Good, Package, PanelPrices
from tools.shelf.prices import IMPLAUSIBLE, LIKE_NAME, NO_SIZE, Estimator, Item
from tools.shelf.words import Nearest, words


def a_food(name: str, kcal: float | None = 100.0, gtin: str = "1") -> Food:
    return Food(gtin, name, "Things.", kcal)


def an_item(number: int = 1, *, per_kcal: float | None = 0.001, oz: int | None = 10) -> Item:
    size = None if oz is None else Size(amount_thousandths=oz * 1000, unit="ONZ")
    return Item(str(number), "Acme Tomato Soup", "Acme", "soup-stew", per_kcal, size)


def estimate(*items: Item) -> list[object]:
    estimator = Estimator(items, EnergyTable([a_food("Tomato Soup")]), PanelPrices([]))
    found = estimator.estimates()
    return [found[item.product_id].cents or found[item.product_id].missing for item in items]


def test_a_price_is_dollars_per_kcal_times_the_energy_of_the_package() -> None:
    # 10 oz are 283.5 g, so 283.5 kcal at 0.1 cent each.
    assert estimate(an_item()) == [28]


def test_a_name_without_an_amount_has_no_price() -> None:
    assert estimate(an_item(oz=None)) == [NO_SIZE]


def test_an_estimate_far_from_its_category_is_dropped() -> None:
    usual = [an_item(number, per_kcal=0.005) for number in range(9)]
    assert estimate(*usual, an_item(99, per_kcal=0.1))[-1] == IMPLAUSIBLE


def test_the_method_names_how_it_was_made() -> None:
    item = an_item()
    estimator = Estimator([item], EnergyTable([a_food("Tomato Soup")]), PanelPrices([]))
    assert estimator.estimates()["1"].method == LIKE_NAME


def test_a_powder_is_not_like_what_is_made_of_it() -> None:
    table = EnergyTable([a_food("Tomato Soup")])
    assert table.like(words("Tomato Soup")) is not None
    assert table.like(words("Tomato Soup Mix")) is None


def test_a_drink_is_not_likened_to_its_powder() -> None:
    table = EnergyTable([a_food("Protein Shake", 380), a_food("Soup")])
    shake = Item("1", "Acme Protein Shake", "Acme", "drink-shakes-other", 0.001, an_item().size)
    found = Estimator([shake], table, PanelPrices([])).estimates()
    assert found["1"].cents is None


def test_energy_is_that_of_the_nearest_names() -> None:
    table = EnergyTable([a_food("Whole Milk", 60), a_food("Olive Oil", 880), a_food("Rye Bread")])
    found = table.like(words("Extra Olive Oil"))
    assert found is not None
    assert found.kcal_per_100g == pytest.approx(880)


def test_rare_words_count_more_than_common_ones() -> None:
    texts = [words(text) for text in ("cheddar cheese", "swiss cheese", "cream cheese", "cheddar")]
    assert Nearest(texts).to(words("aged cheddar"), most=1)[0][1] == 3


def test_the_panel_speaks_only_where_enough_goods_of_the_size_do() -> None:
    goods = [Good("SOUP", "TOMATO SOUP", is_private=False, amount=300.0, cents=150.0)] * 10
    package = Package(amount=Fraction(283), is_private=False, categories=("SOUP",))
    assert PanelPrices(goods[:9]).of_category(package) is None
    assert PanelPrices(goods).of_category(package) == pytest.approx(141.5)


def test_a_barcode_needs_one_food_and_one_product_of_that_very_name() -> None:
    size = Size(amount_thousandths=8000, unit="ONZ")
    items = [
        Item("1", "Great Value Sliced Beets, 15 oz", "Great Value", "produce-packaged", None, size),
        Item("2", "Great Value Rice, 8 oz", "Great Value", "rice-grains-packaged", None, size),
        Item("3", "Great Value Rice, 16 oz", "Great Value", "rice-grains-packaged", None, size),
        Item("4", "Acme Corn, 8 oz", "Acme", "produce-packaged", None, size),
    ]
    foods = [a_food("sliced  beets", gtin="7"), a_food("Rice", gtin="8"), a_food("Corn", gtin="9")]
    assert [(row["id"], row["gtin"]) for row in matched(items, foods)] == [("1", "7")]
