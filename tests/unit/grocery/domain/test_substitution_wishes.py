import pytest

from manciple.grocery.domain.likeness_profiles import profile
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.substitution_wishes import Verdict, Wishes, left_of, unmet
from tests.stocks import a_full_product, a_price

SOURCE = a_full_product("1", price=a_price(300))


def why_not(wishes: Wishes, **changes: object) -> str | None:
    found = a_full_product("2", **{"claims": (), **changes})
    return unmet(wishes, found, profile(found), SOURCE)


def test_who_wishes_nothing_takes_anything() -> None:
    assert why_not(Wishes()) is None


def test_a_diet_must_be_promised_in_words() -> None:
    wishes = Wishes(diets=("gluten-free",))
    assert why_not(wishes, name="Corn Flakes") is not None
    assert why_not(wishes, name="Gluten Free Corn Flakes") is None
    assert why_not(wishes, name="Corn Flakes", claims=("gluten_free",)) is None


@pytest.mark.parametrize("allergen", ["Peanuts", "tree nuts", "milk", "eggs", "soy", "wheat"])
def test_unknown_is_never_taken_for_free_of_an_allergen(allergen: str) -> None:
    assert why_not(Wishes(allergens=(allergen,)), name="Chocolate Cookies") is not None


def test_what_names_an_allergen_that_nobody_promises_is_left_out() -> None:
    wishes = Wishes(allergens=("sesame",))
    assert why_not(wishes, name="Sesame Crackers") is not None
    assert why_not(wishes, name="Plain Crackers", ingredients="flour, tahini") is not None


def test_a_diet_that_nobody_knows_must_be_stated_as_a_claim() -> None:
    assert why_not(Wishes(diets=("low-fodmap",)), name="Corn Flakes") is not None
    assert why_not(Wishes(diets=("low-fodmap",)), claims=("low_fodmap",)) is None


def test_avoided_brands_and_refused_products_are_left_out() -> None:
    assert why_not(Wishes(avoided_brands=("great VALUE",))) is not None
    assert why_not(Wishes(verdicts={"2": Verdict.REFUSED})) is not None
    assert why_not(Wishes(verdicts={"3": Verdict.REFUSED})) is None


def test_what_is_out_of_stock_is_left_out_and_what_is_unknown_is_not() -> None:
    assert why_not(Wishes(), in_stock=False) is not None
    assert why_not(Wishes(), in_stock=None) is None


@pytest.mark.parametrize(("cents", "fits"), [(250, True), (350, True), (351, False), (249, False)])
def test_a_price_may_be_so_far_off_and_no_further(cents: int, fits: bool) -> None:  # noqa: FBT001 - a table
    assert (why_not(Wishes(most_cents_apart=50), price=a_price(cents)) is None) is fits


def test_a_price_that_is_not_known_fits_no_bound() -> None:
    assert why_not(Wishes(most_cents_apart=50), price=None) is not None


def test_an_accepted_product_gains_and_other_brands_than_the_preferred_lose() -> None:
    found: Product = a_full_product("2")
    seen = profile(found)
    assert left_of(Wishes(verdicts={"2": Verdict.ACCEPTED}), found, seen, 0.5) > 0.5
    assert left_of(Wishes(preferred_brands=("Great Value",)), found, seen, 0.5) == 0.5
    assert left_of(Wishes(preferred_brands=("Kraft",)), found, seen, 0.5) < 0.5
