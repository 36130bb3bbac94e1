from manciple.grocery.domain.likenesses import Difference, Likeness, Proposal, acceptable
from tests.stocks import a_full_product


def proposal(score: float, *lefts: float) -> Proposal:
    differences = tuple(Difference("somehow", left) for left in lefts)
    return Proposal(product=a_full_product(), likeness=Likeness(score, differences), score=score)


def test_one_big_difference_is_not_shown_and_many_small_ones_are() -> None:
    big, small = proposal(0.38, 0.38), proposal(0.35, 0.7, 0.7, 0.72)
    assert acceptable([big, small]) == [small]


def test_where_enough_is_good_nothing_less_is_shown() -> None:
    good = [proposal(0.5, 0.5)] * 5
    assert acceptable([*good, proposal(0.35, 0.7, 0.5)]) == good
