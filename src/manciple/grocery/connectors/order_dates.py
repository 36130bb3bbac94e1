"""The instants of orders, as pages and exports write them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from manciple.kit.errors import InvalidInput

_DAYS = (
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
# Between day and time: "Jul 1, 2026 at 2:03 PM", "7/1/2026, 2:03 PM".
_JOINT = re.compile(r"(?<=\d{4}),?\s+(?:at\s+)?(?=\d)")
# Spreadsheets count days since then; of 1982 to 2119 a number is a day.
_SHEET_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_SHEET_DAYS = (30_000.0, 80_000.0)
_SLASHED = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})\b")
_MONTHS = 12
_UNIX_S = (631_152_000, 4_102_444_800)


def days_come_first(printed: Iterable[str]) -> bool:
    """Whether the dates of one file surely name the day before the month: "13/11/2025".

    One such date may be a slip; where days come first, three of five dates show it.
    """
    dates = {(int(found[1]), int(found[2])) for one in printed if (found := _SLASHED.match(one))}
    shown = sum(first > _MONTHS >= second for first, second in dates)
    is_denied = any(second > _MONTHS for _, second in dates)
    return shown > 1 and 3 * shown >= len(dates) and not is_denied


def read_instant(printed: str, *, is_day_first: bool = False) -> datetime | None:
    """The instant in UTC; a date alone is its midnight, nothing is None.

    Raises:
        InvalidInput: it is no date of a known writing.
    """
    said = " ".join(printed.split())
    if not said:
        return None
    if is_day_first:
        said = _SLASHED.sub(r"\2/\1/\3", said)
    found = _numeric(said) or _iso(said) or _written(said)
    if found is None:
        raise InvalidInput.at("date", f"{printed!r} is no date")
    return found


def _iso(said: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def _numeric(said: str) -> datetime | None:
    """A spreadsheet's day, or seconds or milliseconds since 1970."""
    if not re.fullmatch(r"\d{5}(?:\.\d+)?|\d{10}|\d{13}", said):
        return None
    value = float(said)
    if _SHEET_DAYS[0] <= value <= _SHEET_DAYS[1]:
        whole_s = round(value * 86_400)
        return _SHEET_EPOCH + timedelta(seconds=whole_s)
    seconds = value / 1000 if len(said) == 13 else value  # noqa: PLR2004 - digits of milliseconds
    if _UNIX_S[0] <= seconds <= _UNIX_S[1]:
        return datetime.fromtimestamp(seconds, UTC)
    return None


def _written(said: str) -> datetime | None:
    plain = _JOINT.sub(" ", _ORDINAL.sub("", _WEEKDAY.sub("", said)))
    plain = (
        re.sub(r"\b(Sept)\b\.?", "Sep", plain).replace(".", "") if plain[:1].isalpha() else plain
    )
    for day in _DAYS:
        for time in _TIMES:
            try:
                return datetime.strptime(plain, f"{day}{time}").replace(tzinfo=UTC)
            except ValueError:
                continue
    return None
