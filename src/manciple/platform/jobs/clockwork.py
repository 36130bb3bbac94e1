"""Schedules: jobs that are added again and again by a cron expression."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from cronsim import CronSim, CronSimError
from sqlalchemy import Connection, delete, insert, select, update

from manciple.kit.errors import InvalidInput
from manciple.platform.jobs.job import NewJob
from manciple.platform.jobs.queue import Queue
from manciple.platform.jobs.table import schedules


class Clockwork:
    """Schedules inside one transaction, at the one instant `now`; cron is read in UTC."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def keep(self, name: str, cron: str, *, queue: str, kind: str, payload: Any = None) -> None:
        """Sets or changes the schedule `name`; one that stays as it was keeps its next time.

        Raises:
            InvalidInput: it is no cron expression of five fields.
        """
        row = {
            "queue": queue,
            "kind": kind,
            "payload": msgspec.json.encode(payload).decode(),
            "cron": cron,
            "next_at": _after(cron, self._now),
        }
        known = self._connection.execute(
            select(schedules.c.cron).where(schedules.c.name == name)
        ).scalar()
        if known is None:
            self._connection.execute(insert(schedules).values(name=name, **row))
            return
        if known == cron:
            del row["next_at"]
        self._connection.execute(update(schedules).where(schedules.c.name == name).values(**row))

    def drop(self, name: str) -> None:
        """Forgets the schedule `name`, if there is one."""
        self._connection.execute(delete(schedules).where(schedules.c.name == name))

    def strike(self) -> int:
        """Adds the job of every schedule whose time has come; how many there were.

        A schedule that was missed while nothing ran strikes once, and not once a missed time. A
        job that still waits or runs is not added a second time.
        """
        due = self._connection.execute(select(schedules).where(schedules.c.next_at <= self._now))
        rows = due.all()
        for row in rows:
            job = NewJob(
                queue=row.queue,
                kind=row.kind,
                payload=msgspec.Raw(row.payload.encode()),
                unique_key=f"schedule:{row.name}",
            )
            Queue(self._connection, self._now).add(job)
            self._connection.execute(
                update(schedules)
                .where(schedules.c.name == row.name)
                .values(next_at=_after(row.cron, self._now))
            )
        return len(rows)


def _after(cron: str, now: datetime) -> datetime:
    try:
        following: datetime = next(CronSim(cron, now.astimezone(UTC)))
    except (CronSimError, StopIteration) as error:
        raise InvalidInput.at("cron", f"{cron!r} is no time that ever comes") from error
    return following
