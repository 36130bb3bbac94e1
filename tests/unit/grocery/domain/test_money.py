from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.money import (
    Money,
    cents,
    dollars,
    line_cents,
    share_cents,
    total_cents,
)
from manciple.kit.errors import InvalidInput

AMOUNTS = st.builds(Money, st.integers(-(10**12), 10**12))


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_sums_are_associative_and_commutative(a: Money, b: Money, c: Money) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a


@given(AMOUNTS)
def test_nothing_is_neutral_and_every_amount_has_its_opposite(amount: Money) -> None:
    assert amount + Money(0) == amount
    assert amount + -amount == Money(0)
    assert amount - amount == Money(0)


@given(AMOUNTS, st.integers(0, 1000))
def test_whole_quantities_are_repeated_sums(price: Money, quantity: int) -> None:
    assert price.times(quantity * 1000).cents == price.cents * quantity


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_a_line_is_rounded_once_and_by_at_most_half_a_cent(price: int, quantity: int) -> None:
    exact = Fraction(price * quantity, 1000)
    assert abs(line_cents(price, quantity) - exact) <= Fraction(1, 2)


@given(st.integers(-(10**14), 10**14))
def test_cents_and_dollars_are_inverse(amount: int) -> None:
    assert cents(dollars(amount)) == amount
    assert isinstance(dollars(amount), Decimal)


@given(AMOUNTS, AMOUNTS)
def test_order_agrees_with_difference(a: Money, b: Money) -> None:
    assert (a < b) == ((a - b).cents < 0)
    assert (a >= b) == ((a - b).cents >= 0)


def test_halves_of_a_cent_go_up() -> None:
    assert line_cents(1, 500) == 1
    assert line_cents(356, 1625) == 579
    assert share_cents(250, Fraction(9, 100)) == 23


def test_a_receipt_rounds_each_line_before_it_adds() -> None:
    assert total_cents([(333, 500), (333, 500)]) == 334


def test_currencies_do_not_mix() -> None:
    with pytest.raises(InvalidInput):
        Money(1) + Money(1, "EUR")
    with pytest.raises(InvalidInput):
        assert Money(1) < Money(1, "EUR")


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity"])
def test_fractions_of_a_cent_and_no_numbers_are_refused(amount: str) -> None:
    with pytest.raises(InvalidInput):
        cents(amount)
