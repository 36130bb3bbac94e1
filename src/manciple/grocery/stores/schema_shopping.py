"""The tables of shopping: picks, quotes, budgets, the pantry, staples.

As in `schema.py`: integer cents, integer thousandths, aware UTC instants.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
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

_ID = String(64)
_MONTH = String(7)


def _of_a_user() -> ForeignKey:
    return ForeignKey("users.id", ondelete="CASCADE")


session_picks = Table(
    "session_picks",
    metadata,
    Column("session_id", ForeignKey("shopping_sessions.id", ondelete="CASCADE"), primary_key=True),
    # No foreign key: a line may be taken off the list after it was picked.
    Column("item_id", _ID, primary_key=True),
    # What the shelf label said for one package; NULL: nobody looked.
    Column("price_cents", Integer),
    Column("picked_at", Instant, nullable=False),
    CheckConstraint("price_cents >= 0", name="price_is_not_negative"),
)

checkout_quotes = Table(
    "checkout_quotes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("session_id", ForeignKey("shopping_sessions.id", ondelete="CASCADE"), nullable=False),
    # JSON: what was offered; and the hash that a confirmation must name.
    Column("terms", Text, nullable=False),
    Column("terms_hash", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    # JSON: the links and what they leave out, once confirmed.
    Column("handed_over", Text),
    Column("confirmed_at", Instant),
    CheckConstraint("(handed_over IS NULL) = (confirmed_at IS NULL)", name="confirmed_whole"),
    Index("ix_checkout_quotes_session_id", "session_id", "created_at"),
)

till_rules = Table(
    "till_rules",
    metadata,
    Column("user_id", _of_a_user(), primary_key=True),
    # Hundredths of a percent: 825 is 8.25 %.
    Column("tax_basis_points", Integer, nullable=False, server_default=text("0")),
    # JSON arrays of category names.
    Column("taxed_categories", Text, nullable=False, server_default="[]"),
    Column("deposit_cents", Integer, nullable=False, server_default=text("0")),
    Column("deposit_categories", Text, nullable=False, server_default="[]"),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("tax_basis_points BETWEEN 0 AND 10000", name="tax_is_a_share"),
    CheckConstraint("deposit_cents >= 0", name="deposit_is_not_negative"),
)

budget_envelopes = Table(
    "budget_envelopes",
    metadata,
    Column("user_id", _of_a_user(), primary_key=True),
    # Empty: everything together.
    Column("category", String(100), primary_key=True),
    # "2026-11": the first month that it holds for, until a later row.
    Column("from_month", _MONTH, primary_key=True),
    # NULL: from this month on there is no limit any more.
    Column("limit_cents", Integer),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("limit_cents >= 0", name="limit_is_not_negative"),
)

budget_spendings = Table(
    "budget_spendings",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", _of_a_user(), nullable=False),
    Column("month", _MONTH, nullable=False),
    Column("category", String(100), nullable=False),
    # Below zero: money that came back.
    Column("cents", Integer, nullable=False),
    Column("note", Text),
    # "session:…" or "manual:…"; the same thing is never counted twice.
    Column("source", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("user_id", "source", "category"),
    Index("ix_budget_spendings_user_id_month", "user_id", "month"),
)

pantry_items = Table(
    "pantry_items",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", _of_a_user(), nullable=False),
    Column("product_id", ForeignKey("walmart_products.product_id", onupdate="CASCADE")),
    Column("name", Text, nullable=False),
    # Empty: packages.
    Column("unit", String(20), nullable=False, server_default=""),
    # The product's id, or the words in lower case: what makes it one thing with its unit.
    Column("item_key", String(210), nullable=False),
    Column("minimum_thousandths", Integer),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("minimum_thousandths >= 0", name="minimum_is_not_negative"),
    UniqueConstraint("user_id", "item_key", "unit"),
)

pantry_movements = Table(
    "pantry_movements",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("pantry_item_id", ForeignKey("pantry_items.id", ondelete="CASCADE"), nullable=False),
    Column("change_thousandths", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("note", Text),
    # The movement that this one takes back; each at most once.
    Column("undoes", ForeignKey("pantry_movements.id", ondelete="CASCADE"), unique=True),
    Column("at", Instant, nullable=False),
    CheckConstraint("change_thousandths <> 0", name="something_moves"),
    CheckConstraint(
        "kind IN ('bought', 'used', 'wasted', 'counted', 'undone')", name="kind_is_known"
    ),
    Index("ix_pantry_movements_item_id", "pantry_item_id", "id"),
    sqlite_autoincrement=True,
)

staples = Table(
    "staples",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", _of_a_user(), nullable=False),
    Column("product_id", ForeignKey("walmart_products.product_id", onupdate="CASCADE")),
    Column("name", Text, nullable=False),
    Column("quantity_thousandths", Integer, nullable=False, server_default=text("1000")),
    Column("unit", String(20), nullable=False, server_default=""),
    Column("item_key", String(210), nullable=False),
    Column("every_days", Integer, nullable=False),
    # When it is due next.
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("quantity_thousandths > 0", name="quantity_is_positive"),
    CheckConstraint("every_days > 0", name="interval_is_positive"),
    UniqueConstraint("user_id", "item_key", "unit"),
)
