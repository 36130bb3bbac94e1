import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.price_grammar import Reading, ReadPrice, read_price
from manciple.grocery.domain.units import UnitPrice


def per(cents_thousandths: int, unit: str, per: int = 1) -> UnitPrice:
    return UnitPrice(cents_thousandths=cents_thousandths, per=per, unit=unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$4.98", ReadPrice(reading=Reading.EACH, cents=498)),
        ("$1.98 ea", ReadPrice(reading=Reading.EACH, cents=198)),
        ("50¢", ReadPrice(reading=Reading.EACH, cents=50)),
        ("current price $1,234.50", ReadPrice(reading=Reading.EACH, cents=123_450)),
        ("2 for $5", ReadPrice(reading=Reading.MULTIPLE, cents=500, quantity=2)),
        ("3/$5", ReadPrice(reading=Reading.MULTIPLE, cents=500, quantity=3)),
        ("was $4.48 now $3.24", ReadPrice(reading=Reading.EACH, cents=324, was_cents=448)),
        ("Now $3.24 Was $4.48", ReadPrice(reading=Reading.EACH, cents=324, was_cents=448)),
        ("98.0 ¢/oz", ReadPrice(reading=Reading.UNIT, unit_price=per(98_000, "ONZ"))),
        ("$3.56/lb", ReadPrice(reading=Reading.UNIT, unit_price=per(356_000, "LBR"))),
        ("$5.64/ga", ReadPrice(reading=Reading.UNIT, unit_price=per(564_000, "GLL"))),
        ("13.7 ¢/count", ReadPrice(reading=Reading.UNIT, unit_price=per(13_700, "C62"))),
        ("22.3 ¢/fl. oz.", ReadPrice(reading=Reading.UNIT, unit_price=per(22_300, "OZA"))),
        ("22.3 ¢/fl oz", ReadPrice(reading=Reading.UNIT, unit_price=per(22_300, "OZA"))),
        ("$0.45/100 g", ReadPrice(reading=Reading.UNIT, unit_price=per(45_000, "GRM", 100))),
        ("2 for $5 or $2.99 each", ReadPrice(reading=Reading.EACH, cents=299)),
        ("Save $1.24! $3.24", ReadPrice(reading=Reading.EACH, cents=324)),
        (
            "reduced from $4.48 to $3.24",
            ReadPrice(reading=Reading.EACH, cents=324, was_cents=448),
        ),
        ("from $3.24", ReadPrice(reading=Reading.RANGE, cents=324)),
        ("$3 - $5", ReadPrice(reading=Reading.RANGE, cents=300, most_cents=500)),
        (
            "avg price $12.40 $3.56/lb",
            ReadPrice(
                reading=Reading.BY_WEIGHT,
                cents=1240,
                unit_price=per(356_000, "LBR"),
                is_estimate=True,
            ),
        ),
        (
            "$2.22 22.3 ¢/oz",
            ReadPrice(reading=Reading.EACH, cents=222, unit_price=per(22_300, "ONZ")),
        ),
    ],
)
def test_a_printed_price_is_read_for_what_it_is(text: str, expected: ReadPrice) -> None:
    assert read_price(text) == expected


@pytest.mark.parametrize(
    "text", ["", "free", "out of stock", "12 oz", "4.98", "$3,98", "$1.299,00", "CA$3.24", "€3.98"]
)
def test_a_text_without_a_price_has_none(text: str) -> None:
    assert read_price(text) is None


def test_one_of_several_costs_its_rounded_share() -> None:
    found = read_price("3 for $5")
    assert found is not None
    assert found.each_cents == 167


@given(st.integers(0, 10**7), st.integers(1, 99))
def test_a_multiple_written_out_is_read_back(cents: int, quantity: int) -> None:
    found = read_price(f"{quantity} for ${cents // 100}.{cents % 100:02d}")
    assert found == ReadPrice(reading=Reading.MULTIPLE, cents=cents, quantity=quantity)


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    found = read_price(text)
    assert found is None or isinstance(found, ReadPrice)
