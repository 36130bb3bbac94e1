import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.likeness_profiles import profile
from manciple.grocery.domain.likenesses import Likeness
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.similarity import likeness
from manciple.grocery.domain.units import parse_size
from tests.stocks import NOON


def product(name: str, *, brand: str = "", shelf: str = "") -> Product:
    return Product(
        product_id=name,
        name=name,
        brand=brand or None,
        category_path=(shelf,) if shelf else (),
        size=parse_size(name),
        source="test",
        updated_at=NOON,
    )


def alike(source: str, other: str, *, shelf: str = "") -> Likeness:
    one, two = profile(product(source, shelf=shelf)), profile(product(other, shelf=shelf))
    return likeness(one, two, {}, at_least=0.0)


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ("Gluten Free Chocolate Chip Cookies, 8 oz", "Chocolate Chip Cookies, 8 oz"),
        ("Vegan Mac & Cheese, 6 oz", "Macaroni & Cheese, 6 oz"),
        ("Lactose Free Whole Milk, 64 fl oz", "Whole Milk, 64 fl oz"),
        ("Organic Vegetable Broth, 32 oz", "Organic Chicken Broth, 32 oz"),
        ("Egg Free Mayonnaise, 15 oz", "Mayonnaise, 15 oz"),
        ("Nut Free Granola Bars, 6 ct, 6 oz", "Granola Bars, 6 ct, 6 oz"),
        ("Sugar Free Chocolate Pudding Cups, 4 ct", "Chocolate Pudding Cups, 4 ct"),
        ("Keto Pancake & Waffle Mix, 10 oz", "Pancake & Waffle Mix, 10 oz"),
        ("Chili No Beans, 15 oz", "Chili With Beans, 15 oz"),
        ("Turkey Bacon, 12 oz", "Hickory Smoked Bacon, 12 oz"),
        ("Diet Cola Soda, 12 fl oz, 12 pack", "Cola Soda, 12 fl oz, 12 pack"),
        ("Decaf Ground Coffee, 12 oz", "Ground Coffee, 12 oz"),
    ],
)
def test_a_promise_that_is_not_kept_in_words_breaks_it(source: str, other: str) -> None:
    assert alike(source, other).score == 0


@pytest.mark.parametrize(
    ("source", "better", "worse"),
    [
        ("Spaghetti Pasta, 16 oz", "Spaghetti, 12 oz", "Spaghetti, 64 oz"),
        ("Shredded Cheddar Cheese, 8 oz", "Shredded Cheddar, 7 oz", "Sliced Cheddar Cheese, 8 oz"),
        ("Strawberry Yogurt, 6 oz", "Strawberry Yogurt, 5.3 oz", "Peach Yogurt, 6 oz"),
        ("Unsalted Butter, 1 lb", "Unsalted Butter Quarters, 1 lb", "Salted Butter, 1 lb"),
        ("Chicken Noodle Soup, 10 oz", "Chicken Noodle Soup, 15 oz", "Tomato Soup, 10 oz"),
        ("Hamburger Buns, 8 ct", "Potato Hamburger Buns, 8 ct", "Hot Dog Buns, 8 ct"),
        ("Penne Pasta, 16 oz", "Rotini Pasta, 16 oz", "Egg Noodles, 16 oz"),
        ("Whole Milk, 1 gal", "2% Reduced Fat Milk, 1 gal", "Chocolate Milk, 1 gal"),
    ],
)  # fmt: skip
def test_what_a_shopper_would_rather_take_scores_higher(
    source: str, better: str, worse: str
) -> None:
    assert alike(source, better).score > alike(source, worse).score


def test_a_thing_of_another_use_is_nothing() -> None:
    assert alike("Great Value Cola, 2 Liter", "Paper-thin Corn Tortillas, 30 ct").score == 0


def test_a_product_is_wholly_like_itself() -> None:
    assert alike("Grade A Honey, 12 oz", "Grade A Honey, 12 oz") == Likeness(1.0, ())


def test_the_score_is_the_product_of_what_its_differences_leave() -> None:
    found = alike("Strawberry Yogurt, 6 oz", "Low Fat Peach Yogurt, 5.3 oz")
    product_of_all = 1.0
    for difference in found.differences:
        product_of_all *= difference.left
    assert found.score == pytest.approx(product_of_all)
    assert all(0 <= difference.left < 1 and difference.what for difference in found.differences)


@given(st.floats(1, 40), st.floats(1, 40))
def test_a_size_further_off_never_scores_higher(one: float, other: float) -> None:
    near, far = sorted((round(one, 2), round(other, 2)))
    scores = [alike("Honey, 1 oz", f"Honey, {size} oz").score for size in (near, far)]
    assert scores[0] >= scores[1]


NAMES = st.sampled_from(
    ["Gluten Free", "Chocolate", "Milk", "Frozen", "Chicken", "Soup", "Low Sodium", "Cookies",
     "Cheese", "Shredded", "Organic", "Bar", "12 oz", "6 ct", "Turkey", "Bacon", "Sugar Free"]
)  # fmt: skip


@given(st.lists(NAMES, min_size=1, max_size=5), st.lists(NAMES, min_size=1, max_size=5))
def test_any_two_names_have_a_score_from_0_to_1(one: list[str], other: list[str]) -> None:
    assert 0 <= alike(" ".join(one), " ".join(other)).score <= 1


def test_turkey_in_a_dish_is_kept_where_pork_is_usual() -> None:
    source = "Turkey Sausage, Egg & Cheese Croissant Sandwiches, 4 Count"
    assert alike(source, "Sausage, Egg & Cheese Croissant Sandwiches, 4 Count").score == 0
    assert alike(source, "Turkey Sausage & Cheese Croissant Sandwiches, 4 Count").score > 0


def test_a_share_of_fat_further_off_scores_lower() -> None:
    scores = [
        alike("2% Reduced Fat Milk, 1 gal", f"{other} Milk, 1 gal").score
        for other in ("2% Reduced Fat", "1% Low Fat", "Fat Free Skim")
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3
