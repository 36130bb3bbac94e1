import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.product_names import parse_name
from manciple.grocery.domain.queries import Understood, understand
from manciple.grocery.domain.ranking import Yardstick
from manciple.grocery.domain.spelling import CatalogWords

COMMON = """
cheddar cheese strawberry cinnamon peanut butter popcorn chocolate milk yogurt pizza chip pop
pepperoni guacamole blueberry muffin cookie salsa straw mozzarella parmesan corn
"""
CATALOG = CatalogWords(
    dict.fromkeys(COMMON.split(), 40) | {"strawberry": 300, "straw": 6, "parmesean": 2},
    ["Hidden Valley", "Great Value", "Cheez-It", "Jimmy Dean", "Kraft"],
)


def read(text: str) -> Understood:
    return understand(text, CATALOG)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chedder cheese", "cheddar cheese"),
        ("yougurt", "yogurt"),
        ("guacamoli", "guacamole"),
        ("peperoni", "pepperoni"),
        ("parmesean", "parmesan cheese"),
        ("peanutbutter", "peanut butter"),
        ("pop corn", "popcorn"),
        ("evoo", "extra virgin olive oil"),
        ("pop", "soda"),
        ("prawns", "shrimp"),
        ("cheddarcheesepizza", "pizza"),
        ("lemon aide", "lemonade"),
        ("frozen piza", "pizza"),
        ("plant based milk", "plant milk"),
        ("white chocolate chips", "white chip"),
        ("choclit", "chocolate"),
        ("peanutbuter", "peanut butter"),
        ("2% milk", "milk"),
        ("what can i put on a pizza", "pizza"),
        ("half & half pint", "half and half"),
        ("half gallon half and half", "half and half"),
        ("oatmeal raisin cookies", "oatmeal cookie"),
        ("chicken flavored ramen", "ramen"),
        ("🌽", "corn"),
        ("jugo de naranja", "orange juice"),
    ],
)
def test_what_is_meant_is_read(typed: str, meant: str) -> None:
    assert read(typed).kind == meant


def test_a_known_brand_is_not_corrected() -> None:
    assert read("jimmy dean sausage").brand == ("jimmy", "dean")


def test_two_wrong_letters_of_a_short_word_must_sound_alike() -> None:
    catalog = CatalogWords({"thirst": 40, "yogurt": 40, "honey": 40, "bunny": 40}, [])

    assert catalog.correct("tshirt") is None
    assert catalog.correct("yougrt") == "yogurt"
    assert catalog.correct("hunny") == "honey"


def test_a_form_of_a_known_word_is_not_misspelled() -> None:
    counts = {"butter": 40, "battered": 40, "popcorn": 40, "spice": 9, "spiced": 1, "sliced": 40}
    catalog = CatalogWords(counts, [])

    assert understand("buttered popcorn", catalog).modifiers == ("butter",)
    assert understand("spiced popcorn", catalog).modifiers == ("spiced",)


def test_two_words_that_name_a_thing_are_no_other_word_misspelled() -> None:
    catalog = CatalogWords({"ginger": 40, "ale": 40, "general": 40}, [])

    assert understand("gingerale", catalog).kind == "ginger ale"


def test_the_last_word_stands_last_and_is_what_one_wants() -> None:
    assert read("chocolate milk").kind == "milk"
    assert read("milk chocolate").kind == "milk chocolate"


def test_a_synonym_inside_a_longer_name_stays() -> None:
    assert read("pop tarts").brand == ("pop", "tart")


def test_what_is_turned_away_may_have_a_long_name() -> None:
    wanted = read("bread no high fructose corn syrup")

    assert wanted.kind == "bread"
    assert [each.name for each in wanted.unwanted] == ["corn_syrup"]


def test_two_words_that_each_name_an_occasion_name_the_first() -> None:
    assert read("bbq cookout").occasion == read("bbq").occasion is not None


def test_a_size_is_no_word_of_the_query() -> None:
    wanted = read("kraft cheese 8 oz")

    assert wanted.size is not None
    assert wanted.size.amount_thousandths == 8000
    assert wanted.modifiers == ()


