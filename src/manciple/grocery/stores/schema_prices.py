"""The table of prices by the day: what many looks at one price come to."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from manciple.platform.db.tables import Instant, metadata

price_days = Table(
    "price_days",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column(
        "product_id",
        ForeignKey("walmart_products.product_id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
    ),
    # "2026-11-28", in UTC.
    Column("day", String(10), nullable=False),
    Column("source", String(40), nullable=False),
    Column("method", Text, nullable=False),
    # Empty where the price is bound to no store; NULLs would defeat the unique rule.
    Column("store", Text, nullable=False, server_default=""),
    Column("currency", String(3), nullable=False),
    # JSON of the size that was read, or empty.
    Column("size", Text, nullable=False, server_default=""),
    Column("looks", Integer, nullable=False),
    # JSON: every price in cents with how often it was seen, so that percentiles stay exact.
    Column("tally", Text, nullable=False),
    Column("low_cents", Integer, nullable=False),
    Column("median_cents", Integer, nullable=False),
    Column("high_cents", Integer, nullable=False),
    Column("first_cents", Integer, nullable=False),
    Column("last_cents", Integer, nullable=False),
    Column("low_at", Instant, nullable=False),
    Column("high_at", Instant, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    # Of the last look; one method has one.
    Column("confidence", Float, nullable=False),
    CheckConstraint("looks > 0", name="somebody_looked"),
    CheckConstraint(
        "0 <= low_cents AND low_cents <= median_cents AND median_cents <= high_cents",
        name="prices_are_in_order",
    ),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
    UniqueConstraint("product_id", "day", "source", "method", "store", "currency", "size"),
)
