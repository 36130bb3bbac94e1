"""Everything that is somebody's, in whatever table it is: to be handed out, or to be erased.

What belongs to a person is found by the tables' own references, so a new table is not forgotten.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, func, select, update

from manciple.grocery.stores.schema import users
from manciple.grocery.stores.schema_agent import corrections
from manciple.grocery.stores.schema_security import api_tokens, auth_sessions, idempotency_keys
from manciple.platform.bus.outbox import outbox
from manciple.platform.db.tables import SECRET, metadata

# Revoked rows stay, so that every process hears of it; what they tell of a person does not.
_BLANKED = {auth_sessions.name: {"agent": "", "address": ""}, api_tokens.name: {"name": ""}}
_GONE = "(gone)"


class Belongings:
    """What is somebody's, inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, user_id: str) -> dict[str, list[dict[str, Any]]]:
        """Every row of a person by its table, without what is kept of secrets."""
        found = {users.name: self._rows(users, users.c.id == user_id)}
        for table, condition in _owned(user_id):
            rows = self._rows(table, condition)
            if rows:
                found[table.name] = rows
        return found

    def erase(self, user_id: str) -> None:
        """Takes everything of a person away but an empty row with their id, and the audit trail."""
        for table, condition in reversed(list(_owned(user_id))):
            if table.name in _BLANKED:
                values = {**_BLANKED[table.name], "revoked_at": self._now}
                self._connection.execute(update(table).where(condition).values(values))
            else:
                self._connection.execute(delete(table).where(condition))
        for column in _mentions():
            who_did_it = update(column.table).where(column == user_id).values({column.name: None})
            self._connection.execute(who_did_it)
        self._connection.execute(delete(corrections).where(corrections.c.scope == user_id))
        self._connection.execute(
            delete(idempotency_keys).where(idempotency_keys.c.user_id == user_id)
        )
        self._forget_news(user_id)
        self._connection.execute(
            update(users).where(users.c.id == user_id).values(display_name=_GONE, email=None)
        )

    def _forget_news(self, user_id: str) -> None:
        theirs = outbox.c.owner_id == user_id
        newest = select(func.max(outbox.c.id)).scalar_subquery()
        # The newest entry stays, so that ids go on from it.
        self._connection.execute(delete(outbox).where(theirs, outbox.c.id < newest))
        self._connection.execute(update(outbox).where(theirs).values(payload="{}"))

    def _rows(self, table: Table, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
        columns = [column for column in table.c if not _is_secret(column)]
        rows = self._connection.execute(select(*columns).where(condition))
        return [dict(row) for row in rows.mappings()]


def _is_secret(column: Column[Any]) -> bool:
    return column.name.endswith("_hash") or column.info == SECRET


def _owned(user_id: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The tables with rows of a person, those first that others refer to."""
    conditions: dict[Table, ColumnElement[bool]] = {}
    for table in metadata.sorted_tables:
        condition = _condition(table, user_id, conditions)
        if condition is not None:
            conditions[table] = condition
            yield table, condition


def _condition(
    table: Table, user_id: str, conditions: dict[Table, ColumnElement[bool]]
) -> ColumnElement[bool] | None:
    """Which rows are the person's: by a user of its own, else by what it is a part of."""
    for key in sorted(table.foreign_keys, key=lambda key: key.column.table is not users):
        whole = key.column.table
        if key.ondelete != "CASCADE":
            continue
        if whole is users:
            return key.parent == user_id
        if whole in conditions:
            return key.parent.in_(select(key.column).where(conditions[whole]))
    return None


def _mentions() -> Iterator[Column[Any]]:
    """The columns that say who did something to what is somebody else's."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is users and key.ondelete == "SET NULL":
                yield key.parent
