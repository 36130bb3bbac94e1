"""Every table of the groceries, with the specification's names.

Money is integer cents, instants are aware UTC, quantities and sizes are integer thousandths. A
name's meaning that its type cannot say stands beside it. A change here needs a migration.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from manciple.platform.bus.outbox import outbox
from manciple.platform.db.tables import Instant, metadata

__all__ = ["metadata", "outbox"]

_ID = String(64)
_PRODUCT_ID = String(64)


def _one_of(column: str, *allowed: str, name: str) -> CheckConstraint:
    quoted = ", ".join(f"'{value}'" for value in allowed)
    return CheckConstraint(f"{column} IN ({quoted})", name=name)


counters = Table(
    "counters",
    metadata,
    # "products": the last change number given to a row of walmart_products. "generation": which
    # life of the database this is. "shelf-version": the bundled shelf that was filled in.
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)

walmart_products = Table(
    "walmart_products",
    metadata,
    # The retailer and its item id, "walmart:10450115".
    Column("id", String(96), primary_key=True),
    Column("product_id", _PRODUCT_ID, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("brand", Text),
    Column("description", Text),
    # From the broad to the narrow, joined by " > ".
    Column("category_path", Text, nullable=False, server_default=""),
    Column("size_pack", Integer),
    Column("size_amount_thousandths", Integer),
    Column("size_unit", String(8)),
    Column("size_pieces", Integer),
    Column("size_most_thousandths", Integer),
    Column("current_price_cents", Integer),
    Column("price_currency", String(3)),
    Column("price_source", String(40)),
    Column("price_method", Text),
    Column("price_observed_at", Instant),
    Column("price_store", Text),
    Column("price_confidence", Float),
    Column("price_missing", Text),
    # NULL: unknown, which the bundled shelf honestly is.
    Column("in_stock", Boolean),
    Column("rating", Float),
    Column("review_count", Integer),
    Column("image_url", Text),
    Column("product_url", Text),
    Column("gtin", String(14)),
    # Sorted, joined by one space.
    Column("claims", Text, nullable=False, server_default=""),
    Column("ingredients", Text),
    Column("processing", Float),
    Column("embedding_vector", LargeBinary),
    # More words to find it by, apart from its own name, brand and category.
    Column("search_keywords", Text),
    Column("source", String(40), nullable=False),
    Column("last_updated_at", Instant, nullable=False),
    # Unique and ever growing: whoever follows the table asks for what is above the last seen.
    Column("revision", Integer, nullable=False),
    # Set instead of deleting, so that followers hear of it and old orders keep their names.
    Column("deleted_at", Instant),
    CheckConstraint("current_price_cents >= 0", name="price_is_not_negative"),
    CheckConstraint(
        "(current_price_cents IS NULL) = (price_source IS NULL)", name="price_has_a_source"
    ),
    CheckConstraint("price_confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
    CheckConstraint("size_pack > 0 AND size_amount_thousandths > 0", name="size_is_positive"),
    CheckConstraint("rating BETWEEN 0 AND 5", name="rating_is_of_five_stars"),
    CheckConstraint("length(name) > 0", name="name_is_not_empty"),
    Index("ix_walmart_products_revision", "revision", unique=True),
    Index("ix_walmart_products_category_price", "category_path", "current_price_cents"),
    Index(
        "ix_walmart_products_gtin",
        "gtin",
        # Its step says the same for PostgreSQL; said here it would load that driver everywhere.
        sqlite_where=text("gtin IS NOT NULL"),
    ),
)

price_history = Table(
    "price_history",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column(
        "product_id",
        ForeignKey("walmart_products.product_id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
    ),
    Column("price_cents", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("source", String(40), nullable=False),
    Column("method", Text, nullable=False),
    Column("observed_at", Instant, nullable=False),
    # Empty where the price is bound to no store; NULLs would defeat the unique rule.
    Column("store", Text, nullable=False, server_default=""),
    # JSON of the size that was read with the price, or empty.
    Column("size", Text, nullable=False, server_default=""),
    Column("confidence", Float, nullable=False),
    CheckConstraint("price_cents >= 0", name="price_is_not_negative"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
    # The same observation told twice is kept once; also the index of a product's history.
    UniqueConstraint("product_id", "observed_at", "source", "store"),
)

users = Table(
    "users",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("email", String(320), unique=True),
    Column("display_name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

households = Table(
    "households",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

household_members = Table(
    "household_members",
    metadata,
    Column("household_id", ForeignKey("households.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("joined_at", Instant, nullable=False),
    _one_of("role", "owner", "member", "guest", name="role_is_known"),
    Index("ix_household_members_user_id", "user_id"),
)

user_preferences = Table(
    "user_preferences",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    # JSON arrays of strings.
    Column("preferred_brands", Text, nullable=False, server_default="[]"),
    Column("avoided_brands", Text, nullable=False, server_default="[]"),
    Column("dietary", Text, nullable=False, server_default="[]"),
    Column("allergens", Text, nullable=False, server_default="[]"),
    # Departments in the order in which this person walks them.
    Column("aisle_order", Text, nullable=False, server_default="[]"),
    Column("preferred_store", Text),
    Column("substitution_allowed", Boolean, nullable=False, server_default=text("1")),
    Column("updated_at", Instant, nullable=False),
)

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
    _one_of("status", "active", "archived", "deleted", name="status_is_known"),
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
    _one_of("status", "pending", "checked", "unavailable", name="status_is_known"),
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
    _one_of("type", "online", "in_store", "pickup", "delivery", name="type_is_known"),
    _one_of(
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
    _one_of("verdict", "proposed", "accepted", "rejected", name="verdict_is_known"),
    UniqueConstraint("user_id", "original_product_id", "substitute_product_id"),
)

item_fallbacks = Table(
    "item_fallbacks",
    metadata,
    # What to do where a line's product is gone. Lines without a row leave the choice open; never,
    # and these products, stand in the line itself.
    Column("item_id", ForeignKey("grocery_items.id", ondelete="CASCADE"), primary_key=True),
    Column("rule", String(10), nullable=False),
    _one_of("rule", "same_size", name="rule_is_known"),
)

orders = Table(
    "orders",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("household_id", ForeignKey("households.id", ondelete="CASCADE")),
    # Where it was bought, and the shop's own number of the order.
    Column("retailer", String(40), nullable=False, server_default="walmart"),
    Column("order_id", String(80), nullable=False),
    # NULL where the source does not say it.
    Column("order_date", Instant),
    Column("status", Text),
    Column("currency", String(3), nullable=False, server_default="USD"),
    Column("subtotal_cents", Integer),
    Column("tax_cents", Integer),
    Column("total_cents", Integer),
    Column("store_location", Text),
    Column("source", String(40), nullable=False),
    # A list page's order, without prices: a full one replaces it, and never the other way.
    Column("is_partial", Boolean, nullable=False, server_default=text("0")),
    # JSON: the whole order as it was read; the columns and rows beside it are for questions.
    Column("details", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
    # An import run twice finds its own orders again.
    UniqueConstraint("user_id", "retailer", "order_id"),
    Index("ix_orders_user_id_order_date", "user_id", "order_date"),
)

order_items = Table(
    "order_items",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # The row of `orders`, not the shop's number.
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
    Column("line", Integer, nullable=False),
    # No foreign key: a shop sells things that no catalog of ours knows.
    Column("product_id", _PRODUCT_ID),
    Column("name", Text, nullable=False),
    Column("quantity_thousandths", Integer, nullable=False),
    Column("unit", String(8), nullable=False, server_default="EA"),
    Column("unit_price_cents", Integer),
    Column("line_total_cents", Integer),
    Column("is_weighed", Boolean, nullable=False, server_default=text("0")),
    Column("is_canceled", Boolean, nullable=False, server_default=text("0")),
    Column("status", Text),
    UniqueConstraint("order_id", "line"),
    Index("ix_order_items_product_id", "product_id"),
)

nlp_intents = Table(
    "nlp_intents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE")),
    Column("user_query", Text, nullable=False),
    Column("detected_intent", String(60), nullable=False),
    Column("confidence_score", Float),
    # JSON.
    Column("entities", Text, nullable=False, server_default="{}"),
    Column("model_used", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    # The job that understood it, where one did.
    Column("job_id", Integer),
    # JSON: what another model said, and how it was settled.
    Column("second_opinion", Text),
    CheckConstraint("confidence_score BETWEEN 0 AND 1", name="confidence_is_a_share"),
    Index("ix_nlp_intents_user_id_created_at", "user_id", "created_at"),
    Index("ix_nlp_intents_job_id", "job_id"),
)
