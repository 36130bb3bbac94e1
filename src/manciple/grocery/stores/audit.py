"""The audit trail, remembered: entries are added, and never changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select

from manciple.grocery.domain.people import AuditRow
from manciple.grocery.stores.schema_security import audit_trail
from manciple.platform.db.tables import instant_text

_a = audit_trail.c
_COLUMNS = (
    _a.seq,
    _a.at,
    _a.actor,
    _a.address,
    _a.action,
    _a.object_id,
    _a.outcome,
    _a.details,
    _a.previous,
    _a.hash,
)


class Audit:
    """The trail inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    @property
    def now_text(self) -> str:
        """The instant as an entry says it."""
        return instant_text(self._now)

    def newest(self) -> tuple[int, str] | None:
        """The number and the hash of the newest entry; None if there is none."""
        row = self._connection.execute(
            select(_a.seq, _a.hash).order_by(_a.seq.desc()).limit(1)
        ).one_or_none()
        return None if row is None else (row[0], row[1])

    def hash_of(self, seq: int) -> str | None:
        """The hash of the entry of that number; None if there is none."""
        found: str | None = self._connection.execute(
            select(_a.hash).where(_a.seq == seq)
        ).scalar_one_or_none()
        return found

    def add(self, row: AuditRow) -> None:
        """Keeps an entry, for ever."""
        self._connection.execute(insert(audit_trail), msgspec.structs.asdict(row))

    def page(
        self, *, before: int | None, limit: int, actor: str | None = None
    ) -> Sequence[AuditRow]:
        """Up to `limit` entries, newest first, before the one of that number."""
        statement = select(*_COLUMNS).order_by(_a.seq.desc()).limit(limit)
        if before is not None:
            statement = statement.where(_a.seq < before)
        if actor is not None:
            statement = statement.where(_a.actor == actor)
        return [_row(row) for row in self._connection.execute(statement)]

    def all(self) -> Iterator[AuditRow]:
        """Every entry, oldest first."""
        for row in self._connection.execute(select(*_COLUMNS).order_by(_a.seq)):
            yield _row(row)

    def count(self) -> int:
        """How many entries there are."""
        return self._connection.execute(select(func.count()).select_from(audit_trail)).scalar_one()


def _row(row: Sequence[Any]) -> AuditRow:
    """The entry; what somebody put there in place of a text is told as it is, and fits no hash."""
    seq, *rest = row
    texts = [each if isinstance(each, str) else repr(each) for each in rest]
    return AuditRow(seq=seq, **dict(zip(AuditRow.__struct_fields__[1:], texts, strict=True)))
