"""Where people are told what happens, when not, and how far the news were read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, exists, func, insert, select, update

from manciple.grocery.domain.notices import NoticeKind, QuietHours, Target
from manciple.grocery.stores.schema_notices import (
    notification_targets,
    outbox_readers,
    quiet_hours,
)
from manciple.kit.errors import NotFound
from manciple.platform.db.upsert import insert_or

_t = notification_targets.c
_q = quiet_hours.c
_MAX_PROBLEM_CHARS = 200


class Notices:
    """The targets and quiet hours inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, target: Target) -> None:
        """Keeps a new target."""
        row = {**msgspec.structs.asdict(target), "kinds": _kinds(target.kinds)}
        row["id"] = row.pop("target_id")
        self._connection.execute(insert(notification_targets), row)

    def change(self, target: Target) -> None:
        """Keeps another name, other kinds, and how it went last."""
        self._connection.execute(
            update(notification_targets)
            .where(_t.id == target.target_id)
            .values(
                name=target.name,
                kinds=_kinds(target.kinds),
                last_told_at=target.last_told_at,
                last_problem=(target.last_problem or "")[:_MAX_PROBLEM_CHARS] or None,
            )
        )

    def remove(self, target_id: str, *, owner: str) -> None:
        """Forgets a target.

        Raises:
            NotFound: the owner has none of that id.
        """
        gone = delete(notification_targets).where(_t.id == target_id, _t.user_id == owner)
        if self._connection.execute(gone).rowcount != 1:
            raise NotFound("target", target_id)

    def by_id(self, target_id: str, *, owner: str) -> Target:
        """One target.

        Raises:
            NotFound: the owner has none of that id.
        """
        for target in self.of_user(owner):
            if target.target_id == target_id:
                return target
        raise NotFound("target", target_id)

    def of_user(self, owner: str) -> Sequence[Target]:
        """A person's targets, oldest first."""
        statement = select(notification_targets).where(_t.user_id == owner)
        rows = self._connection.execute(statement.order_by(_t.created_at, _t.id)).mappings()
        return [_target(row) for row in rows]

    def unsealed(self, prefix: str) -> Sequence[Target]:
        """The targets with an address that does not begin with `prefix`, as sealed ones do."""
        statement = select(notification_targets).where(_t.url.not_like(f"{prefix}%"))
        return [_target(row) for row in self._connection.execute(statement).mappings()]

    def set_url(self, target_id: str, url: str) -> None:
        """Keeps another writing of a target's address."""
        changed = update(notification_targets).where(_t.id == target_id)
        self._connection.execute(changed.values(url=url))

    def count(self, owner: str) -> int:
        """How many targets a person has."""
        statement = select(func.count()).select_from(notification_targets)
        return self._connection.execute(statement.where(_t.user_id == owner)).scalar_one()

    def hours(self, owner: str) -> QuietHours:
        """A person's quiet hours; none, where none were set."""
        statement = select(_q.time_zone, _q.from_minute, _q.until_minute)
        row = self._connection.execute(statement.where(_q.user_id == owner)).one_or_none()
        if row is None:
            return QuietHours()
        return QuietHours(time_zone=row[0], from_minute=row[1], until_minute=row[2])

    def set_hours(self, owner: str, hours: QuietHours) -> None:
        """Keeps a person's quiet hours."""
        values = msgspec.structs.asdict(hours)
        statement = insert_or(self._connection, quiet_hours).values(user_id=owner, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["user_id"], set_=values)
        )

    def is_empty(self) -> bool:
        """Whether nobody has a target."""
        return not self._connection.execute(select(exists(select(_t.id)))).scalar_one()

    def position(self, name: str) -> int:
        """Up to which event a reader has come."""
        statement = select(outbox_readers.c.position).where(outbox_readers.c.name == name)
        return self._connection.execute(statement).scalar_one_or_none() or 0

    def set_position(self, name: str, position: int) -> None:
        """Keeps up to where a reader has come."""
        statement = insert_or(self._connection, outbox_readers)
        self._connection.execute(
            statement.values(name=name, position=position).on_conflict_do_update(
                index_elements=["name"], set_={"position": position}
            )
        )


def _kinds(kinds: Sequence[NoticeKind]) -> str:
    return msgspec.json.encode(kinds).decode()


def _target(row: Mapping[Any, Any]) -> Target:
    return Target(
        target_id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        url=row["url"],
        kinds=msgspec.json.decode(row["kinds"], type=tuple[NoticeKind, ...]),
        last_told_at=row["last_told_at"],
        last_problem=row["last_problem"],
        created_at=row["created_at"],
    )
