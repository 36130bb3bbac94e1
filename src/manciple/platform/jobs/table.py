"""The table of jobs and the table of schedules."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text, text

from manciple.platform.db.tables import Instant, metadata

# SQLite keeps an entry even for no key at all, and most jobs have none.
_LIVE = text("unique_key IS NOT NULL AND state IN ('waiting', 'running')")
_WAITING = text("state = 'waiting'")
_RUNNING = text("state = 'running'")

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("queue", String(60), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("payload", Text, nullable=False),
    Column("tenant", String(64), nullable=False, server_default=""),
    Column("unique_key", String(200)),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("state", String(10), nullable=False),
    Column("run_at", Instant, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("max_attempts", Integer, nullable=False),
    Column("worker", String(80)),
    Column("leased_until", Instant),
    Column("is_cancel_wanted", Integer, nullable=False, server_default="0"),
    Column("progress_thousandths", Integer, nullable=False, server_default="0"),
    Column("progress_note", Text),
    Column("result", Text),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    CheckConstraint(
        "state IN ('waiting', 'running', 'done', 'dead', 'canceled')", name="known_state"
    ),
    CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name="running_has_worker"),
    # The next job of a tenant is the first entry of its part of this index.
    Index(
        "ix_jobs_next",
        "queue",
        "tenant",
        text("priority DESC"),
        "run_at",
        "id",
        # Their step says the same for PostgreSQL; said here it would load that driver everywhere.
        sqlite_where=_WAITING,
    ),
    Index(
        "uq_jobs_unique_key",
        "queue",
        "unique_key",
        unique=True,
        sqlite_where=_LIVE,
    ),
    # Few jobs run at a time: this counts them by tenant, and finds the leases that ran out.
    Index(
        "ix_jobs_running",
        "queue",
        "tenant",
        "leased_until",
        sqlite_where=_RUNNING,
    ),
    Index("ix_jobs_history", "queue", "tenant", "id"),
    sqlite_autoincrement=True,
)

schedules = Table(
    "job_schedules",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("queue", String(60), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("payload", Text, nullable=False),
    Column("cron", String(60), nullable=False),
    Column("next_at", Instant, nullable=False),
)

duties = Table(
    "duties",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("until_at", Instant, nullable=False),
)
