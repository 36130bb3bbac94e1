"""Plots of prices: well-formed pictures that show what was seen, and nothing else."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.price_days import Seen, by_day
from manciple.grocery.domain.products import Price, Product
from manciple.services.doors.price_marks import MOST_LOOKS
from manciple.services.doors.price_plot import HEIGHT, WIDTH, plot

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def a_price(cents: int, day: float = 0, source: str = "shop") -> Price:
    return Price(
        cents=cents,
        source=source,
        method="seen",
        observed_at=NOON + timedelta(days=day),
        confidence=0.9,
    )


def drawn(*prices: Price, name: str = "Milk", single: bool = True) -> str:
    """The picture of prices in any order, of single looks or by the day."""
    newest_first = sorted(prices, key=lambda price: price.observed_at, reverse=True)
    product = Product(
        product_id="1",
        name=name,
        source="shop",
        updated_at=NOON,
        price_missing="the shop shows no price now",
    )
    days = by_day(Seen(price=price) for price in newest_first)
    return plot(product, newest_first if single else [], days)


def picture(*prices: Price, name: str = "Milk", single: bool = True) -> ET.Element:
    return ET.fromstring(drawn(*prices, name=name, single=single))  # noqa: S314 - our own


@given(st.text(max_size=200), st.lists(st.integers(0, 10_000_000), max_size=40), st.booleans())
def test_any_history_is_a_picture_with_a_mark_for_each_price(
    name: str,
    cents: list[int],
    single: bool,  # noqa: FBT001 - drawn by the test's strategies
) -> None:
    # Control letters are no XML; names with them never pass the catalog's reader.
    printable = "".join(letter for letter in name if letter.isprintable())
    prices = [a_price(each, day) for day, each in enumerate(cents)]
    dots = list(picture(*prices, name=printable, single=single).iter(f"{SVG}circle"))

    assert len(dots) == len(cents)
    assert all(0 <= float(dot.attrib["cx"]) <= WIDTH for dot in dots)
    assert all(0 <= float(dot.attrib["cy"]) <= HEIGHT for dot in dots)


def test_a_name_cannot_become_a_part_of_the_picture() -> None:
    assert "<script>" not in drawn(a_price(100), name="<script>alert(1)</script>")


def test_a_dearer_price_stands_higher() -> None:
    found = picture(a_price(100, 0), a_price(300, 1), a_price(200, 2))
    heights = [float(dot.attrib["cy"]) for dot in found.iter(f"{SVG}circle")]

    assert heights[1] < heights[2] < heights[0]


def test_every_mark_says_who_saw_it_when_and_how_sure_that_is() -> None:
    titles = [title.text or "" for title in picture(a_price(100)).iter(f"{SVG}title")]

    assert "$1.00, 2026-03-02 12:00 UTC by shop, confidence 0.9" in titles


def test_a_day_of_many_prices_is_a_bar_from_low_to_high() -> None:
    looks = [a_price(cents, hour / 24) for hour, cents in enumerate((300, 420, 350))]
    found = picture(*looks, a_price(300, 2), single=False)
    (bar,) = [box for box in found.iter(f"{SVG}rect") if box.find(f"{SVG}title") is not None]

    assert (bar[0].text or "").startswith("$3.00 to $4.20, 2026-03-02 (3 looks)")


def test_many_looks_become_days_and_stay_few_marks() -> None:
    looks = [a_price(300 + n % 7, n / 50) for n in range(MOST_LOOKS * 4)]
    found = picture(*looks)

    marks = [*found.iter(f"{SVG}circle"), *found.iter(f"{SVG}rect")]
    assert len(marks) < MOST_LOOKS


def test_where_nobody_looked_the_line_is_broken() -> None:
    found = picture(a_price(100, 0), a_price(110, 1), a_price(120, 2), a_price(90, 60))
    kinds = [path.attrib.get("class") for path in found.iter(f"{SVG}path")]

    assert kinds == [None, None, "gap"]


def test_samples_stand_beside_what_was_seen_and_not_in_time() -> None:
    sample = msgspec.structs.replace(a_price(100, -3000), source="shelf")
    with_it = picture(a_price(100), a_price(110, 1), sample)

    assert len(list(with_it.iter(f"{SVG}circle"))) == 2
    assert "sample $1.00 (2017)" in "".join(with_it.itertext())
    assert "Only sample prices are known" in drawn(sample)


def test_sources_are_told_apart() -> None:
    text = "".join(picture(a_price(100), a_price(110, 1, "other")).itertext())

    assert "shop" in text
    assert "other" in text


def test_without_prices_it_says_so_and_why() -> None:
    assert "No price was ever seen" in drawn()
    assert "now unknown: the shop shows no price now" in drawn()
