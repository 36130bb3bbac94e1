"""The tables of orders, in the units of `schema.py`."""

from sqlalchemy import (
    Boolean,
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
_PRODUCT_ID = String(64)


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
