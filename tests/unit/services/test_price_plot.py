"""Plots of prices: well-formed pictures that show what was seen, and nothing else."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.products import Price
from manciple.services.price_plot import HEIGHT, WIDTH, plot

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def a_price(cents: int, day: int = 0, source: str = "shop") -> Price:
    return Price(
        cents=cents,
        source=source,
        method="seen",
        observed_at=NOON + timedelta(days=day),
        confidence=0.9,
    )


def newest_first(*cents: int) -> list[Price]:
    return [a_price(each, day) for day, each in enumerate(cents)][::-1]


@given(st.text(max_size=200), st.lists(st.integers(0, 10_000_000), max_size=40))
def test_any_history_is_a_picture_with_a_dot_for_each_price(name: str, cents: list[int]) -> None:
    # Control letters are no XML; names with them never pass the catalog's reader.
    printable = "".join(letter for letter in name if letter.isprintable())
    picture = ET.fromstring(plot(printable, newest_first(*cents)))  # noqa: S314 - our own
    dots = list(picture.iter(f"{SVG}circle"))

    assert len(dots) == len(cents)
    assert all(0 <= float(dot.attrib["cx"]) <= WIDTH for dot in dots)
    assert all(0 <= float(dot.attrib["cy"]) <= HEIGHT for dot in dots)


def test_a_name_cannot_become_a_part_of_the_picture() -> None:
    assert "<script>" not in plot("<script>alert(1)</script>", newest_first(100))


def test_a_dearer_price_stands_higher() -> None:
    picture = ET.fromstring(plot("Milk", newest_first(100, 300, 200)))  # noqa: S314 - our own
    heights = [float(dot.attrib["cy"]) for dot in picture.iter(f"{SVG}circle")]

    assert heights[1] < heights[2] < heights[0]


def test_without_prices_it_says_so() -> None:
    assert "No price was ever seen" in plot("Milk", [])
