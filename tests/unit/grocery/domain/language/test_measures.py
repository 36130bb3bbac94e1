import pytest

from manciple.grocery.domain.language.measures import plural_of


@pytest.mark.parametrize(
    ("unit", "plural"),
    [("gallon", "gallons"), ("loaf", "loaves"), ("box", "boxes"), ("dozen", "dozen"), ("oz", "oz")],
)
def test_several_of_a_unit(unit: str, plural: str) -> None:
    assert plural_of(unit) == plural
