"""What a search asks of the house, from what a client sends."""

from decimal import Decimal

import pytest

from manciple.api.grocery_search import wish_of
from manciple.api.search_inputs import SearchInput
from manciple.kit.errors import InvalidInput


@pytest.mark.parametrize("said", ["gluten_free", "Gluten-free", " gluten  free "])
def test_a_claim_is_known_however_it_is_written(said: str) -> None:
    assert wish_of(SearchInput(query="pasta", dietary=(said,))).dietary == ("gluten_free",)


@pytest.mark.parametrize(
    ("said", "told"),
    [("glutenfree", "did you mean 'gluten_free'"), ("xyzzy", "nothing that products state")],
)
def test_a_claim_that_no_product_could_state_is_refused(said: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        wish_of(SearchInput(query="pasta", dietary=(said,)))


def test_a_price_between_two_cents_is_taken_inward() -> None:
    wish = wish_of(
        SearchInput(query="milk", min_price=Decimal("1.001"), max_price=Decimal("2.009"))
    )
    assert (wish.min_price_cents, wish.max_price_cents) == (101, 200)


def test_every_price_below_zero_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        wish_of(SearchInput(query="milk", min_price=Decimal(-1), max_price=Decimal(-2)))
    assert [problem.where for problem in caught.value.problems] == [("minPrice",), ("maxPrice",)]


def test_a_least_price_above_the_most_is_refused() -> None:
    with pytest.raises(InvalidInput, match="minPrice: is above maxPrice"):
        wish_of(SearchInput(query="milk", min_price=Decimal(3), max_price=Decimal(2)))
