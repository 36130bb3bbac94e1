import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.language.measures import unit_of
from manciple.grocery.domain.language.numbers import value_of


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("2", 2.0),
        ("1,200", 1200.0),
        ("2.5", 2.5),
        ("1/2", 0.5),
        ("1 1/2", 1.5),
        ("½", 0.5),
        ("a dozen", 12.0),
        ("half a dozen", 6.0),
        ("two dozen", 24.0),
        ("a couple", 2.0),
        ("a quarter", 0.25),
        ("three quarters", 0.75),
        ("one and a half", 1.5),
        ("twenty four", 24.0),
        ("two hundred", 200.0),
        ("half gallon", 0.5),
        ("a", 1.0),
        ("x5", 5.0),
    ],
)
def test_numbers_are_read_as_people_say_them(phrase: str, value: float) -> None:
    assert value_of(phrase) == pytest.approx(value)


@pytest.mark.parametrize("phrase", ["", "milk", "1/0", "9" * 40])
def test_what_is_no_number_has_no_value(phrase: str) -> None:
    assert value_of(phrase) is None


@given(st.text(max_size=60))
def test_any_phrase_has_a_bounded_value_or_none(phrase: str) -> None:
    value = value_of(phrase)
    assert value is None or 0.0 <= value <= 1e9


@given(st.integers(min_value=0, max_value=10**6))
def test_digits_are_their_own_value(number: int) -> None:
    assert value_of(str(number)) == number
    assert value_of(f"{number:,}") == number


def test_units_have_one_name_each() -> None:
    assert {unit_of(name) for name in ("lb", "lbs.", "Pounds", "pound")} == {"pound"}
    assert unit_of("Fl  Oz") == "fl oz"
