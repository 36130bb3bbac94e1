"""What people use, for the cache warmer; and duties that one process of a house does at a time."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds two tables."""
    op.create_table(
        "uses",
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.CheckConstraint("kind IN ('search', 'product')", name=op.f("ck_uses_kind_is_known")),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_uses")),
    )
    op.create_index(op.f("ix_uses_weight"), "uses", ["weight"])
    op.create_table(
        "duties",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("until_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duties")),
    )
