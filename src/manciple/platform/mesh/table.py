"""The table of instances: who runs, where it is reached, and until when that counts.

Leases are told by the clock that counts from the machine's start and that all its processes share,
never by the one on the wall: nobody can turn it. A lease that a start of the machine has outdated
begins in what is now the future, so it does not count.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Integer,
    String,
    Table,
    Text,
    text,
)

from manciple.platform.db.tables import Instant, metadata

instances = Table(
    "mesh_instances",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("service", String(60), nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    # When the process began, in seconds since 1970: a pid alone may belong to another by now.
    Column("started_s", Float, nullable=False),
    Column("phase", String(10), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("health_path", String(200), nullable=False),
    Column("is_leaking", Boolean, nullable=False, server_default=text("0")),
    Column("cpu_share", Float, nullable=False),
    Column("memory_bytes", BigInteger, nullable=False),
    Column("in_flight", Integer, nullable=False),
    Column("open_files", Integer, nullable=False),
    Column("loop_lag_s", Float, nullable=False),
    Column("response_s", Float),
    Column("since_at", Instant, nullable=False),
    Column("beat_s", Float, nullable=False),
    Column("until_s", Float, nullable=False),
    CheckConstraint(
        "phase IN ('starting', 'ready', 'draining', 'stopping')", name="phase_is_known"
    ),
)
