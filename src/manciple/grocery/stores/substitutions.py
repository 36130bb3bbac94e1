"""What households said to proposed substitutes, remembered."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from manciple.grocery.domain.substitution_wishes import Verdict
from manciple.grocery.stores.schema_lists import item_fallbacks, substitutions
from manciple.platform.db.upsert import insert_or

_c = substitutions.c
_SAME_SIZE = "same_size"


class Substitutions:
    """The verdicts inside one transaction; everything is one user's."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def verdicts(self, user_id: str, original_id: str) -> Mapping[str, Verdict]:
        """What the user said to each substitute for this product."""
        rows = self._connection.execute(
            select(_c.substitute_product_id, _c.verdict).where(
                _c.user_id == user_id,
                _c.original_product_id == original_id,
                _c.verdict.in_([verdict.value for verdict in Verdict]),
            )
        )
        return {product_id: Verdict(verdict) for product_id, verdict in rows}

    def say(
        self,
        user_id: str,
        verdict: Verdict,
        *,
        original_id: str,
        substitute_id: str,
        score: float,
        reason: str | None,
    ) -> None:
        """Keeps what the user says in place of what was said before.

        Raises:
            Conflict: one of the products or the user is unknown, or both products are one.
        """
        told_apart = f"{user_id}\x00{original_id}\x00{substitute_id}".encode()
        values = {
            "similarity_score": score,
            "reason": reason,
            "verdict": verdict.value,
            "created_at": self._now,
        }
        statement = insert_or(self._connection, substitutions).values(
            id=f"substitution_{hashlib.sha256(told_apart).hexdigest()[:32]}",
            user_id=user_id,
            original_product_id=original_id,
            substitute_product_id=substitute_id,
            **values,
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=values)
        )

    def same_size_only(self, item_id: str) -> bool:
        """Whether a substitute for this line of a list must have the same size."""
        found = self._connection.execute(
            select(item_fallbacks.c.rule).where(item_fallbacks.c.item_id == item_id)
        ).scalar_one_or_none()
        return found == _SAME_SIZE

    def keep_same_size(self, item_id: str, *, wanted: bool) -> None:
        """Keeps whether a substitute for a line must have the same size."""
        self._connection.execute(delete(item_fallbacks).where(item_fallbacks.c.item_id == item_id))
        if wanted:
            self._connection.execute(
                insert(item_fallbacks).values(item_id=item_id, rule=_SAME_SIZE)
            )

    def forget(self, user_id: str, *, original_id: str, substitute_id: str) -> bool:
        """Whether there was a verdict to take back; it is gone now."""
        done = self._connection.execute(
            delete(substitutions).where(
                _c.user_id == user_id,
                _c.original_product_id == original_id,
                _c.substitute_product_id == substitute_id,
            )
        )
        return done.rowcount > 0
