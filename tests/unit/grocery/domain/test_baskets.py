from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.baskets import next_basket

ORDERS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=12)


def ids(orders: list[list[str]], k: int = 10) -> list[str]:
    return [expected.product_id for expected in next_basket(orders, k=k)]


def test_what_is_bought_every_time_comes_first() -> None:
    orders = [["milk", "eggs"], ["milk"], ["milk", "rice"], ["milk", "eggs"]]
    assert ids(orders)[:2] == ["milk", "eggs"]


def test_of_two_bought_as_often_the_recent_habit_comes_first() -> None:
    orders = [["old"]] * 10 + [["new"]] * 10
    assert ids(orders) == ["new", "old"]


def test_a_short_trip_says_more_of_each_thing_than_a_long_one() -> None:
    long_trip = ["aa", *[f"p{n}" for n in range(60)]]
    assert ids([long_trip, ["zz"], long_trip, ["zz"]])[0] == "zz"


def test_what_followed_a_basket_like_the_last_one_moves_up() -> None:
    orders = [["tea"], ["cake"], ["nuts"]] * 4
    after_tea = ids([*orders, ["tea"]])
    after_cake = ids([*orders, ["tea"], ["cake"]])
    assert after_tea.index("cake") < after_tea.index("nuts")
    assert after_cake.index("nuts") < after_cake.index("cake")


def test_a_household_without_orders_gets_nothing() -> None:
    assert next_basket([], k=10) == []
    assert next_basket([[], []], k=10) == []


@given(ORDERS, st.integers(0, 12))
def test_results_are_distinct_known_and_at_most_k(orders: list[list[str]], k: int) -> None:
    found = ids(orders, k)
    known = {product for order in orders for product in order}
    assert len(found) == len(set(found)) == min(k, len(known))
    assert set(found) <= known


@given(ORDERS)
def test_scores_fall_and_counts_are_true(orders: list[list[str]]) -> None:
    found = next_basket(orders, k=10)
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    for expected in found:
        assert expected.times_bought == sum(expected.product_id in order for order in orders)
