"""Instants from the wire, held to a time that calendars and databases can reckon with."""

from datetime import UTC, datetime

from manciple.kit.errors import InvalidInput

# Nothing here was seen before this house could be, or is planned beyond anybody's life.
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_LAST = datetime(2200, 1, 1, tzinfo=UTC)


def instant(where: str, at: datetime | None) -> datetime | None:
    """The instant in UTC; None stays None.

    Raises:
        InvalidInput: it lies in another age.
    """
    if at is None:
        return None
    if not _FIRST <= at <= _LAST:
        raise InvalidInput.at(where, "must be from 2000 to 2200")
    return at.astimezone(UTC)
