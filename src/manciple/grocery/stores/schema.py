"""The tables of products and people, with the specification's names.

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
from manciple.platform.db.tables import Instant, metadata, one_of

__all__ = ["metadata", "outbox"]

_ID = String(64)
_PRODUCT_ID = String(64)


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
    one_of("role", "owner", "member", "guest", name="role_is_known"),
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
