"""Seasons, claimed only where enough was seen."""

import math
from datetime import UTC, datetime

import pytest

from manciple.grocery.domain.price_days import PriceDay, Seen, by_day
from manciple.grocery.domain.products import Price
from manciple.grocery.domain.seasons import seasons


def seen(
    cents_of: "dict[int, int]", *, years: int = 3, days: int = 3, source: str = "walmart-page"
) -> list[PriceDay]:
    """Looks on the first days of each month, priced by the month since the beginning."""
    return by_day(
        Seen(
            price=Price(
                cents=cents_of.get(month, 0) or cents_of[month % 12],
                source=source,
                method="seen",
                observed_at=datetime(2023 + month // 12, month % 12 + 1, day, tzinfo=UTC),
                confidence=0.95,
            )
        )
        for month in range(12 * years)
        for day in range(1, days + 1)
    )


WAVE = {month: round(400 + 60 * math.cos(month / 12 * math.tau)) for month in range(12)}


def test_what_is_cheap_in_summer_every_year_is_told() -> None:
    found = seasons(seen(WAVE))

    assert found.verdict == "seasonal"
    assert 7 in found.cheap
    assert 1 in found.dear
    assert next(one for one in found.months if one.month == 7).percent in range(83, 89)


def test_prices_that_only_rise_make_no_season() -> None:
    rising = {month: 400 + 6 * month for month in range(36)}

    assert seasons(seen(rising)).verdict == "not_seasonal"


def test_one_dear_month_in_one_year_is_no_season() -> None:
    once = dict.fromkeys(range(36), 400) | {7: 500}

    found = seasons(seen(once))
    assert (found.verdict, found.dear) == ("not_seasonal", ())


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        ([], "nobody looked yet"),
        (seen(WAVE, years=1), "0 months of the year were seen on 3 days or more in 2 years"),
        (seen(WAVE, days=2), "0 months of the year"),
        (seen(WAVE, source="shelf"), "nobody looked yet"),
    ],
    ids=["nothing", "one year", "two days", "samples"],
)
def test_too_little_says_what_is_missing(days: list[PriceDay], missing: str) -> None:
    found = seasons(days)

    assert (found.verdict, found.months) == ("not_enough", ())
    assert found.missing is not None
    assert found.missing.startswith(missing)


@pytest.mark.parametrize("at", range(1, 36))
def test_a_price_that_moves_to_another_level_makes_no_season(at: int) -> None:
    moved = {month: 400 if month < at else 600 for month in range(36)}

    assert seasons(seen(moved)).verdict == "not_seasonal"


@pytest.mark.parametrize("at", range(1, 24))
def test_two_years_with_a_move_make_none_either(at: int) -> None:
    moved = {month: 600 if month < at else 400 for month in range(24)}

    assert seasons(seen(moved, years=2)).verdict == "not_seasonal"


@pytest.mark.parametrize("month", range(12))
def test_a_rise_in_the_same_month_of_every_year_is_no_season(month: int) -> None:
    stairs = {at: 400 + 60 * ((at - month + 12) // 12) for at in range(36)}

    assert seasons(seen(stairs)).verdict == "not_seasonal"


def test_a_season_is_told_over_a_move_to_another_level() -> None:
    moved = {at: WAVE[at % 12] + (100 if at >= 20 else 0) for at in range(48)}

    assert 7 in seasons(seen(moved, years=4)).cheap


def test_less_than_two_whole_years_are_not_enough() -> None:
    begun = [
        day
        for day in seen(WAVE, years=2)
        if day.last.observed_at < datetime(2024, 12, 1, tzinfo=UTC)
    ]

    assert seasons(begun).verdict == "not_enough"
