"""The durable queue inside one transaction: keeping, leasing and ending jobs.

Adding a job in the transaction of the change that asks for it keeps both or neither. Every end of
a job names the worker that holds it, so a worker whose lease ran out changes nothing any more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from manciple.kit.errors import InvalidInput
from manciple.platform.db.tables import Instant
from manciple.platform.jobs.job import MAX_PAYLOAD_BYTES, Job, NewJob, State
from manciple.platform.jobs.table import jobs
from manciple.platform.jobs.turns import Candidate, take_turns

# Tenants that are looked at for one lease; the rest wait for the next.
_MAX_TENANTS = 200

_LEASED = (
    jobs.c.id,
    jobs.c.queue,
    jobs.c.kind,
    jobs.c.payload,
    jobs.c.tenant,
    jobs.c.priority,
    jobs.c.attempt,
    jobs.c.max_attempts,
    jobs.c.worker,
    jobs.c.created_at,
)
# Written into the statement, so that the partial index over waiting jobs applies.
_WAITING = literal("waiting", literal_execute=True)
_INSERT = insert(jobs).returning(jobs.c.id, sort_by_parameter_order=True)
# Jumps from tenant to tenant through the index instead of reading every waiting job.
_TENANTS = text(
    """
    WITH RECURSIVE seen(tenant) AS (
      SELECT min(tenant) FROM jobs WHERE queue = :queue AND state = 'waiting'
      UNION ALL
      SELECT (SELECT min(tenant) FROM jobs
              WHERE queue = :queue AND state = 'waiting' AND tenant > seen.tenant)
      FROM seen WHERE seen.tenant IS NOT NULL
    )
    SELECT tenant FROM seen WHERE tenant IS NOT NULL LIMIT :most
    """
)


class Queue:
    """Jobs inside one transaction, at the one instant `now`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        # Inside of functions a bare value would lose the type that keeps its zone.
        self._instant = literal(now, Instant())

    def add(self, new: NewJob) -> int:
        """The id of the job: a new one, or that of the live job with the same unique key.

        Raises:
            InvalidInput: the payload is too large.
        """
        return self.add_many([new])[0]

    def add_many(self, news: Sequence[NewJob]) -> list[int]:
        """The ids of the jobs, in the order given.

        Raises:
            InvalidInput: a payload is too large.
        """
        if any(new.unique_key is not None for new in news):
            return [self._live(new) or self._insert([new])[0] for new in news]
        return self._insert(news) if news else []

    def lease(
        self, queue: str, worker: str, *, most: int, lease_s: float, at_once: int | None = None
    ) -> list[Job]:
        """Up to `most` jobs that `worker` holds from now on for `lease_s` seconds.

        `at_once` bounds how many jobs of the queue run at one time over all workers.
        """
        if at_once is not None:
            most = min(most, at_once - sum(self._running(queue).values()))
        if most <= 0:
            return []
        ids = self._next_ids(queue, most)
        if not ids:
            return []
        values = {
            "ids": ids,
            "holder": worker,
            "until": self._later(lease_s),
            "now": self._now,
        }
        leased = {row[0]: _job(row) for row in self._connection.execute(_LEASE, values)}
        return [leased[id_] for id_ in ids if id_ in leased]

    def renew(self, worker: str, ids: Iterable[int], *, lease_s: float) -> dict[int, bool]:
        """Which of the jobs the worker still holds, each with whether its end is wanted."""
        statement = (
            update(jobs)
            .where(jobs.c.id.in_(list(ids)), jobs.c.worker == worker)
            .values(leased_until=self._later(lease_s))
            .returning(jobs.c.id, jobs.c.is_cancel_wanted)
        )
        return {id_: bool(wanted) for id_, wanted in self._connection.execute(statement)}

    def report(self, job: Job, progress_thousandths: int, note: str | None) -> bool:
        """Keeps how far a job is; False if the worker does not hold it any more."""
        return self._set(
            job, progress_thousandths=max(0, min(progress_thousandths, 1000)), progress_note=note
        )

    def finish(self, job: Job, result: Any = None) -> bool:
        """Ends a job well; False if the worker does not hold it any more."""
        ended = self._connection.execute(_FINISH, self._well(job, result))
        return ended.rowcount == 1

    def finish_many(self, ended: Sequence[tuple[Job, Any]]) -> None:
        """Ends jobs well with their results; those that the worker lost stay as they are."""
        if ended:
            self._connection.execute(_FINISH, [self._well(job, value) for job, value in ended])

    def fail(self, job: Job, error: str, *, retry_s: float | None) -> bool:
        """Ends an attempt badly: tried again in `retry_s` seconds, dead where that is None."""
        if retry_s is None:
            ending = {"state": State.DEAD, "ended_at": self._now}
        else:
            ending = {"state": State.WAITING, "run_at": self._later(retry_s)}
        return self._set(job, worker=None, leased_until=None, error=error[:2000], **ending)

    def release(self, job: Job, *, is_canceled: bool) -> bool:
        """Gives a job back unharmed, or ends it as canceled; the attempt does not count."""
        state = State.CANCELED if is_canceled else State.WAITING
        return self._set(
            job,
            state=state,
            worker=None,
            leased_until=None,
            attempt=job.attempt - 1,
            ended_at=self._now if is_canceled else None,
        )

    def expire(self) -> int:
        """Returns the jobs whose lease ran out; how many there were.

        The attempt counts: a job that kills its worker is dead after its last attempt.
        """
        is_spent = jobs.c.attempt >= jobs.c.max_attempts
        statement = (
            update(jobs)
            .where(jobs.c.state == State.RUNNING, jobs.c.leased_until < self._now)
            .values(
                state=case(
                    (jobs.c.is_cancel_wanted == 1, State.CANCELED.value),
                    (is_spent, State.DEAD.value),
                    else_=State.WAITING.value,
                ),
                ended_at=case((or_(is_spent, jobs.c.is_cancel_wanted == 1), self._instant)),
                error="the worker went away",
                worker=None,
                leased_until=None,
            )
        )
        return self._connection.execute(statement).rowcount

    def has_ready(self, queue: str) -> bool:
        """Whether a job of the queue may start now."""
        ready = exists().where(
            jobs.c.queue == queue, jobs.c.state == _WAITING, jobs.c.run_at <= self._now
        )
        return bool(self._connection.execute(select(ready)).scalar())

    def _live(self, new: NewJob) -> int | None:
        if new.unique_key is None:
            return None
        statement = select(jobs.c.id).where(
            jobs.c.queue == new.queue,
            jobs.c.unique_key == new.unique_key,
            jobs.c.state.in_((State.WAITING, State.RUNNING)),
        )
        found: int | None = self._connection.execute(statement).scalar()
        return found

    def _insert(self, news: Sequence[NewJob]) -> list[int]:
        rows = [
            {
                "queue": new.queue,
                "kind": new.kind,
                "payload": _encoded(new.payload),
                "tenant": new.tenant,
                "unique_key": new.unique_key,
                "priority": new.priority,
                "state": State.WAITING.value,
                "run_at": self._later(new.delay_s),
                "max_attempts": new.max_attempts,
                "created_at": self._now,
            }
            for new in news
        ]
        return list(self._connection.execute(_INSERT, rows).scalars())

    def _next_ids(self, queue: str, most: int) -> list[int]:
        """The next jobs in the order of their turns; with one tenant they stand in it already."""
        tenants = self._connection.execute(_TENANTS, {"queue": queue, "most": _MAX_TENANTS})
        names = [tenant for (tenant,) in tenants.all()]
        found: list[Candidate] = []
        for tenant in names:
            wanted = {"queue": queue, "tenant": tenant, "now": self._now, "most": most}
            found += (Candidate(*row) for row in self._connection.execute(_NEXT, wanted))
        if len(names) == 1:
            return [one.id for one in found]
        return take_turns(found, self._running(queue), limit=most)

    def _running(self, queue: str) -> dict[str, int]:
        rows = self._connection.execute(_RUNNING, {"queue": queue})
        return {row.tenant: row.running for row in rows}

    def _set(self, job: Job, **values: Any) -> bool:
        held = and_(jobs.c.id == job.id, jobs.c.worker == job.worker, jobs.c.state == State.RUNNING)
        return self._connection.execute(update(jobs).where(held).values(**values)).rowcount == 1

    def _well(self, job: Job, result: Any) -> dict[str, Any]:
        return {"job": job.id, "holder": job.worker, "said": _encoded(result), "at": self._now}

    def _later(self, delay_s: float) -> datetime:
        return self._now + timedelta(seconds=delay_s)


