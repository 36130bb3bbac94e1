"""The tables of webhooks and of what was sent to them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from manciple.platform.db.tables import SECRET, Instant, metadata

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("url", Text, nullable=False),
    Column("description", String(200), nullable=False, server_default=""),
    # A JSON array of topics and patterns.
    Column("channels", Text, nullable=False),
    Column("secret", String(120), nullable=False, info=SECRET),
    Column("old_secret", String(120), info=SECRET),
    Column("old_secret_until", Instant),
    # The last event of the outbox that was delivered or skipped.
    Column("position", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("failing_since", Instant),
    Column("next_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("disabled_reason", Text),
    # One process at a time sends to an endpoint.
    Column("leased_by", String(64)),
    Column("leased_until", Instant),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("attempts >= 0", name="attempts_are_counted"),
    CheckConstraint("(disabled_at IS NULL) = (disabled_reason IS NULL)", name="reason_is_given"),
    Index("ix_webhook_endpoints_user_id", "user_id"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("endpoint_id", ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(64), nullable=False),
    Column("event_id", Integer),
    Column("topic", String(100), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("status", Integer),
    Column("problem", String(200)),
    Column("answer", Text, nullable=False, server_default=""),
    Column("took_ms", Integer, nullable=False, server_default=text("0")),
    # Somebody asked for it once more; it goes before everything else.
    Column("is_wanted", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("last_at", Instant),
    CheckConstraint(
        "state IN ('waiting', 'delivered', 'failed', 'skipped')", name="state_is_known"
    ),
    UniqueConstraint("endpoint_id", "message_id"),
    Index("ix_webhook_deliveries_endpoint_id", "endpoint_id", "id"),
    sqlite_autoincrement=True,
)
