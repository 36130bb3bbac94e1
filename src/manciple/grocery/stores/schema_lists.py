"""The tables of lists, of shopping from them, and of what stands in for a product.

Units are those of `schema.py`.
"""

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

from manciple.platform.db.tables import Instant, metadata, one_of

_ID = String(64)
_PRODUCT_ID = String(64)


grocery_lists = Table(
    "grocery_lists",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("household_id", ForeignKey("households.id", ondelete="CASCADE")),
    Column("list_name", Text, nullable=False),
    Column("description", Text),
    Column("estimated_total_cents", Integer, nullable=False, server_default=text("0")),
    # Items whose price is unknown, so the total does not count them.
    Column("unpriced_count", Integer, nullable=False, server_default=text("0")),
    Column("status", String(10), nullable=False, server_default="active"),
    # Grows by one with every change of the list or its items; a stale edit is a conflict.
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    one_of("status", "active", "archived", "deleted", name="status_is_known"),
    CheckConstraint("length(list_name) > 0", name="name_is_not_empty"),
    CheckConstraint("estimated_total_cents >= 0", name="total_is_not_negative"),
    Index("ix_grocery_lists_user_id_status", "user_id", "status", "updated_at"),
    Index("ix_grocery_lists_household_id_status", "household_id", "status", "updated_at"),
)


grocery_items = Table(
    "grocery_items",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("list_id", ForeignKey("grocery_lists.id", ondelete="CASCADE"), nullable=False),
    # NULL: something to buy that is no product yet ("birthday candles"); `name` says what.
    Column("product_id", ForeignKey("walmart_products.product_id", onupdate="CASCADE")),
    Column("name", Text, nullable=False),
    Column("quantity_thousandths", Integer, nullable=False, server_default=text("1000")),
    # A unit's name; NULL: packages.
    Column("unit", String(20)),
    # What the line was last estimated at.
    Column("estimated_price_cents", Integer),
    Column("substitution_allowed", Boolean, nullable=False, server_default=text("1")),
    # JSON array of product ids to take instead, best first.
    Column("substitutes", Text, nullable=False, server_default="[]"),
    Column("note", Text),
    Column("position", Integer, nullable=False),
    Column("status", String(12), nullable=False, server_default="pending"),
    Column("checked_at", Instant),
    Column("added_by", ForeignKey("users.id", ondelete="SET NULL")),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("quantity_thousandths > 0", name="quantity_is_positive"),
    CheckConstraint("estimated_price_cents >= 0", name="price_is_not_negative"),
    CheckConstraint("length(name) > 0", name="name_is_not_empty"),
    one_of("status", "pending", "checked", "unavailable", name="status_is_known"),
    Index("ix_grocery_items_list_id_position", "list_id", "position"),
    Index("ix_grocery_items_product_id", "product_id"),
)


list_changes = Table(
    "list_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("list_id", ForeignKey("grocery_lists.id", ondelete="CASCADE"), nullable=False),
    # The version that the change made.
    Column("version", Integer, nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="SET NULL")),
    # What happened: "items_added", "item_removed", …
    Column("kind", String(40), nullable=False),
    # JSON: what must be put back to undo it; and what it became, where that is kept.
    Column("before", Text, nullable=False),
    Column("after", Text),
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
    UniqueConstraint("list_id", "version"),
)


shopping_sessions = Table(
    "shopping_sessions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("household_id", ForeignKey("households.id", ondelete="CASCADE")),
    Column("list_id", ForeignKey("grocery_lists.id", ondelete="SET NULL")),
    Column("type", String(10), nullable=False),
    Column("status", String(16), nullable=False, server_default="active"),
    # What the shopper wants to spend; NULL: no limit.
    Column("budget_cents", Integer),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("started_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("ended_at", Instant),
    one_of("type", "online", "in_store", "pickup", "delivery", name="type_is_known"),
    one_of(
        "status",
        "active",
        "paused",
        "reviewing",
        "handed_over",
        "completed",
        "abandoned",
        name="status_is_known",
    ),
    CheckConstraint("budget_cents >= 0", name="budget_is_not_negative"),
    Index("ix_shopping_sessions_user_id_status", "user_id", "status"),
)


substitutions = Table(
    "substitutions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column(
        "original_product_id",
        ForeignKey("walmart_products.product_id", onupdate="CASCADE"),
        nullable=False,
    ),
    Column(
        "substitute_product_id",
        ForeignKey("walmart_products.product_id", onupdate="CASCADE"),
        nullable=False,
    ),
    Column("similarity_score", Float),
    Column("reason", Text),
    # What the household said to it.
    Column("verdict", String(10), nullable=False, server_default="proposed"),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("similarity_score BETWEEN 0 AND 1", name="similarity_is_a_share"),
    CheckConstraint("original_product_id <> substitute_product_id", name="not_itself"),
    one_of("verdict", "proposed", "accepted", "rejected", name="verdict_is_known"),
    UniqueConstraint("user_id", "original_product_id", "substitute_product_id"),
)


item_fallbacks = Table(
    "item_fallbacks",
    metadata,
    # What to do where a line's product is gone. Lines without a row leave the choice open; never,
    # and these products, stand in the line itself.
    Column("item_id", ForeignKey("grocery_items.id", ondelete="CASCADE"), primary_key=True),
    Column("rule", String(10), nullable=False),
    one_of("rule", "same_size", name="rule_is_known"),
)
