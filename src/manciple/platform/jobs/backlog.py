"""How much work lies in each queue, whoever it is for."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from manciple.platform.jobs.job import State
from manciple.platform.jobs.table import jobs

_LIVE = (State.WAITING, State.RUNNING, State.DEAD)


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """One queue. The next waiting job could have begun `oldest_s` ago; 0 where none is late."""

    queue: str
    waiting: int = 0
    running: int = 0
    dead: int = 0
    oldest_s: float = 0.0


def backlogs(connection: Connection, now: datetime) -> tuple[Backlog, ...]:
    """Every queue in which anything waits, runs or is dead, by name."""
    statement = (
        select(jobs.c.queue, jobs.c.state, func.count(), func.min(jobs.c.run_at))
        .where(jobs.c.state.in_(_LIVE))
        .group_by(jobs.c.queue, jobs.c.state)
    )
    found: dict[str, dict[str, float]] = {}
    for queue, state, count, first_at in connection.execute(statement):
        figures = found.setdefault(queue, {})
        figures[state] = count
        if state == State.WAITING:
            figures["oldest_s"] = max(0.0, (now - first_at).total_seconds())
    return tuple(
        Backlog(
            queue=queue,
            waiting=int(figures.get(State.WAITING, 0)),
            running=int(figures.get(State.RUNNING, 0)),
            dead=int(figures.get(State.DEAD, 0)),
            oldest_s=figures.get("oldest_s", 0.0),
        )
        for queue, figures in sorted(found.items())
    )
