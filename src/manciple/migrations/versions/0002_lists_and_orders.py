"""Lists, sessions, substitutions and orders."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables of lists and orders."""
    op.create_table(
        "grocery_lists",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("household_id", sa.String(length=64), nullable=True),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "estimated_total_cents", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("unpriced_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.String(length=10), server_default="active", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "status IN ('active', 'archived', 'deleted')",
            name=op.f("ck_grocery_lists_status_is_known"),
        ),
        sa.CheckConstraint(
            "estimated_total_cents >= 0", name=op.f("ck_grocery_lists_total_is_not_negative")
        ),
        sa.CheckConstraint(
            "length(list_name) > 0", name=op.f("ck_grocery_lists_name_is_not_empty")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name=op.f("fk_grocery_lists_household_id_households"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_grocery_lists_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grocery_lists")),
    )
    op.create_index(
        "ix_grocery_lists_household_id_status",
        "grocery_lists",
        ["household_id", "status", "updated_at"],
        unique=False,
    )
    op.create_index(
        "ix_grocery_lists_user_id_status",
        "grocery_lists",
        ["user_id", "status", "updated_at"],
        unique=False,
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("household_id", sa.String(length=64), nullable=True),
        sa.Column("retailer", sa.String(length=40), server_default="walmart", nullable=False),
        sa.Column("order_id", sa.String(length=80), nullable=False),
        sa.Column("order_date", Instant(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False),
        sa.Column("subtotal_cents", sa.Integer(), nullable=True),
        sa.Column("tax_cents", sa.Integer(), nullable=True),
        sa.Column("total_cents", sa.Integer(), nullable=True),
        sa.Column("store_location", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("is_partial", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name=op.f("fk_orders_household_id_households"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_orders_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint(
            "user_id", "retailer", "order_id", name=op.f("uq_orders_user_id_retailer_order_id")
        ),
    )
    op.create_index(
        "ix_orders_user_id_order_date", "orders", ["user_id", "order_date"], unique=False
    )
    op.create_table(
        "substitutions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("original_product_id", sa.String(length=64), nullable=False),
        sa.Column("substitute_product_id", sa.String(length=64), nullable=False),
        sa.Column("similarity_score", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("verdict", sa.String(length=10), server_default="proposed", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('proposed', 'accepted', 'rejected')",
            name=op.f("ck_substitutions_verdict_is_known"),
        ),
        sa.CheckConstraint(
            "original_product_id <> substitute_product_id", name=op.f("ck_substitutions_not_itself")
        ),
        sa.CheckConstraint(
            "similarity_score BETWEEN 0 AND 1", name=op.f("ck_substitutions_similarity_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["original_product_id"],
            ["walmart_products.product_id"],
            name=op.f("fk_substitutions_original_product_id_walmart_products"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["substitute_product_id"],
            ["walmart_products.product_id"],
            name=op.f("fk_substitutions_substitute_product_id_walmart_products"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_substitutions_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitutions")),
        sa.UniqueConstraint(
            "user_id",
            "original_product_id",
            "substitute_product_id",
            name=op.f("uq_substitutions_user_id_original_product_id_substitute_product_id"),
        ),
    )
    op.create_table(
        "grocery_items",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("list_id", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "quantity_thousandths", sa.Integer(), server_default=sa.text("1000"), nullable=False
        ),
        sa.Column("unit", sa.String(length=20), nullable=True),
        sa.Column("estimated_price_cents", sa.Integer(), nullable=True),
        sa.Column(
            "substitution_allowed", sa.Boolean(), server_default=sa.text("1"), nullable=False
        ),
        sa.Column("substitutes", sa.Text(), server_default="[]", nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), server_default="pending", nullable=False),
        sa.Column("checked_at", Instant(), nullable=True),
        sa.Column("added_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'checked', 'unavailable')",
            name=op.f("ck_grocery_items_status_is_known"),
        ),
        sa.CheckConstraint(
            "estimated_price_cents >= 0", name=op.f("ck_grocery_items_price_is_not_negative")
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_grocery_items_name_is_not_empty")),
        sa.CheckConstraint(
            "quantity_thousandths > 0", name=op.f("ck_grocery_items_quantity_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["users.id"],
            name=op.f("fk_grocery_items_added_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["grocery_lists.id"],
            name=op.f("fk_grocery_items_list_id_grocery_lists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["walmart_products.product_id"],
            name=op.f("fk_grocery_items_product_id_walmart_products"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grocery_items")),
    )
    op.create_index(
        "ix_grocery_items_list_id_position", "grocery_items", ["list_id", "position"], unique=False
    )
    op.create_index("ix_grocery_items_product_id", "grocery_items", ["product_id"], unique=False)
    op.create_table(
        "list_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("list_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["grocery_lists.id"],
            name=op.f("fk_list_changes_list_id_grocery_lists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_list_changes_user_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_changes")),
        sa.UniqueConstraint("list_id", "version", name=op.f("uq_list_changes_list_id_version")),
    )
    op.create_table(
        "order_items",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity_thousandths", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=8), server_default="EA", nullable=False),
        sa.Column("unit_price_cents", sa.Integer(), nullable=True),
        sa.Column("line_total_cents", sa.Integer(), nullable=True),
        sa.Column("is_weighed", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_canceled", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_order_items_order_id_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_items")),
        sa.UniqueConstraint("order_id", "line", name=op.f("uq_order_items_order_id_line")),
    )
    op.create_index("ix_order_items_product_id", "order_items", ["product_id"], unique=False)
    op.create_table(
        "shopping_sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("household_id", sa.String(length=64), nullable=True),
        sa.Column("list_id", sa.String(length=64), nullable=True),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="active", nullable=False),
        sa.Column(
            "estimated_total_cents", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'handed_off', 'completed', 'abandoned')",
            name=op.f("ck_shopping_sessions_status_is_known"),
        ),
        sa.CheckConstraint(
            "type IN ('online', 'in_store', 'pickup', 'delivery')",
            name=op.f("ck_shopping_sessions_type_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name=op.f("fk_shopping_sessions_household_id_households"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["grocery_lists.id"],
            name=op.f("fk_shopping_sessions_list_id_grocery_lists"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_shopping_sessions_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shopping_sessions")),
    )
    op.create_index(
        "ix_shopping_sessions_user_id_status",
        "shopping_sessions",
        ["user_id", "status"],
        unique=False,
    )
