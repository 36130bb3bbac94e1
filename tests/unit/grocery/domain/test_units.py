from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.units import (
    UNITS,
    Dimension,
    Locale,
    Size,
    half_up,
    total,
    unit_price,
)
from manciple.kit.errors import InvalidInput

SIZES = st.builds(
    Size,
    pack=st.integers(1, 50),
    amount_thousandths=st.integers(1, 10_000_000),
    unit=st.sampled_from(sorted(UNITS)),
)


def test_a_fluid_ounce_is_no_ounce() -> None:
    mass = total(Size(amount_thousandths=8000, unit="ONZ"))
    volume = total(Size(amount_thousandths=8000, unit="OZA"))
    with pytest.raises(InvalidInput):
        mass.ratio(volume)


@pytest.mark.parametrize(
    ("one", "many"),
    [(("LBR", 1), ("ONZ", 16)), (("GLL", 1), ("OZA", 128)), (("GLL", 1), ("QTL", 4)),
     (("PTL", 1), ("G21", 2)), (("G21", 1), ("G24", 16)), (("G24", 1), ("G25", 3)),
     (("KGM", 1), ("GRM", 1000)), (("DZN", 1), ("C62", 12)), (("PR", 6), ("DZN", 1))],
)  # fmt: skip
def test_units_agree_exactly(one: tuple[str, int], many: tuple[str, int]) -> None:
    sizes = [Size(amount_thousandths=amount * 1000, unit=unit) for unit, amount in (one, many)]
    assert total(sizes[0]) == total(sizes[1])


def test_a_pack_multiplies_and_pieces_do_not() -> None:
    cans = Size(pack=12, amount_thousandths=8000, unit="OZA")
    box = Size(amount_thousandths=11_600, unit="ONZ", pieces=6)
    assert total(cans).ratio(total(Size(amount_thousandths=96_000, unit="OZA"))) == 1
    assert total(box).ratio(total(Size(amount_thousandths=11_600, unit="ONZ"))) == 1


def test_a_range_counts_with_its_middle() -> None:
    turkey = Size(amount_thousandths=3000, most_thousandths=9000, unit="LBR")
    assert total(turkey).ratio(total(Size(amount_thousandths=6000, unit="LBR"))) == 1


@pytest.mark.parametrize(
    ("cents", "size", "locale", "text"),
    [
        (348, Size(amount_thousandths=15_600, unit="ONZ"), Locale.US, "22.3 ¢/oz"),
        (564, Size(amount_thousandths=1000, unit="GLL"), Locale.US, "4.4 ¢/fl oz"),
        (1000, Size(amount_thousandths=1000, unit="KGM"), Locale.METRIC, "$1.00/100 g"),
        (250, Size(amount_thousandths=2000, unit="LTR"), Locale.METRIC, "12.5 ¢/100 ml"),
        (164, Size(amount_thousandths=1000, unit="DZN"), Locale.US, "13.7 ¢/count"),
    ],
)
def test_a_unit_price_stands_on_one_base(cents: int, size: Size, locale: Locale, text: str) -> None:
    found = unit_price(cents, size, locale)
    assert found is not None
    assert found.text == text


def test_an_empty_package_has_no_unit_price() -> None:
    assert unit_price(100, Size(amount_thousandths=0, unit="ONZ")) is None


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(InvalidInput):
        total(Size(amount_thousandths=1, unit="XYZ"))


@given(SIZES, st.integers(1, 20))
def test_more_packs_are_as_much_more(size: Size, times: int) -> None:
    more = Size(pack=size.pack * times, amount_thousandths=size.amount_thousandths, unit=size.unit)
    assert total(more).ratio(total(size)) == times


@given(SIZES, st.integers(0, 100_000))
def test_a_unit_price_times_the_amount_is_the_price_again(size: Size, cents: int) -> None:
    found = unit_price(cents, size)
    assert found is not None
    bases = total(size).amount / (UNITS[found.unit].factor * found.per)
    assert abs(found.cents_thousandths * bases - cents * 1000) <= bases / 2


@given(st.fractions())
def test_half_up_is_symmetric_and_near(value: Fraction) -> None:
    assert half_up(-value) == -half_up(value)
    assert abs(half_up(value) - value) <= Fraction(1, 2)


def test_every_unit_has_a_dimension_and_an_exact_factor() -> None:
    for unit in UNITS.values():
        assert unit.dimension in Dimension
        assert isinstance(unit.factor, Fraction)
