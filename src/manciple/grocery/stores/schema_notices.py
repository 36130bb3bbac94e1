"""The tables of notifications: where people are told, when not, and up to where news were read."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from manciple.platform.db.tables import SECRET, Instant, metadata

notification_targets = Table(
    "notification_targets",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("url", Text, nullable=False, info=SECRET),
    # A JSON array.
    Column("kinds", Text, nullable=False),
    Column("last_told_at", Instant),
    Column("last_problem", String(200)),
    Column("created_at", Instant, nullable=False),
    Index("ix_notification_targets_user_id", "user_id"),
)

quiet_hours = Table(
    "quiet_hours",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("time_zone", String(64), nullable=False),
    Column("from_minute", Integer, nullable=False),
    Column("until_minute", Integer, nullable=False),
    CheckConstraint("from_minute BETWEEN 0 AND 1439", name="from_is_a_minute"),
    CheckConstraint("until_minute BETWEEN 0 AND 1439", name="until_is_a_minute"),
)

# How far those who follow the outbox have come.
outbox_readers = Table(
    "outbox_readers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
)

# Crossed envelopes that were told, until there is room in them again.
budget_crossings = Table(
    "budget_crossings",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("category", String(100), primary_key=True),
    Column("told_at", Instant, nullable=False),
)
