"""Which trace a job or an event belongs to, kept beside them while traces are recorded.

A table of its own: where nobody records, jobs and events cost nothing more.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, select

from manciple.kit import trace_context, tracing
from manciple.platform.db.tables import Instant, metadata

Subject = Literal["job", "event"]

# Whoever records looks within minutes; a job that waits longer begins a trace of its own.
_KEPT = timedelta(days=1)

trace_links = Table(
    "trace_links",
    metadata,
    Column("subject", String(10), primary_key=True),
    Column("subject_id", Integer, primary_key=True, autoincrement=False),
    Column("traceparent", String(55), nullable=False),
    Column("at", Instant, nullable=False, index=True),
)


def link(connection: Connection, subject: Subject, ids: Iterable[int], *, at: datetime) -> None:
    """Keeps the trace of the work under way for what it has just made, if there is one."""
    traceparent = trace_context.carried()
    if traceparent is None or not tracing.is_on():
        return
    connection.execute(delete(trace_links).where(trace_links.c.at < at - _KEPT))
    rows = [
        {"subject": subject, "subject_id": id_, "traceparent": traceparent, "at": at} for id_ in ids
    ]
    connection.execute(insert(trace_links).prefix_with("OR REPLACE"), rows)


def traces_of(connection: Connection, subject: Subject, ids: Iterable[int]) -> Mapping[int, str]:
    """The `traceparent` of each that has one."""
    wanted = select(trace_links.c.subject_id, trace_links.c.traceparent).where(
        trace_links.c.subject == subject, trace_links.c.subject_id.in_(list(ids))
    )
    return {row.subject_id: row.traceparent for row in connection.execute(wanted)}
