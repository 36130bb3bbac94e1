"""Calls that a client may repeat without their being done twice, by its keys."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select, update

from manciple.grocery.stores.schema_security import idempotency_keys
from manciple.platform.db.upsert import insert_or

_k = idempotency_keys.c


class KeptCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it was first made; `answer` is None while it runs."""

    route: str
    body_hash: str
    answer: str | None


class Idempotency:
    """Kept calls inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def claim(self, user_id: str, key: str, *, route: str, body_hash: str) -> KeptCall | None:
        """None if the key is new, and now taken; else the call that was made with it before."""
        statement = insert_or(self._connection, idempotency_keys).values(
            user_id=user_id, key=key, route=route, body_hash=body_hash, created_at=self._now
        )
        if self._connection.execute(statement.on_conflict_do_nothing()).rowcount == 1:
            return None
        row = self._connection.execute(
            select(_k.route, _k.body_hash, _k.answer).where(_k.user_id == user_id, _k.key == key)
        ).one()
        return KeptCall(route=row[0], body_hash=row[1], answer=row[2])

    def keep(self, user_id: str, key: str, answer: str) -> None:
        """Keeps what a call answered."""
        self._connection.execute(
            update(idempotency_keys)
            .where(_k.user_id == user_id, _k.key == key)
            .values(answer=answer)
        )

    def release(self, user_id: str, key: str) -> None:
        """Forgets a call that failed and changed nothing."""
        self._connection.execute(
            delete(idempotency_keys).where(_k.user_id == user_id, _k.key == key)
        )

    def forget_before(self, at: datetime) -> None:
        """Forgets what is too old to be repeated."""
        self._connection.execute(delete(idempotency_keys).where(_k.created_at < at))