def test_a_price_is_a_limit_and_no_word() -> None:
    wanted = read("pizza under $5")

    assert wanted.max_price_cents == 500
    assert wanted.modifiers == ()


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("cheese between 2 and 4 dollars", 200, 400),
        ("cheese $4 - $2.50", 250, 400),
        ("cheese over $3", 300, None),
        ("cheese more than 3 dollars under 5", 300, 500),
        ("cheese between 8 and 16 oz", None, None),
        ("cheese over 12 oz", None, None),
    ],
)
def test_a_price_may_have_two_ends(text: str, least: int | None, most: int | None) -> None:
    wanted = read(text)

    assert (wanted.min_price_cents, wanted.max_price_cents) == (least, most)
    assert wanted.kind == "cheese"


def test_what_no_name_says_describes_nothing_beside_an_occasion() -> None:
    assert read("movie night snacks for zorblaxes").occasion is not None
    assert read("snacks for toddlers").occasion is not None
    assert read("breakfast sausage for zorblaxes").occasion is None


def test_the_snacks_of_a_brand_are_whatever_it_sells() -> None:
    wanted = read("jimmy dean snacks")

    assert (wanted.brand, wanted.kind) == (("jimmy", "dean"), None)


def test_a_package_is_no_misspelled_word() -> None:
    assert CatalogWords({"box": 400, "milk": 40}, []).correct("xbox") is None


def test_what_is_claimed_describes_nothing_besides() -> None:
    wanted = read("vegan chicken nuggets")

    assert wanted.hard == {"vegan"}
    assert wanted.modifiers == ()


def test_a_diet_is_a_promise_to_be_kept() -> None:
    assert read("gluten free cookies").hard == frozenset({"gluten_free"})


def test_organic_is_a_wish() -> None:
    assert read("organic yogurt").soft == frozenset({"organic"})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pizza without meat", "meat"),
        ("salsa not spicy", "spicy"),
        ("cookies no nuts", "nuts"),
        ("orange juice no pulp", "pulp"),
    ],
)
def test_what_is_turned_away_is_noted(text: str, name: str) -> None:
    assert [each.name for each in read(text).unwanted] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("salsa that isn't spicy", "spicy"),
        ("granola bars that don't have nuts", "nuts"),
        ("soup that doesn't contain any meat", "meat"),
    ],
)
def test_a_refusal_may_be_a_whole_clause(text: str, name: str) -> None:
    assert [each.name for each in read(text).unwanted] == [name]


def test_not_too_much_sugar_is_a_wish_and_no_sugar_a_promise() -> None:
    wanted = read("cereal that does not have too much sugar")

    assert wanted.soft == {"low_sugar"}
    assert wanted.unwanted == ()
    assert read("cereal no sugar").hard == {"sugar_free"}


def test_a_brand_that_says_not_refuses_nothing() -> None:
    catalog = CatalogWords({"butter": 40}, ["I Can't Believe It's Not Butter!"])
    wanted = understand("I can't believe it's not butter", catalog)

    assert wanted.brand[-2:] == ("not", "butter")
    assert wanted.unwanted == ()


def test_a_word_that_is_refused_lifts_no_name() -> None:
    assert read("salsa not spicy").typed == ("salsa",)


def test_other_people_s_words_are_no_misspelled_brands() -> None:
    catalog = CatalogWords({"munch": 40, "cereal": 40}, ["Munch"])

    assert understand("cereal without too much salt", catalog).brand == ()


def test_what_a_diet_is_friendly_to_is_no_brand() -> None:
    catalog = CatalogWords({"cookie": 40}, ["Friendly's"])
    wanted = understand("diabetic friendly cookies", catalog)

    assert wanted.hard == {"sugar_free"}
    assert wanted.brand == wanted.modifiers == ()


def test_two_letters_begin_a_thing_or_a_taste() -> None:
    assert read("frozen pi").prefixes == ("pizza",)
    assert read("pe").prefixes == ("peanut", "pepperoni")


def test_a_family_size_is_asked_for_and_a_family_is_not() -> None:
    assert read("family size pizza").modifiers == ("family",)
    assert read("pizza for the family").modifiers == ()


def test_no_bake_is_no_refusal() -> None:
    assert read("no bake cheesecake").unwanted == ()


def test_an_unfinished_word_may_become_commoner_ones() -> None:
    assert read("straw").prefixes[0] == "strawberry"
    assert read("cinna").prefixes == ("cinnamon",)
    assert read("salsa").prefixes == ()