_LEASE = (
    update(jobs)
    .where(jobs.c.id.in_(bindparam("ids", expanding=True)), jobs.c.state == State.WAITING)
    .values(
        state=State.RUNNING,
        worker=bindparam("holder"),
        leased_until=bindparam("until", type_=Instant()),
        attempt=jobs.c.attempt + 1,
        # Inside of a function a bare value would lose the type that keeps its zone.
        started_at=func.coalesce(jobs.c.started_at, bindparam("now", type_=Instant())),
    )
    .returning(*_LEASED)
)
_RUNNING = (
    select(jobs.c.tenant, func.count().label("running"))
    .where(jobs.c.queue == bindparam("queue"), jobs.c.state == State.RUNNING)
    .group_by(jobs.c.tenant)
)
_FINISH = (
    update(jobs)
    .where(
        jobs.c.id == bindparam("job"),
        jobs.c.worker == bindparam("holder"),
        jobs.c.state == State.RUNNING,
    )
    .values(
        state=State.DONE,
        worker=None,
        leased_until=None,
        ended_at=bindparam("at", type_=jobs.c.ended_at.type),
        result=bindparam("said"),
        progress_thousandths=1000,
        error=None,
    )
)
_NEXT = (
    select(jobs.c.id, jobs.c.tenant, jobs.c.priority, jobs.c.run_at)
    .where(
        jobs.c.queue == bindparam("queue"),
        jobs.c.tenant == bindparam("tenant"),
        jobs.c.state == _WAITING,
        jobs.c.run_at <= bindparam("now"),
    )
    .order_by(jobs.c.priority.desc(), jobs.c.run_at, jobs.c.id)
    .limit(bindparam("most"))
)


def _encoded(value: Any) -> str:
    body = msgspec.json.encode(value)
    if len(body) > MAX_PAYLOAD_BYTES:
        raise InvalidInput.at("payload", f"larger than {MAX_PAYLOAD_BYTES} bytes")
    return body.decode()


def _job(row: Any) -> Job:
    id_, queue, kind, payload, *rest = row
    return Job(id_, queue, kind, payload.encode(), *rest)
