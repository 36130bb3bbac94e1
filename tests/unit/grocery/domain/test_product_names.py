import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.product_names import parse_name

NAMES = [
    ("TruMoo, 1% Chocolate Milk, 64 Oz.", "TruMoo", "milk"),
    ("Great Value Milk Chocolate Bar, 3.5 oz", "Great Value", "chocolate bar"),
    ("Cheez-It Baked Snack Cheese Crackers, Original, 12.4oz", "Cheez-It", "cheese cracker"),
    ("Great Value Chocolate Chip Cookie Dough, 16.5 Oz", "Great Value", "cookie dough"),
    ("Krusteaz Gluten Free Chocolate Chip Cookie Mix, 18 oz Box", "Krusteaz", "cookie mix"),
    ("Red Baron Pizza, Classic Crust Pepperoni, 20.60 oz", "Red Baron", "pizza"),
    ("Pace Mild Picante Sauce, 16 oz.", "Pace", "salsa"),
    ("Goya Chick Peas, 29 Oz", "GOYA", "garbanzo bean"),
    ("Sargento® Sliced Gouda Natural Cheese, 10 slices", "Sargento", "gouda cheese"),
    ("Pure Protein Bars, Chocolate Deluxe, 21g Protein, 6 Ct", "Pure Protein", "protein bar"),
    ("Rebel Ice Cream | Mint Chip", "Rebel Ice Cream", "ice cream"),
    ("Stouffer's Macaroni & Cheese Frozen Meal 12 oz.", "Stouffer's", "macaroni and cheese"),
    ("Campbell's Condensed Chicken Noodle Soup, 10.75 Ounce Can", "Campbell's", "soup"),
    ("Blue Diamond Almond Breeze Unsweetened Vanilla Almond Milk", "Blue Diamond", "almond milk"),
]
SHELVES = {"ice cream": "Ice Cream & Desserts", "protein bar": "Snack Bars"}


@pytest.mark.parametrize(("name", "brand", "kind"), NAMES)
def test_a_name_tells_what_the_product_is(name: str, brand: str, kind: str) -> None:
    parsed = parse_name(name, brand=brand, category=SHELVES.get(kind))

    assert kind in grocery_kinds().chain(parsed.kind)


def test_the_name_decides_against_a_wrong_category() -> None:
    parsed = parse_name("Pringles Potato Crisps Chips, Original", category="Ice Cream & Desserts")

    assert "potato chip" in grocery_kinds().chain(parsed.kind)


def test_a_brand_alone_helps_where_the_name_says_nothing() -> None:
    parsed = parse_name("OREO Thins Family Size", brand="Oreo")

    assert "cookie" in grocery_kinds().chain(parsed.kind)


def test_a_stated_claim_is_read_and_an_unstated_one_is_not() -> None:
    parsed = parse_name("Udi's Gluten Free Blueberry Muffins, 10 Oz, 4 Ct")

    assert "gluten_free" in parsed.claims
    assert "vegan" not in parsed.claims


def test_a_flavor_is_no_kind() -> None:
    parsed = parse_name("Great Value Strawberry Ice Cream, 48 Fl. Oz")

    assert parsed.kind == "ice cream"
    assert parsed.flavors == ("strawberry",)


@pytest.mark.parametrize(
    ("name", "category", "kind"),
    [
        ("Blueberry W/greek Yogurt Parfait 8.5 Oz", "Yogurt & Dairy Drinks", "yogurt"),
        ("Cream Top Blueberry on the Bottom Whole Milk Yogurt", "Yogurt & Dairy Drinks", "yogurt"),
        ("Tuna Infusions Sun-Dried Tomato, 2.8 oz", "Seafood", "tuna"),
        ("Complete Protein Milk Shake Banana, 14 FL OZ", "Shakes & Other Drinks", "shake"),
        ("Chicken Breast & Mashed Potatoes, 10 oz", "Meals & Sides", "meal"),
        ("Pear Halves in Pear Juice, 15 oz", "Juice", "pear"),
        ("Quest Bar Cookies & Cream 4pk", "Snack Bars", "snack bar"),
        ("Flip Greek Yogurt Cookie Dough, 5.3 oz", "Yogurt & Dairy Drinks", "greek yogurt"),
        ("Fiber One Brownies, 70 Calorie Bar, Snacks, 18 ct", "Snack Bars", "brownie"),
        ("Organic Apple 100% Juice, 64 fl oz", "Juice", "apple juice"),
        ("Pretzel Chocolate Candy, 8 Oz", "Crackers & Snack Mixes", "chocolate candy"),
        ("Crushed Tomatoes with Tomato Puree, 28 Oz", "Sauces", "tomato"),
    ],
)
def test_the_shelf_tells_a_flavor_from_the_thing(name: str, category: str, kind: str) -> None:
    parsed = parse_name(name, category=category)

    assert kind in grocery_kinds().chain(parsed.kind)


def test_a_word_of_the_brand_is_no_kind_where_the_shelf_knows_better() -> None:
    name = "Malt-O-Meal Tootie Fruities 23 oz."

    assert parse_name(name, brand="Malt-O-Meal", category="Cereal & Oatmeal").kind == "cereal"


def test_a_meal_is_also_the_meat_that_it_is_made_of() -> None:
    parsed = parse_name("Pulled Pork with BBQ Sauce, 16 oz", category="Meals & Sides")

    assert (parsed.kind, parsed.kinds_too[-1]) == ("meal", "pulled pork")


@given(st.text(max_size=80))
def test_any_text_has_a_kind_of_the_tree(name: str) -> None:
    assert parse_name(name).kind in grocery_kinds().by_name