@pytest.mark.parametrize(
    ("text", "occasion"),
    [
        ("taco night", "taco_night"),
        ("snacks for movie night", "movie_night"),
        ("school lunch snacks", "school_lunch"),
        ("salad toppings", "salad_toppings"),
    ],
)
def test_an_occasion_is_understood(text: str, occasion: str) -> None:
    found = read(text).occasion

    assert found is not None
    assert found.name == occasion


@pytest.mark.parametrize(
    "text",
    ["cat litter", "paper towels", "motor oil", "light bulbs", "dish soap", "diapers", "shampoo"],
)
def test_household_goods_are_known_for_what_they_are(text: str) -> None:
    assert read(text).is_household


@pytest.mark.parametrize("text", ["root beer", "vodka sauce", "sponge cake", "veggie straws"])
def test_food_that_sounds_like_household_goods_is_food(text: str) -> None:
    assert not read(text).is_household


@given(st.text(max_size=60))
def test_any_query_is_read_and_scores_stay_in_bounds(text: str) -> None:
    score = Yardstick(read(text)).score(parse_name("Great Value Cheddar Cheese, 8 oz"))

    assert 0 <= score < 2


@pytest.mark.parametrize(
    ("query", "name", "fits"),
    [
        ("hot dogs without pork", "Bar S Franks Made with Chicken & Pork, 12 oz", False),
        ("hot dogs without pork", "Oscar Mayer Classic Wieners Hot Dogs, 16 oz", False),
        ("hot dogs without pork", "Oscar Mayer Classic Beef Uncured Franks Hot Dogs", True),
        ("burgers without pork", "Beef Burgers with Bacon, 4 ct", False),
        ("burgers without pork", "Burgers with Turkey Bacon, 4 ct", True),
        ("snack bars without nuts", "Coconut Almond Snack Bars, 6 ct", False),
        ("donuts without nuts", "Powdered Donuts with Pecan, 6 ct", False),
        ("donuts without nuts", "Powdered Donuts, 6 ct", True),
    ],
)
def test_what_is_turned_away_is_not_let_in_by_another_word(
    query: str, name: str, *, fits: bool
) -> None:
    assert (Yardstick(read(query)).score(parse_name(name)) > 0) is fits


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("canned peaches", "Sliced Peaches in Juice, 15 oz", "Frozen Sliced Peaches, 15 oz"),
        ("family size pizza", "Pizza Family Size, 30 oz", "Pizza, 10 oz"),
        ("kraft corn", "Kraft Whole Corn, 15 oz", "Kraft Corn Dogs, 6 ct"),
        ("bolognese", "Rustic Bolognese Pasta Sauce, 24 oz", "Basil Pesto Sauce, 6 oz"),
        ("fruit punch", "Fruit Punch Juice, 64 fl oz", "Apple Juice, 64 fl oz"),
    ],
)
def test_the_nearer_name_scores_higher(query: str, better: str, worse: str) -> None:
    score = Yardstick(read(query)).score

    assert score(parse_name(better)) > 1.3 * score(parse_name(worse))


def test_the_name_of_a_brand_makes_nothing_fit_an_occasion() -> None:
    score = Yardstick(read("easter basket")).score
    bar = "Blue Bunny Caramel Pretzel Bar"

    assert score(parse_name(bar, brand="Blue Bunny")) < score(parse_name(bar))


def test_two_unmet_wishes_cost_no_more_than_one() -> None:
    name = parse_name("Whole Grain Cheddar Crackers, 9 oz")
    one, two = (
        Yardstick(read(text)).score(name) for text in ("organic crackers", "organic keto crackers")
    )

    assert one > 0
    assert two == 0  # a diet is no wish
    both = Yardstick(read("organic low sodium crackers")).score(name)
    assert both == pytest.approx(one, rel=0.1)


def test_the_thing_is_an_answer_though_it_is_not_as_wished() -> None:
    yardstick = Yardstick(read("organic strawberry low sodium popcorn"))

    assert yardstick.is_answer(parse_name("Kettle Popcorn, 6 oz"))
    assert not yardstick.is_answer(parse_name("Corn Chips, 6 oz"))
