from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.domain.notices import (
    TOPICS,
    NoticeKind,
    QuietHours,
    checked_hours,
    masked,
    minute_of,
    notice_of,
    quiet_until,
)
from manciple.kit.errors import InvalidInput

CHICAGO = ZoneInfo("America/Chicago")
NIGHT = QuietHours(time_zone="America/Chicago", from_minute=22 * 60, until_minute=7 * 60)


def at(text: str) -> datetime:
    """An instant by the wall in Chicago."""
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-05 21:59", None),
        ("2026-01-05 22:00", "2026-01-06 07:00"),
        ("2026-01-06 03:30", "2026-01-06 07:00"),
        ("2026-01-06 06:59", "2026-01-06 07:00"),
        ("2026-01-06 07:00", None),
        # In this night the clocks go forward, in the other back.
        ("2026-03-07 23:00", "2026-03-08 07:00"),
        ("2026-10-31 23:00", "2026-11-01 07:00"),
    ],
)
def test_the_night_lasts_until_the_wall_says_morning(now: str, until: str | None) -> None:
    assert quiet_until(NIGHT, at(now)) == (None if until is None else at(until))


def test_an_afternoon_can_be_quiet_too_and_the_same_time_twice_is_never() -> None:
    nap = QuietHours(time_zone="America/Chicago", from_minute=13 * 60, until_minute=15 * 60)

    assert quiet_until(nap, at("2026-01-05 14:00")) == at("2026-01-05 15:00")
    assert quiet_until(nap, at("2026-01-05 15:00")) is None
    assert quiet_until(QuietHours(), at("2026-01-05 00:00")) is None


ZONES = st.sampled_from(["UTC", "America/Chicago", "Asia/Kolkata", "Pacific/Chatham"])


@given(
    ZONES,
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
)
def test_when_quiet_is_over_it_is_over(zone: str, start: int, end: int, now: datetime) -> None:
    hours = QuietHours(time_zone=zone, from_minute=start, until_minute=end)
    until = quiet_until(hours, now)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert quiet_until(hours, until) is None


@pytest.mark.parametrize(
    ("hours", "where"),
    [
        (QuietHours(time_zone="Mars/Base"), "timeZone"),
        (QuietHours(time_zone="../etc/passwd"), "timeZone"),
        (QuietHours(from_minute=1440), "from"),
        (QuietHours(until_minute=-1), "until"),
    ],
)
def test_hours_that_are_none_are_refused(hours: QuietHours, where: str) -> None:
    with pytest.raises(InvalidInput, match=where):
        checked_hours(hours)


def test_times_are_read_as_people_write_them() -> None:
    assert minute_of("from", "22:30") == 22 * 60 + 30
    with pytest.raises(InvalidInput, match="from"):
        minute_of("from", "half past ten")


def test_of_an_address_only_its_kind_is_shown() -> None:
    assert masked("tgram://123456:secret/chat") == "tgram://…"
    assert "secret" not in masked("mailto://ann:secret@example.com")


PRICE = {"name": "Oat Milk", "price": 2.5, "before": 3.0, "source": "walmart-page"}


@pytest.mark.parametrize(
    ("topic", "facts", "kind", "body"),
    [
        (
            "product.price_alert",
            {**PRICE, "alert": "below"},
            NoticeKind.PRICE_DROP,
            "Oat Milk costs $2.50, at or below your $3.00 (walmart-page).",
        ),
        (
            "product.price_alert",
            {**PRICE, "alert": "drop"},
            NoticeKind.PRICE_DROP,
            "Oat Milk costs $2.50, down from $3.00 (walmart-page).",
        ),
        (
            "product.price_alert",
            {**PRICE, "alert": "back_in_stock", "price": None},
            NoticeKind.BACK_IN_STOCK,
            "Oat Milk can be had again.",
        ),
        (
            "budget.crossed",
            {"category": "", "month": "2026-01", "spent": 101, "limit": 100},
            NoticeKind.BUDGET_CROSSED,
            "The budget for everything in 2026-01 is crossed: $101.00 of $100.00.",
        ),
    ],
)
def test_events_are_told_in_words(
    topic: str, facts: dict[str, object], kind: NoticeKind, body: str
) -> None:
    notice = notice_of(topic, facts)

    assert notice is not None
    assert (notice.kind, notice.body) == (kind, body)


def test_what_nobody_is_told_makes_no_notice() -> None:
    assert notice_of("list.created", {}) is None
    assert notice_of("list.shared", {"isShared": False}) is None
    # What is left of the news of somebody who deleted their account.
    assert notice_of("product.price_alert", {}) is None
    assert "list.created" not in TOPICS
