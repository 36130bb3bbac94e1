"""The durable queue inside one transaction: keeping, leasing and ending jobs.

Adding a job in the transaction of the change that asks for it keeps both or neither. Every end of
a job names the worker that holds it, so a worker whose lease ran out changes nothing any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, CursorResult, and_, update

from manciple.kit.errors import InvalidInput
from manciple.platform.db.tables import instant_text
from manciple.platform.db.trace_links import link
from manciple.platform.jobs import statements
from manciple.platform.jobs.job import MAX_PAYLOAD_BYTES, Job, NewJob, State
from manciple.platform.jobs.table import jobs
from manciple.platform.jobs.turns import Candidate, take_turns

# Tenants that are looked at for one lease; the rest wait for the next.
_MAX_TENANTS = 200

# As `statements.READ` gives them.
_Read = tuple[int, str, str, str, str, int, int, int, datetime]
_READ = msgspec.json.Decoder(list[_Read])


class Queue:
    """Jobs inside one transaction, at the one instant `now`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._now_text = instant_text(now)

    def add(self, new: NewJob) -> int:
        """The id of the job: a new one, or that of the live job with the same unique key.

        Raises:
            InvalidInput: the payload is too large, or a name has a NUL character.
        """
        return self.add_many([new])[0]

    def add_many(self, news: Sequence[NewJob]) -> list[int]:
        """The ids of the jobs, in the order given.

        Raises:
            InvalidInput: a payload is too large, or a name has a NUL character.
        """
        for new in news:
            _refuse_nul(new)
        if any(new.unique_key is not None for new in news):
            return [self._live(new) or self._insert([new])[0] for new in news]
        return self._insert(news) if news else []

    def live(self, queue: str, unique_key: str) -> tuple[int, bytes] | None:
        """The id and the payload of the job with that key which waits or runs; None for none."""
        wanted = {"queue": queue, "unique_key": unique_key}
        row = self._do(statements.LIVE, wanted).mappings().one_or_none()
        return None if row is None else (row["id"], row["payload"])

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
        rows = self._next(queue, most)
        if rows:
            ids = _json([row[0] for row in rows])
            until = self._later_text(lease_s)
            self._do(statements.LEASE, {"ids": ids, "worker": worker, "until": until, **self._at})
        return [_job(row, worker) for row in rows]

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
        return self.finish_many([(job, result)]) == 1

    def finish_many(self, ended: Sequence[tuple[Job, Any]]) -> int:
        """Ends jobs well with their results; how many, for those that were lost stay as they are.

        Raises:
            InvalidInput: a result is too large.
        """
        if not ended:
            return 0
        rows = [(job.id, job.worker, _encoded(result)) for job, result in ended]
        return self._do(statements.FINISH, {"rows": _json(rows), **self._at}).rowcount

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
        return self._do(statements.EXPIRE, self._at).rowcount

    def has_ready(self, queue: str) -> bool:
        """Whether a job of the queue may start now."""
        return bool(self._do(statements.HAS_READY, {"queue": queue, **self._at}).scalar_one())

    @property
    def _at(self) -> dict[str, str]:
        return {"now": self._now_text}

    def _do(self, statement: str, values: Mapping[str, Any]) -> CursorResult[Any]:
        return self._connection.exec_driver_sql(statement, dict(values))

    def _live(self, new: NewJob) -> int | None:
        if new.unique_key is None:
            return None
        found = self.live(new.queue, new.unique_key)
        return None if found is None else found[0]

    def _insert(self, news: Sequence[NewJob]) -> list[int]:
        rows = [
            (
                new.queue,
                new.kind,
                _encoded(new.payload),
                new.tenant,
                new.unique_key,
                new.priority,
                self._later_text(new.delay_s),
                new.max_attempts,
            )
            for new in news
        ]
        # Ids only ever grow by one, and nobody else writes within this transaction.
        last = self._do(statements.INSERT, {"rows": _json(rows), **self._at}).lastrowid
        ids = list(range(last - len(rows) + 1, last + 1))
        link(self._connection, "job", ids, at=self._now)
        return ids

    def _next(self, queue: str, most: int) -> list[_Read]:
        """The next jobs in the order in which they should start."""
        tenants = self._do(statements.TENANTS, {"queue": queue, "most": _MAX_TENANTS})
        names = [tenant for (tenant,) in tenants.all()]
        wanted = [{"queue": queue, "tenant": name, "most": most, **self._at} for name in names]
        if len(wanted) == 1:
            return self._read(statements.READ_NEXT_OF_ONE, wanted[0])
        found = [Candidate._make(row) for one in wanted for row in self._do(statements.NEXT, one)]
        if not found:
            return []
        ids = take_turns(found, self._running(queue), limit=most)
        rows = {row[0]: row for row in self._read(statements.READ, {"ids": _json(ids)})}
        return [rows[id_] for id_ in ids]

    def _read(self, statement: str, values: Mapping[str, Any]) -> list[_Read]:
        return _READ.decode(self._do(statement, values).scalar_one())

    def _running(self, queue: str) -> dict[str, int]:
        rows = self._do(statements.RUNNING, {"queue": queue})
        return {row.tenant: row.running for row in rows}

    def _set(self, job: Job, **values: Any) -> bool:
        held = and_(jobs.c.id == job.id, jobs.c.worker == job.worker, jobs.c.state == State.RUNNING)
        return self._connection.execute(update(jobs).where(held).values(**values)).rowcount == 1

    def _later(self, delay_s: float) -> datetime:
        return self._now + timedelta(seconds=delay_s)

    def _later_text(self, delay_s: float) -> str:
        return instant_text(self._later(delay_s)) if delay_s else self._now_text


def _refuse_nul(new: NewJob) -> None:
    """Rows travel as JSON text, of which SQLite cuts off what follows a NUL."""
    for field in ("queue", "kind", "tenant", "unique_key"):
        if "\0" in (getattr(new, field) or ""):
            raise InvalidInput.at(field, "must not contain a NUL character")


def _encoded(value: Any) -> str:
    body = msgspec.json.encode(value)
    if len(body) > MAX_PAYLOAD_BYTES:
        raise InvalidInput.at("payload", f"larger than {MAX_PAYLOAD_BYTES} bytes")
    return body.decode()


def _json(rows: Sequence[Any]) -> str:
    return msgspec.json.encode(rows).decode()


def _job(row: _Read, worker: str) -> Job:
    id_, queue, kind, payload, tenant, priority, attempt, max_attempts, created_at = row
    body = payload.encode()
    return Job(id_, queue, kind, body, tenant, priority, attempt, max_attempts, worker, created_at)
