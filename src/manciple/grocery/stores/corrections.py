"""Corrections, remembered by household."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from manciple.grocery.domain.corrections import MAX_CORRECTIONS, Correction
from manciple.grocery.stores.schema_agent import corrections
from manciple.grocery.stores.users import Users
from manciple.platform.db.upsert import insert_or

_c = corrections.c


class Corrections:
    """The corrections inside one transaction, shared by everybody of a household."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, user_id: str) -> Sequence[Correction]:
        """All of the person's household, the newest first."""
        statement = (
            select(_c.phrase, _c.meant, _c.product_id, _c.brand, _c.times, _c.updated_at)
            .where(_c.scope == self._scope(user_id))
            .order_by(_c.updated_at.desc(), _c.phrase)
            .limit(MAX_CORRECTIONS)
        )
        return [
            Correction(
                phrase=row.phrase,
                meant=row.meant,
                product_id=row.product_id,
                brand=row.brand,
                times=row.times,
                updated_at=row.updated_at,
            )
            for row in self._connection.execute(statement)
        ]

    def keep(
        self, user_id: str, phrase: str, *, meant: str, product_id: str | None, brand: str | None
    ) -> None:
        """Keeps what is meant by a phrase, in place of what was before."""
        scope = self._scope(user_id)
        told = {"meant": meant, "product_id": product_id, "brand": brand, "updated_at": self._now}
        statement = insert_or(self._connection, corrections).values(
            scope=scope, phrase=phrase, times=1, **told
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["scope", "phrase"], set_={**told, "times": _c.times + 1}
            )
        )
        oldest = (
            select(_c.phrase)
            .where(_c.scope == scope)
            .order_by(_c.updated_at.desc())
            .offset(MAX_CORRECTIONS)
        )
        self._connection.execute(
            delete(corrections).where(_c.scope == scope, _c.phrase.in_(oldest))
        )

    def forget(self, user_id: str, phrase: str | None) -> int:
        """Forgets what a phrase means, all phrases where it is None; how many there were."""
        statement = delete(corrections).where(_c.scope == self._scope(user_id))
        if phrase is not None:
            statement = statement.where(_c.phrase == phrase)
        return self._connection.execute(statement).rowcount

    def _scope(self, user_id: str) -> str:
        households = Users(self._connection, self._now).household_ids(user_id)
        return households[0] if households else user_id
