"""What people ask of the queue: where a job stands, its end, a replay, the figures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, literal, or_, select, update

from manciple.kit.errors import NotFound, Refused
from manciple.platform.jobs.job import JobStatus, State
from manciple.platform.jobs.table import jobs

_SHOWN = (
    jobs.c.id,
    jobs.c.queue,
    jobs.c.kind,
    jobs.c.tenant,
    jobs.c.state,
    jobs.c.attempt,
    jobs.c.max_attempts,
    jobs.c.progress_thousandths,
    jobs.c.progress_note,
    jobs.c.result,
    jobs.c.error,
    jobs.c.created_at,
    jobs.c.started_at,
    jobs.c.ended_at,
)
# Written into the statement, so that the partial index over waiting jobs applies.
_WAITING = literal("waiting", literal_execute=True)
_ENDED = (State.DONE, State.DEAD, State.CANCELED)


class Desk:
    """Questions about jobs inside one transaction; `tenant` None sees everybody's."""

    def __init__(self, connection: Connection, now: datetime, *, tenant: str | None) -> None:
        self._connection = connection
        self._now = now
        self._mine = jobs.c.tenant == tenant if tenant is not None else jobs.c.id.is_not(None)

    def status(self, job_id: int) -> JobStatus:
        """Where a job stands.

        Raises:
            NotFound: there is no such job, or it is somebody else's.
        """
        statement = select(*_SHOWN).where(jobs.c.id == job_id, self._mine)
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound("job", str(job_id))
        return _status(row)

    def position(self, job_id: int) -> int | None:
        """How many jobs of its queue start before a waiting job; None once it started.

        Raises:
            NotFound: there is no such job, or it is somebody else's.
        """
        if self.status(job_id).state is not State.WAITING:
            return None
        own = select(jobs.c.queue, jobs.c.priority, jobs.c.run_at).where(jobs.c.id == job_id)
        queue, priority, run_at = self._connection.execute(own).one()
        before = or_(
            jobs.c.priority > priority,
            and_(jobs.c.priority == priority, jobs.c.run_at < run_at),
            and_(jobs.c.priority == priority, jobs.c.run_at == run_at, jobs.c.id < job_id),
        )
        ahead = select(func.count()).where(jobs.c.queue == queue, jobs.c.state == _WAITING, before)
        return int(self._connection.execute(ahead).scalar_one())

    def cancel(self, job_id: int) -> JobStatus:
        """Ends a waiting job now and a running one at its next breath; an ended one stays.

        Raises:
            NotFound: there is no such job, or it is somebody else's.
        """
        self.status(job_id)
        one = update(jobs).where(jobs.c.id == job_id)
        self._connection.execute(
            one.where(jobs.c.state == State.WAITING).values(
                state=State.CANCELED, ended_at=self._now
            )
        )
        self._connection.execute(
            one.where(jobs.c.state == State.RUNNING).values(is_cancel_wanted=1)
        )
        return self.status(job_id)

    def replay(self, job_id: int) -> JobStatus:
        """Gives a dead job all its attempts again.

        Raises:
            NotFound: there is no such job, or it is somebody else's.
            Refused: the job is not dead.
        """
        if self.status(job_id).state is not State.DEAD:
            raise Refused("Only a dead job can be replayed")
        again: dict[str, Any] = {"state": State.WAITING, "attempt": 0, "run_at": self._now}
        statement = update(jobs).where(jobs.c.id == job_id).values(**again, ended_at=None)
        self._connection.execute(statement)
        return self.status(job_id)

    def history(self, queue: str, *, most: int, before: int | None = None) -> Sequence[JobStatus]:
        """The newest jobs of a queue, newest first; those older than the id `before` if given."""
        return self._newest(jobs.c.queue == queue, most=most, before=before)

    def dead(self, *, queue: str | None, most: int, before: int | None) -> Sequence[JobStatus]:
        """Dead jobs of one queue or of all, newest first; older than the id `before` if given."""
        wanted = jobs.c.state == State.DEAD
        if queue is not None:
            wanted = and_(wanted, jobs.c.queue == queue)
        return self._newest(wanted, most=most, before=before)

    def _newest(
        self, wanted: ColumnElement[bool], *, most: int, before: int | None
    ) -> Sequence[JobStatus]:
        statement = select(*_SHOWN).where(wanted, self._mine)
        if before is not None:
            statement = statement.where(jobs.c.id < before)
        rows = self._connection.execute(statement.order_by(jobs.c.id.desc()).limit(most))
        return [_status(row) for row in rows]

    def counts(self, queue: str) -> dict[State, int]:
        """How many jobs of a queue are in each state; every state is named."""
        statement = (
            select(jobs.c.state, func.count())
            .where(jobs.c.queue == queue, self._mine)
            .group_by(jobs.c.state)
        )
        found = {State(state): count for state, count in self._connection.execute(statement)}
        return {state: found.get(state, 0) for state in State}

    def forget_mine(self) -> int:
        """Deletes every job that this desk sees, waiting and running ones too; how many."""
        return self._connection.execute(delete(jobs).where(self._mine)).rowcount

    def forget(self, *, ended_before: datetime, most: int) -> int:
        """Deletes up to `most` jobs that ended before an instant; how many there were."""
        old = (
            select(jobs.c.id)
            .where(jobs.c.state.in_(_ENDED), jobs.c.ended_at < ended_before, self._mine)
            .limit(most)
        )
        return self._connection.execute(delete(jobs).where(jobs.c.id.in_(old))).rowcount


def _status(row: Any) -> JobStatus:
    return JobStatus(
        id=row.id,
        queue=row.queue,
        kind=row.kind,
        tenant=row.tenant,
        state=State(row.state),
        attempt=row.attempt,
        max_attempts=row.max_attempts,
        progress_thousandths=row.progress_thousandths,
        progress_note=row.progress_note,
        result=row.result.encode() if row.result is not None else None,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
