"""Prices by the day, and the sizes that were read with prices."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table of days, and a place for the size beside every look."""
    _add_sizes()
    _make_days()


def _add_sizes() -> None:
    # In place: only the table's declaration changes, however many prices were seen.
    size = sa.Column("size", sa.Text(), server_default="", nullable=False)
    op.add_column("price_history", size)


def _make_days() -> None:
    op.create_table(
        "price_days",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("store", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("size", sa.Text(), server_default="", nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.Column("low_cents", sa.Integer(), nullable=False),
        sa.Column("median_cents", sa.Integer(), nullable=False),
        sa.Column("high_cents", sa.Integer(), nullable=False),
        sa.Column("first_cents", sa.Integer(), nullable=False),
        sa.Column("last_cents", sa.Integer(), nullable=False),
        sa.Column("low_at", Instant(), nullable=False),
        sa.Column("high_at", Instant(), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.CheckConstraint("looks > 0", name=op.f("ck_price_days_somebody_looked")),
        sa.CheckConstraint(
            "0 <= low_cents AND low_cents <= median_cents AND median_cents <= high_cents",
            name=op.f("ck_price_days_prices_are_in_order"),
        ),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 1", name=op.f("ck_price_days_confidence_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["walmart_products.product_id"],
            name=op.f("fk_price_days_product_id_walmart_products"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_days")),
        sa.UniqueConstraint(
            "product_id",
            "day",
            "source",
            "method",
            "store",
            "currency",
            "size",
            name=op.f("uq_price_days_product_id_day_source_method_store_currency_size"),
        ),
    )
