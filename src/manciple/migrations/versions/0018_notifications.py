"""Notifications, quiet hours, how far the news were read, and budgets whose crossing was told."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _of_a_user(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id_users")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "notification_targets",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("last_told_at", Instant(), nullable=True),
        sa.Column("last_problem", sa.String(length=200), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        _of_a_user("notification_targets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_targets")),
    )
    op.create_index("ix_notification_targets_user_id", "notification_targets", ["user_id"])
    op.create_table(
        "quiet_hours",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_minute BETWEEN 0 AND 1439", name=op.f("ck_quiet_hours_from_is_a_minute")
        ),
        sa.CheckConstraint(
            "until_minute BETWEEN 0 AND 1439", name=op.f("ck_quiet_hours_until_is_a_minute")
        ),
        _of_a_user("quiet_hours"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_quiet_hours")),
    )
    op.create_table(
        "outbox_readers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_outbox_readers")),
    )
    op.create_table(
        "budget_crossings",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        _of_a_user("budget_crossings"),
        sa.PrimaryKeyConstraint("user_id", "month", "category", name=op.f("pk_budget_crossings")),
    )
