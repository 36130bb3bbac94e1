"""Duties that one process of a house does at a time, however many instances a service has.

Whoever does one holds a lease on it; one that dies is followed when its lease is over.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_

from manciple.platform.db.upsert import insert_or
from manciple.platform.jobs.table import duties


def take_duty(
    connection: Connection, name: str, *, holder: str, now: datetime, for_s: float
) -> bool:
    """Whether `holder` does the duty for the next `for_s` seconds: nobody else holds it."""
    values = {"holder": holder, "until_at": now + timedelta(seconds=for_s)}
    statement = (
        insert_or(connection, duties)
        .values(name=name, **values)
        .on_conflict_do_update(
            index_elements=["name"],
            set_=values,
            where=or_(
                duties.c.holder == holder,
                duties.c.until_at <= now,
                # Longer than anybody takes it for: the clock was set back meanwhile.
                duties.c.until_at > values["until_at"],
            ),
        )
        .returning(duties.c.holder)
    )
    return connection.execute(statement).scalar() == holder
