"""Former prices that offers claim, held against what was seen."""

from datetime import UTC, datetime, timedelta

from manciple.grocery.domain.price_days import PriceDay, Seen, by_day
from manciple.grocery.domain.price_honesty import check_offer
from manciple.grocery.domain.products import Price

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def seen(*cents_by_days_ago: tuple[int, int], source: str = "walmart-page") -> list[PriceDay]:
    prices = [
        Price(
            cents=cents,
            source=source,
            method="seen",
            observed_at=NOW - timedelta(days=days_ago),
            confidence=0.95,
        )
        for days_ago, cents in cents_by_days_ago
    ]
    return by_day(Seen(price=price) for price in prices)


def test_a_former_price_that_was_really_asked_is_borne_out() -> None:
    done = check_offer(448, seen((0, 324), (10, 448), (20, 448), (30, 450), (40, 448)), NOW)

    assert (done.verdict, done.at_former, done.looks) == ("borne_out", 4, 5)
    assert done.highest is not None
    assert done.highest.cents == 450


def test_a_former_price_that_nobody_ever_saw_is_not() -> None:
    done = check_offer(498, seen((0, 324), (10, 330), (20, 324), (30, 324), (40, 330)), NOW)

    assert (done.verdict, done.at_former) == ("not_borne_out", 0)


def test_a_price_of_one_day_does_not_bear_out_a_claim() -> None:
    done = check_offer(
        448, seen((0, 324), *((day, 324) for day in range(10, 60, 10)), (5, 448)), NOW
    )

    assert done.verdict == "not_borne_out"


def test_too_few_looks_old_ones_and_samples_say_nothing() -> None:
    few = seen((0, 324), (20, 448))
    close = seen(*((day, 448) for day in range(6)))
    old = seen(*((day, 448) for day in range(100, 160, 10)))
    samples = seen(*((day, 448) for day in range(0, 60, 10)), source="shelf")

    for prices in (few, close, old, samples, []):
        assert check_offer(448, prices, NOW).verdict == "unknown"
