"""What people are told outside the house: in which words, and not while they sleep. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from manciple.kit.errors import InvalidInput

# Under this name the news are read for notifications.
READER = "notifications"
MAX_TARGETS = 10
MAX_URL_CHARS = 1000
MAX_NAME_CHARS = 80
_MINUTES_A_DAY = 24 * 60


class NoticeKind(StrEnum):
    """What somebody may want to be told."""

    PRICE_DROP = "price_drop"
    BACK_IN_STOCK = "back_in_stock"
    LIST_SHARED = "list_shared"
    BUDGET_CROSSED = "budget_crossed"
    WEBHOOK_DISABLED = "webhook_disabled"


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """When nothing is told, by the clock on the wall of a time zone: minutes after midnight.

    From 22:00 to 7:00 is `1320` to `420`; the same minute twice is never.
    """

    time_zone: str = "UTC"
    from_minute: int = 0
    until_minute: int = 0


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is told; `url` is an address of Apprise, and as secret as a password."""

    target_id: str
    user_id: str
    name: str
    url: str
    kinds: tuple[NoticeKind, ...]
    last_told_at: datetime | None
    last_problem: str | None
    created_at: datetime


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What is told, in words for people."""

    kind: NoticeKind
    title: str
    body: str


def checked_hours(hours: QuietHours) -> QuietHours:
    """The hours.

    Raises:
        InvalidInput: there is no such zone, or no such minute.
    """
    try:
        ZoneInfo(hours.time_zone)
    except (KeyError, ValueError, OSError):
        raise InvalidInput.at("timeZone", "is no time zone such as America/Chicago") from None
    for where, minute in (("from", hours.from_minute), ("until", hours.until_minute)):
        if not 0 <= minute < _MINUTES_A_DAY:
            raise InvalidInput.at(where, "must be a time such as 22:00")
    return hours


def minute_of(where: str, text: str) -> int:
    """Minutes after midnight of a time such as 22:00.

    Raises:
        InvalidInput: it is none.
    """
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise InvalidInput.at(where, "must be a time such as 22:00") from None
    return found.hour * 60 + found.minute


def quiet_until(hours: QuietHours, now: datetime) -> datetime | None:
    """When the quiet that holds now is over; None while anything may be told."""
    zone = ZoneInfo(hours.time_zone)
    here = now.astimezone(zone)
    minute = here.hour * 60 + here.minute
    start, end = hours.from_minute, hours.until_minute
    is_quiet = start <= minute < end if start <= end else minute >= start or minute < end
    if not is_quiet:
        return None
    day = here.date() + timedelta(days=1 if minute >= end else 0)
    # By the wall, so that a night in which the clocks change ends when people get up.
    over = datetime.combine(day, time(end // 60, end % 60), tzinfo=zone)
    return over.astimezone(now.tzinfo)


def masked(url: str) -> str:
    """An address without its secrets: only what kind of service it is."""
    return f"{url.partition('://')[0]}://…"


def notice_of(topic: str, facts: Mapping[str, Any]) -> Notice | None:
    """What an event is in words; None for what nobody is told."""
    told = _TOLD.get(topic)
    if told is None:
        return None
    try:
        return told(facts)
    except KeyError:
        # Of somebody who left, news stay without their facts.
        return None


def _price_alert(facts: Mapping[str, Any]) -> Notice:
    name, price, before = facts["name"], _dollars(facts["price"]), _dollars(facts["before"])
    if facts["alert"] == "back_in_stock":
        body = f"{name} can be had again" + (f", for {price}." if price else ".")
        return Notice(kind=NoticeKind.BACK_IN_STOCK, title="Back in stock", body=body)
    reached = f"at or below your {before}" if facts["alert"] == "below" else f"down from {before}"
    where = f" ({facts['source']})" if facts.get("source") else ""
    return Notice(
        kind=NoticeKind.PRICE_DROP,
        title="Price drop",
        body=f"{name} costs {price}, {reached}{where}.",
    )


def _list_shared(facts: Mapping[str, Any]) -> Notice | None:
    if not facts.get("isShared", True):
        return None
    return Notice(
        kind=NoticeKind.LIST_SHARED,
        title="A list is shared with you",
        body="Somebody of your household shares a grocery list with it.",
    )


def _budget_crossed(facts: Mapping[str, Any]) -> Notice:
    what = facts["category"] or "everything"
    spent, limit = _dollars(facts["spent"]), _dollars(facts["limit"])
    return Notice(
        kind=NoticeKind.BUDGET_CROSSED,
        title="Budget crossed",
        body=f"The budget for {what} in {facts['month']} is crossed: {spent} of {limit}.",
    )


def _webhook_disabled(facts: Mapping[str, Any]) -> Notice:
    return Notice(
        kind=NoticeKind.WEBHOOK_DISABLED,
        title="A webhook was disabled",
        body=f"Nothing is sent to {facts['url']} any more: {facts['reason']}.",
    )


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], Notice | None]] = MappingProxyType(
    {
        "product.price_alert": _price_alert,
        "list.shared": _list_shared,
        "budget.crossed": _budget_crossed,
        "webhook.disabled": _webhook_disabled,
    }
)
TOPICS: Sequence[str] = tuple(_TOLD)


def _dollars(amount: object) -> str:
    return "" if amount is None else f"${amount:.2f}"
