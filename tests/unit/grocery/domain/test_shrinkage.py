"""Packages that shrink, told only by two looks that show it."""

from datetime import UTC, datetime, timedelta

import pytest

from manciple.grocery.domain.price_days import PriceDay, Seen, by_day
from manciple.grocery.domain.products import Price
from manciple.grocery.domain.shrinkage import shrinkage
from manciple.grocery.domain.units import Size, parse_size

START = datetime(2026, 1, 1, tzinfo=UTC)


def seen(*looks: tuple[int, str | None, int], source: str = "walmart-page") -> list[PriceDay]:
    """Looks of (day, size, cents)."""
    return by_day(
        Seen(
            price=Price(
                cents=cents,
                source=source,
                method="seen",
                observed_at=START + timedelta(days=day),
                confidence=0.95,
            ),
            size=None if size is None else parse_size(size),
        )
        for day, size, cents in looks
    )


@pytest.mark.parametrize(
    ("after", "cents", "verdict", "size_percent", "price_percent"),
    [
        ("16 oz", 448, "shrank", -11, 0),
        ("16 oz", 498, "shrank", -11, 11),
        ("16 oz", 428, "dearer_by_size", -11, -4),
        ("16 oz", 348, "smaller_and_cheaper", -11, -22),
        ("20 oz", 448, "grew", 11, 0),
    ],
)
def test_the_size_and_the_price_decide_together(
    after: str, cents: int, verdict: str, *, size_percent: int, price_percent: int
) -> None:
    done = shrinkage(seen((0, "18 oz", 448), (30, "18 oz", 448), (60, after, cents)))

    assert (done.verdict, done.size_percent, done.price_percent) == (
        verdict,
        size_percent,
        price_percent,
    )


def test_the_evidence_is_the_last_look_before_and_the_first_one_after() -> None:
    done = shrinkage(
        seen((0, "18 oz", 400), (30, "18 oz", 448), (60, "16 oz", 450), (90, "16 oz", 500))
    )

    assert done.before is not None
    assert done.after is not None
    assert (done.before.price.cents, done.before.price.observed_at.day) == (448, 31)
    assert (done.after.price.cents, done.after.size_text) == (450, "16 oz")
    assert done.before.unit_price is not None
    assert done.before.unit_price.text == "24.9 ¢/oz"
    assert done.reason == "18 oz became 16 oz; the price went up less than 1 %"


def test_the_same_in_other_units_is_the_same() -> None:
    done = shrinkage(seen((0, "12 oz", 300), (30, "340 g", 300)))

    assert done.verdict == "same"


@pytest.mark.parametrize(
    "days",
    [
        [],
        seen((0, None, 448), (30, None, 498)),
        seen((0, "18 oz", 448), (30, "16 oz", 448), source="shelf"),
        seen((0, "18 oz", 448), (30, "16 oz", 448), (60, "18 oz", 448)),
    ],
    ids=["nothing", "no size", "samples", "in turn"],
)
def test_without_two_sizes_that_follow_each_other_nothing_is_claimed(days: list[PriceDay]) -> None:
    assert shrinkage(days).verdict == "unknown"


def test_pieces_and_ounces_do_not_compare() -> None:
    assert shrinkage(seen((0, "18 oz", 448), (30, "12 ct", 448))).verdict == "same"
    assert isinstance(parse_size("18 oz"), Size)
