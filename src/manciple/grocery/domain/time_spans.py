"""Spans of time as people say them: "last week", "in march", "this year"."""

import re
from datetime import UTC, datetime, timedelta

import msgspec

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_LAST_DAYS = re.compile(r"(?:last|past)\s+(\d{1,3})\s+(day|week|month|year)s?")
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """From an instant up to before another, and how it was said."""

    since: datetime
    until: datetime
    label: str

    def holds(self, at: datetime | None) -> bool:
        """Whether the instant is within."""
        return at is not None and self.since <= at < self.until


def span_of(said: str, now: datetime) -> Span | None:
    """The span that is meant, in UTC, weeks from Monday; None where the words name none."""
    text = " ".join(said.lower().split())
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + timedelta(days=1)
    months = _month_start(today, 0), _month_start(today, -1)
    monday = today - timedelta(days=today.weekday())
    year = today.replace(month=1, day=1)
    known = {
        "today": (today, tomorrow),
        "yesterday": (today - timedelta(days=1), today),
        "this week": (monday, tomorrow),
        "last week": (monday - timedelta(days=7), monday),
        "this month": (months[0], tomorrow),
        "last month": (months[1], months[0]),
        "this year": (year, tomorrow),
        "last year": (year.replace(year=year.year - 1), year),
        "recently": (today - timedelta(days=30), tomorrow),
        "lately": (today - timedelta(days=30), tomorrow),
    }
    for words, (since, until) in known.items():
        if words in text:
            return Span(since=since, until=until, label=words)
    return _counted(text, tomorrow) or _named_month(text, today)


def _counted(text: str, tomorrow: datetime) -> Span | None:
    found = _LAST_DAYS.search(text)
    if found is None:
        return None
    days = min(int(found[1]) * _DAYS[found[2]], 3650)
    return Span(since=tomorrow - timedelta(days=days), until=tomorrow, label=f"the {found[0]}")


def _named_month(text: str, today: datetime) -> Span | None:
    """The month of that name that began last."""
    for number, name in enumerate(_MONTHS, start=1):
        # "may" is mostly a verb.
        if re.search(rf"\b{name}\b" if name != "may" else r"\b(?:in|of|during) may\b|^may$", text):
            year = today.year if number <= today.month else today.year - 1
            since = today.replace(year=year, month=number, day=1)
            label = f"{name.capitalize()} {year}"
            return Span(since=since, until=_month_start(since, 1), label=label)
    return None


def _month_start(day: datetime, months: int) -> datetime:
    count = day.year * 12 + day.month - 1 + months
    return day.replace(year=count // 12, month=count % 12 + 1, day=1)
