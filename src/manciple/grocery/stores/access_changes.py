"""What every process must hear at once of who may come in: credentials revoked, people registered.

The tables themselves write it down, by triggers, so that no way of revoking can forget to. Rows
are read by their numbers: no clock, turned or not, hides one.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, delete, select

from manciple.grocery.stores.schema_security import access_changes

_c = access_changes.c
# Made once: every process asks again and again.
_AFTER = select(_c.seq, _c.credential_id).where(_c.seq > bindparam("last_seq")).order_by(_c.seq)


class AccessChange(msgspec.Struct, frozen=True):
    """A session or token that ended; without one, somebody was registered or erased."""

    seq: int
    credential_id: str | None


class AccessChanges:
    """The changes inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def after(self, seq: int) -> Sequence[AccessChange]:
        """Those behind a number, in order."""
        rows = self._connection.execute(_AFTER, {"last_seq": seq})
        return [AccessChange(*row) for row in rows]

    def forget(self, *, before: datetime) -> int:
        """Deletes those of before an instant, and tells how many they were."""
        return self._connection.execute(delete(access_changes).where(_c.at < before)).rowcount
