"""How many calls everybody's processes counted, where several serve the same people.

Keys are fingerprints: no address of a stranger and no id of a person is kept.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, case, delete, or_

from manciple.grocery.stores.schema_security import rate_counts
from manciple.platform.db.upsert import insert_or

_c = rate_counts.c


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """Calls under a key in a window of `window_s` that ends at `until_s`.

    Instants are by the machine's monotonic clock, so no clock on a wall lengthens a window.
    """

    key: str
    window_s: int
    calls: int
    until_s: float


class RateCounts:
    """The counts inside one transaction; `now_s` is by the monotonic clock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, counts: Iterable[Count], *, now_s: float) -> Sequence[Count]:
        """Adds to what is counted; what all have counted by then, in the same order."""
        inserting = insert_or(self._connection, rate_counts)
        given = inserting.excluded
        # One that ends later than a window from now is from before the machine's last start.
        is_over = or_(_c.until_s <= now_s, _c.until_s > now_s + given.window_s)
        statement = inserting.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "calls": case((is_over, given.calls), else_=_c.calls + given.calls),
                "until_s": case((is_over, given.until_s), else_=_c.until_s),
            },
        ).returning(_c.calls, _c.until_s)
        found = []
        for one in counts:
            row = self._connection.execute(statement, msgspec.structs.asdict(one)).one()
            found.append(msgspec.structs.replace(one, calls=row[0], until_s=row[1]))
        return found

    def forget(self, *, now_s: float) -> int:
        """Deletes those whose windows are over, and tells how many they were."""
        over = or_(_c.until_s <= now_s, _c.until_s > now_s + _c.window_s)
        return self._connection.execute(delete(rate_counts).where(over)).rowcount
