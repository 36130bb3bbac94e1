import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.words import tokens

KINDS = sorted(grocery_kinds().by_name)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("garbanzos", "garbanzo bean"),
        ("mac & cheese", "macaroni and cheese"),
        ("half & half", "half and half"),
        ("hash browns", "hash brown"),
        ("tomato ketchup", "ketchup"),
    ],
)
def test_a_kind_goes_by_all_its_names(text: str, kind: str) -> None:
    assert [match.kind for match in grocery_kinds().find(tokens(text))] == [kind]


def test_a_narrower_kind_answers_for_the_broader() -> None:
    kinds = grocery_kinds()

    assert kinds.nearness("cheese", "cheddar cheese") == 1
    assert kinds.nearness("cheese", "brie cheese") < kinds.nearness("cheese", "swiss cheese")
    assert kinds.nearness("cheese", "cream cheese") <= 0.5
    assert kinds.nearness("cheese", "cracker") == 0


def test_what_stands_on_one_line_is_near_though_its_parent_says_little() -> None:
    kinds = grocery_kinds()

    assert kinds.nearness("frappuccino", "latte") == kinds.nearness("cod", "salmon") > 0
    assert kinds.nearness("frappuccino", "lemonade") == 0
    assert kinds.are_company("frappuccino", "lemonade")
    assert not kinds.are_company("frappuccino", "salmon")


@given(st.sampled_from(KINDS), st.sampled_from(KINDS))
def test_nothing_is_nearer_than_the_thing_itself(wanted: str, found: str) -> None:
    kinds = grocery_kinds()

    assert 0 <= kinds.nearness(wanted, found) <= kinds.nearness(wanted, wanted) == 1


@given(st.sampled_from(KINDS))
def test_a_kind_stands_first_in_its_own_chain_and_only_once(kind: str) -> None:
    chain = grocery_kinds().chain(kind)

    assert chain[0] == kind
    assert len(set(chain)) == len(chain)
