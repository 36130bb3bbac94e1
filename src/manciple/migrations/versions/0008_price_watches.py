"""Watched prices, and what was told about them."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables of watches and alerts."""
    op.create_table(
        "price_watches",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("below_cents", sa.Integer(), nullable=True),
        sa.Column("drop_percent", sa.Integer(), nullable=True),
        sa.Column("back_in_stock", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("memory", sa.Text(), server_default="{}", nullable=False),
        sa.Column("tried_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "priority BETWEEN 0 AND 9", name=op.f("ck_price_watches_priority_is_a_digit")
        ),
        sa.CheckConstraint("below_cents > 0", name=op.f("ck_price_watches_threshold_is_positive")),
        sa.CheckConstraint(
            "drop_percent BETWEEN 1 AND 99", name=op.f("ck_price_watches_drop_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["walmart_products.product_id"],
            name=op.f("fk_price_watches_product_id_walmart_products"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_price_watches_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "product_id", name=op.f("pk_price_watches")),
    )
    op.create_index("ix_price_watches_product_id", "price_watches", ["product_id"])
    op.create_table(
        "price_alerts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=True),
        sa.Column("before_cents", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("store", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "(price_cents IS NULL) = (source IS NULL)",
            name=op.f("ck_price_alerts_price_has_a_source"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_price_alerts_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_alerts")),
        sa.UniqueConstraint(
            "user_id",
            "product_id",
            "kind",
            "at",
            name=op.f("uq_price_alerts_user_id_product_id_kind_at"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_price_alerts_user_id", "price_alerts", ["user_id", "id"])
