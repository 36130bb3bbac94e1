"""The outbox: news written in the same transaction as the change that makes it.

Only the table and its writer; whoever sends the news on reads it by `id`, in order.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from manciple.kit import tracing
from manciple.platform.db.tables import Instant, metadata
from manciple.platform.db.trace_links import link

_IS_OF_A_HOUSEHOLD = text("household_id IS NOT NULL")

outbox = Table(
    "outbox",
    metadata,
    # AUTOINCREMENT: an id is never used twice, so a reader's "after 17" stays true for ever.
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("topic", String(100), nullable=False),
    Column("key", String(100), nullable=False),
    Column("payload", Text, nullable=False),
    Column("household_id", String(64)),
    Column("owner_id", String(64)),
    Column("at", Instant, nullable=False),
    # Only what can be withdrawn: most news is for everybody.
    Index(
        "ix_outbox_withdrawal",
        "household_id",
        "key",
        sqlite_where=_IS_OF_A_HOUSEHOLD,
        postgresql_where=_IS_OF_A_HOUSEHOLD,
    ),
    sqlite_autoincrement=True,
)

# Made once: they run for every event.
_INSERT = insert(outbox)
_AFTER = (
    select(outbox)
    .where(outbox.c.id > bindparam("last_id"))
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news as it stands in the outbox; `payload` is JSON."""

    id: int
    topic: str
    key: str
    payload: bytes
    household_id: str | None
    owner_id: str | None
    at: datetime


def entry_of(row: Sequence[Any], *, at: datetime) -> Entry:
    """The entry that stands in a row; `at` is its last column, read."""
    id_, topic, key, payload, household_id, owner_id, _ = row
    return Entry(
        id=id_,
        topic=topic,
        key=key,
        payload=payload.encode(),
        household_id=household_id,
        owner_id=owner_id,
        at=at,
    )


class Outbox:
    """The outbox inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self,
        topic: str,
        payload: Any,
        *,
        key: str,
        household_id: str | None = None,
        owner_id: str | None = None,
    ) -> None:
        """Keeps `payload` (anything msgspec can encode) to be sent once this transaction commits.

        `key` names the thing it is about; `household_id` and `owner_id` say who may hear it,
        both None for everybody.
        """
        row = {
            "topic": topic,
            "key": key,
            "payload": msgspec.json.encode(payload).decode(),
            "household_id": household_id,
            "owner_id": owner_id,
            "at": self._now,
        }
        made = self._connection.execute(_INSERT, row)
        if tracing.is_on():
            link(self._connection, "event", made.inserted_primary_key or (), at=self._now)

    def withdraw(self, topics: Collection[str], key: str, *, household_id: str) -> None:
        """Lets a household hear what was said on these topics of a thing no more."""
        self._connection.execute(
            update(outbox)
            .where(
                outbox.c.topic.in_(topics),
                outbox.c.key == key,
                outbox.c.household_id == household_id,
            )
            .values(household_id=None)
        )

    def after(self, last_id: int, *, limit: int) -> Sequence[Entry]:
        """Up to `limit` entries newer than `last_id`, oldest first."""
        rows = self._connection.execute(_AFTER, {"last_id": last_id, "most": limit})
        return [entry_of(row, at=row.at) for row in rows]

    def newest_id(self) -> int:
        """The id of the last entry ever written; 0 where none was."""
        return self._connection.execute(select(func.max(outbox.c.id))).scalar() or 0

    def oldest_id(self) -> int:
        """The id of the oldest entry still kept; 0 where none is."""
        return self._connection.execute(select(func.min(outbox.c.id))).scalar() or 0

    def forget(self, *, before: datetime, most: int) -> int:
        """Deletes up to `most` entries from before an instant, oldest first; how many there were.

        The newest entry always stays, so that the last id is known for ever.
        """
        newest = select(func.max(outbox.c.id)).scalar_subquery()
        old = (
            select(outbox.c.id)
            .where(outbox.c.at < before, outbox.c.id < newest)
            .order_by(outbox.c.id)
            .limit(most)
        )
        return self._connection.execute(delete(outbox).where(outbox.c.id.in_(old))).rowcount
