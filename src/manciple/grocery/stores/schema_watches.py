"""The tables of watched prices and of what was told about them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from manciple.platform.db.tables import Instant, metadata

price_watches = Table(
    "price_watches",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "product_id",
        ForeignKey("walmart_products.product_id", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    ),
    Column("priority", Integer, nullable=False),
    Column("below_cents", Integer),
    Column("drop_percent", Integer),
    Column("back_in_stock", Boolean, nullable=False, server_default=text("0")),
    # JSON: what was seen last, so that nothing is told twice.
    Column("memory", Text, nullable=False, server_default="{}"),
    Column("tried_at", Instant),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("priority BETWEEN 0 AND 9", name="priority_is_a_digit"),
    CheckConstraint("below_cents > 0", name="threshold_is_positive"),
    CheckConstraint("drop_percent BETWEEN 1 AND 99", name="drop_is_a_share"),
    Index("ix_price_watches_product_id", "product_id"),
)

price_alerts = Table(
    "price_alerts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("product_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("price_cents", Integer),
    Column("before_cents", Integer),
    # Whose price it is; empty only where none is known.
    Column("currency", String(3)),
    Column("source", String(40)),
    Column("method", Text),
    Column("store", Text),
    Column("confidence", Float),
    Column("at", Instant, nullable=False),
    CheckConstraint("(price_cents IS NULL) = (source IS NULL)", name="price_has_a_source"),
    # The same thing is told once, whoever saw it.
    UniqueConstraint("user_id", "product_id", "kind", "at"),
    Index("ix_price_alerts_user_id", "user_id", "id"),
    sqlite_autoincrement=True,
)
