from collections import Counter
from datetime import timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.price_days import PriceDay, Seen, by_day, percentile
from manciple.grocery.domain.price_statistics import statistics
from manciple.grocery.domain.products import Price
from tests.list_builders import NOON


def a_price(cents: int, age: int = 0, currency: str = "USD") -> Price:
    return Price(
        cents=cents,
        currency=currency,
        source="x",
        method="y",
        observed_at=NOON - timedelta(days=age),
        confidence=1.0,
    )


def days(*prices: Price) -> list[PriceDay]:
    return by_day(Seen(price=price) for price in prices)


def test_nothing_seen_gives_no_figures() -> None:
    assert statistics([]) is None


def test_figures_say_where_the_newest_price_stands() -> None:
    found = statistics(days(a_price(300, 0), a_price(400, 1), a_price(500, 2), a_price(200, 3)))
    assert found is not None
    assert (found.least.cents, found.median_cents, found.most.cents) == (200, 350, 500)
    assert (found.newest.cents, found.cheaper_percent, found.mean_cents) == (300, 50, 350)
    assert (found.first_at, found.last_at) == (NOON - timedelta(days=3), NOON)


def test_two_observations_are_too_few_to_call_a_price_cheap() -> None:
    found = statistics(days(a_price(300), a_price(400)))
    assert found is not None
    assert found.cheaper_percent is None


def test_other_currencies_are_left_out() -> None:
    found = statistics(days(a_price(300), a_price(100, 1, "CAD"), a_price(500, 2)))
    assert found is not None
    assert (found.count, found.least.cents) == (2, 300)


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_percentiles_rise_from_the_least_to_the_most(cents: list[int]) -> None:
    ordered = sorted(cents)
    looks = sorted(Counter(ordered).items())
    found = [percentile(looks, percent) for percent in range(0, 101, 10)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (ordered[0], ordered[-1])
    assert abs(found[5] - median(ordered)) <= 0.5
