from fractions import Fraction
from itertools import product
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.packs import Pack, PackPlan, cheapest

PACKS = st.lists(
    st.builds(
        Pack,
        product_id=st.sampled_from("abcdef"),
        cents=st.integers(0, 900),
        amount=st.fractions(Fraction(1, 2), 8, max_denominator=4),
    ),
    min_size=1,
    max_size=4,
)
NEEDED = st.fractions(Fraction(1, 4), 12, max_denominator=4)


def a_pack(name: str, cents: int, amount: int) -> Pack:
    return Pack(product_id=name, cents=cents, amount=Fraction(amount))


def plan(packs: list[Pack], needed: Fraction | int) -> PackPlan:
    found = cheapest(packs, Fraction(needed))
    assert found is not None
    return found


def by_brute_force(packs: list[Pack], needed: Fraction) -> tuple[int, Fraction]:
    """The least cost and, for it, the least leftover, of every combination there is."""
    ranges = [range(ceil(needed / pack.amount) + 1) for pack in packs]
    covers = []
    for counts in product(*ranges):
        amount = sum((pack.amount * n for pack, n in zip(packs, counts, strict=True)), Fraction())
        if amount >= needed:
            cents = sum(pack.cents * n for pack, n in zip(packs, counts, strict=True))
            covers.append((cents, amount - needed))
    return min(covers)


def by_unit_price(packs: list[Pack], needed: Fraction) -> int:
    """What most people pay: the best unit price while it fits, then one package for the rest."""
    best = min(packs, key=lambda pack: (pack.cents / pack.amount, -pack.amount))
    whole, rest = divmod(needed, best.amount)
    closing = [pack.cents for pack in packs if pack.amount >= rest]
    return whole * best.cents + (min(closing, default=best.cents) if rest else 0)


def test_a_mix_beats_the_best_unit_price() -> None:
    packs = [a_pack("big", 500, 10), a_pack("small", 120, 2)]
    found = plan(packs, 12)
    assert (dict(found.packages), found.cents, found.leftover) == (
        {"big": 1, "small": 1},
        620,
        Fraction(0),
    )


def test_more_than_needed_is_bought_where_that_is_cheaper() -> None:
    found = plan([a_pack("big", 300, 10), a_pack("small", 200, 3)], 4)
    assert (dict(found.packages), found.leftover) == ({"big": 1}, Fraction(6))


def test_of_equally_cheap_covers_the_one_that_leaves_least_is_taken() -> None:
    found = plan([a_pack("six", 300, 6), a_pack("five", 300, 5)], 5)
    assert dict(found.packages) == {"five": 1}


def test_nothing_on_offer_gives_no_plan() -> None:
    assert cheapest([], Fraction(1)) is None
    assert cheapest([a_pack("empty", 100, 0)], Fraction(1)) is None


@given(PACKS, NEEDED)
def test_small_plans_are_as_cheap_as_any_combination(packs: list[Pack], needed: Fraction) -> None:
    found = plan(packs, needed)
    assert found.is_exact
    cents, leftover = by_brute_force(packs, needed)
    assert found.cents == cents
    if all(pack.cents for pack in packs):
        assert found.leftover == leftover


@given(PACKS, st.fractions(Fraction(1, 4), 10_000, max_denominator=7))
def test_a_plan_covers_the_need_and_is_never_dearer_than_by_unit_price(
    packs: list[Pack], needed: Fraction
) -> None:
    found = plan(packs, needed)
    assert found.cents <= by_unit_price(packs, needed)
    assert found.amount >= needed
    assert found.leftover == found.amount - needed


@pytest.mark.parametrize("needed", [997, 100_003])
def test_a_search_that_would_take_too_long_says_that_it_is_not_proven(needed: int) -> None:
    packs = [
        Pack(product_id=str(n), cents=100 + n * n, amount=Fraction(n * n + 7, n + 3))
        for n in range(3, 15)
    ]
    found = plan(packs, needed)
    assert not found.is_exact
    assert found.leftover >= 0
