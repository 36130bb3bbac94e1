"""Which trace a job or an event belongs to, where traces are recorded."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "trace_links",
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("traceparent", sa.String(length=55), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "subject_id", name=op.f("pk_trace_links")),
    )
    op.create_index(op.f("ix_trace_links_at"), "trace_links", ["at"])
