import csv
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.units import UNITS, Size, parse_size, size_text, total

CATALOG = Path(__file__).parents[5] / "shared/data/catalog/walmart_grocery_catalog.csv"


def size(
    amount: str, unit: str, *, pack: int = 1, pieces: int | None = None, most: str | None = None
) -> Size:
    return Size(
        pack=pack,
        amount_thousandths=round(Fraction(amount) * 1000),
        unit=unit,
        pieces=pieces,
        most_thousandths=None if most is None else round(Fraction(most) * 1000),
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Capri Sun Fruit Punch, 10 ct Box, 6 fl oz Pouches", size("6", "OZA", pack=10)),
        ("Great Value Cola, 12 ct 8 fl oz", size("8", "OZA", pack=12)),
        ("8 pk, 12 fl oz cans", size("12", "OZA", pack=8)),
        ("SPAM Classic, 12 oz (2 Pack)", size("12", "ONZ", pack=2)),
        ("Potted Meat, Canned Meat, 3 OZ (Pack of 6)", size("3", "ONZ", pack=6)),
        ("BOOST ORIGINAL Rich Chocolate 12-8 fl. oz. Bottles", size("8", "OZA", pack=12)),
        ("Barnum's Animal Crackers, 12 - 1 oz Snack Packs", size("1", "ONZ", pack=12)),
        ("(4 Cups) Dole Cherry Fruit, 4oz Fruit Bowls", size("4", "ONZ", pack=4)),
        ("Chobani Greek Yogurt, Blueberry 5.3 oz, 4 Count", size("5.3", "ONZ", pack=4)),
        ("Winky Sugar Free Parfait 28 oz (8 pk 3.5 oz)", size("3.5", "ONZ", pack=8)),
        ("Waffles, Chocolatey Chip, 6ct 11.6oz", size("11.6", "ONZ", pieces=6)),
        ("Marketside All Butter Croissants, 9.17 oz, 4 Count", size("9.17", "ONZ", pieces=4)),
        ("Special K Protein Shakes, 4ct 40fl oz", size("40", "OZA", pieces=4)),
        ("Totino's Pizza Rolls, 100 Rolls, 48.8 oz Bag", size("48.8", "ONZ", pieces=100)),
        ("Dairy Pure Reduced-Fat 2% Milk, 1 Gallon", size("1", "GLL")),
        ("Great Value Lactose Free 1% Milk, 1/2 gal", size("0.5", "GLL")),
        ("Dairy Pure, Whole Milk, Half Gallon", size("0.5", "GLL")),
        ("Friendly's Vanilla Ice Cream Tub - 1.5 Quart", size("1.5", "QTL")),
        ("Zing Zang Bloody Mary Mix, 32 Fz", size("32", "OZA")),
        ("Starbucks Iced Latte Cafe 140Z", size("14", "ONZ")),
        ("Once Upon a Farm Baby Food, 1 Pouch (91g)", size("91", "GRM")),
        ("Foco Soursop Nectar 2 Liter", size("2", "LTR")),
        ("Ruffles Hot Wings Potato Chips, 7 3/4 oz", size("7.75", "ONZ")),
        ("Frozen Pancakes, 24 ct, 2 lbs. 1oz", size("33", "ONZ", pieces=24)),
        ("Turkey Breast, 3-9 lb, Serves 2 to 6", size("3", "LBR", most="9")),
        ("Pork Chops, 0.9-1.64 lb", size("0.9", "LBR", most="1.64")),
        ("Hungry Jack Pancake Mix, 32-Ounce", size("32", "ONZ")),
        ("Bumble Bee Tuna, 18 ounces", size("18", "ONZ")),
        ("Large White Eggs, 1 Dozen", size("1", "DZN")),
        ("Coles Garlic Toast, 12 ea", size("12", "C62")),
        ("Pepperidge Farm 15 Grain Bread, 24 Oz Bag", size("24", "ONZ")),
        ("Premier Protein Shake, 30g Protein, 11 Fl Oz, 4 Ct", size("11", "OZA", pack=4)),
        ("Frozen Shrimp, 12 oz (100-150 count per lb)", size("12", "ONZ")),
        ("Fruit Mix, 3.2 oz (91 g)", size("3.2", "ONZ")),
    ],
)
def test_a_printed_size_is_read_as_shoppers_read_it(name: str, expected: Size) -> None:
    assert parse_size(name) == expected


@pytest.mark.parametrize(
    "name",
    ["", "Wisconsin Extra Sharp Yellow", "Carvel Ice Cream Cake, Serves 24", "Lactaid 2% Milk"],
)
def test_a_name_without_a_size_has_none(name: str) -> None:
    assert parse_size(name) is None


def test_most_names_of_the_catalog_carry_a_size_that_is_read() -> None:
    if not CATALOG.exists():
        pytest.skip(f"the catalog is not at {CATALOG}")
    with CATALOG.open(encoding="utf-8") as lines:
        names = [row["name"] for row in csv.DictReader(lines)]
    read = sum(parse_size(name) is not None for name in names)
    assert read / len(names) > 0.95


@given(st.text(max_size=80))
def test_any_text_is_read_without_failing(text: str) -> None:
    found = parse_size(text)
    assert found is None or total(found).amount > 0


@given(
    st.integers(1, 500_000),
    st.sampled_from([unit for code, unit in UNITS.items() if unit.factor and code != "MGM"]),
)
def test_a_size_written_out_is_read_back(thousandths: int, unit: object) -> None:
    code = next(code for code, each in UNITS.items() if each is unit)
    if UNITS[code].dimension == "count" or code == "G21":
        return
    written = size_text(Size(amount_thousandths=thousandths, unit=code))
    assert parse_size(f"Something, {written}") == Size(amount_thousandths=thousandths, unit=code)
