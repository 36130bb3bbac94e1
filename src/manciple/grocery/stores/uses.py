"""What people use, remembered as weights, so many of each kind and no more."""

import math
from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from manciple.grocery.domain.uses import UseKind, together
from manciple.grocery.stores.schema_uses import uses
from manciple.platform.db.upsert import insert_or

_u = uses.c


class Uses:
    """The uses inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, kind: UseKind, weights: Mapping[str, float]) -> None:
        """Adds to what is known of each key."""
        if not weights:
            return
        rows = self._connection.execute(
            select(_u.key, _u.weight).where(_u.kind == kind, _u.key.in_(list(weights)))
        )
        known = {row.key: row.weight for row in rows}
        values = [
            {"kind": kind.value, "key": key, "weight": together(known.get(key, -math.inf), added)}
            for key, added in weights.items()
        ]
        statement = insert_or(self._connection, uses)
        changed = {"weight": statement.excluded.weight}
        keyed = statement.on_conflict_do_update(index_elements=["kind", "key"], set_=changed)
        self._connection.execute(keyed, values)

    def keep_best(self, kind: UseKind, most: int) -> None:
        """Forgets all but the most used."""
        best = select(_u.key).where(_u.kind == kind).order_by(_u.weight.desc(), _u.key).limit(most)
        self._connection.execute(delete(uses).where(_u.kind == kind, _u.key.not_in(best)))

    def best(self, kind: UseKind, most: int) -> list[tuple[str, float]]:
        """The most used keys with their weights, the most used first."""
        statement = (
            select(_u.key, _u.weight)
            .where(_u.kind == kind)
            .order_by(_u.weight.desc(), _u.key)
            .limit(most)
        )
        return [(row.key, row.weight) for row in self._connection.execute(statement)]

    def forget(self) -> int:
        """Forgets everything; how much there was."""
        return self._connection.execute(delete(uses)).rowcount
