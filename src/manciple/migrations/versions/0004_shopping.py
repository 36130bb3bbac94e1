"""Shopping: sessions with their states, quotes, budgets, the pantry, staples."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables of shopping; two older tables were never written until now."""
    op.drop_table("shopping_sessions")
    op.drop_table("user_preferences")
    op.create_table(
        "budget_envelopes",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("from_month", sa.String(length=7), nullable=False),
        sa.Column("limit_cents", sa.Integer(), nullable=True),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "limit_cents >= 0", name=op.f("ck_budget_envelopes_limit_is_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_budget_envelopes_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "user_id", "category", "from_month", name=op.f("pk_budget_envelopes")
        ),
    )
    op.create_table(
        "budget_spendings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_budget_spendings_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_spendings")),
        sa.UniqueConstraint(
            "user_id",
            "source",
            "category",
            name=op.f("uq_budget_spendings_user_id_source_category"),
        ),
    )
    op.create_index(
        "ix_budget_spendings_user_id_month", "budget_spendings", ["user_id", "month"], unique=False
    )
    op.create_table(
        "pantry_items",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=20), server_default="", nullable=False),
        sa.Column("item_key", sa.String(length=210), nullable=False),
        sa.Column("minimum_thousandths", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "minimum_thousandths >= 0", name=op.f("ck_pantry_items_minimum_is_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["walmart_products.product_id"],
            name=op.f("fk_pantry_items_product_id_walmart_products"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_pantry_items_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pantry_items")),
        sa.UniqueConstraint(
            "user_id", "item_key", "unit", name=op.f("uq_pantry_items_user_id_item_key_unit")
        ),
    )
    op.create_table(
        "staples",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "quantity_thousandths", sa.Integer(), server_default=sa.text("1000"), nullable=False
        ),
        sa.Column("unit", sa.String(length=20), server_default="", nullable=False),
        sa.Column("item_key", sa.String(length=210), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("every_days > 0", name=op.f("ck_staples_interval_is_positive")),
        sa.CheckConstraint(
            "quantity_thousandths > 0", name=op.f("ck_staples_quantity_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["walmart_products.product_id"],
            name=op.f("fk_staples_product_id_walmart_products"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_staples_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staples")),
        sa.UniqueConstraint(
            "user_id", "item_key", "unit", name=op.f("uq_staples_user_id_item_key_unit")
        ),
    )
    op.create_table(
        "till_rules",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("tax_basis_points", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("taxed_categories", sa.Text(), server_default="[]", nullable=False),
        sa.Column("deposit_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("deposit_categories", sa.Text(), server_default="[]", nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "deposit_cents >= 0", name=op.f("ck_till_rules_deposit_is_not_negative")
        ),
        sa.CheckConstraint(
            "tax_basis_points BETWEEN 0 AND 10000", name=op.f("ck_till_rules_tax_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_till_rules_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_till_rules")),
    )
    op.create_table(
        "pantry_movements",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("pantry_item_id", sa.String(length=64), nullable=False),
        sa.Column("change_thousandths", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('bought', 'used', 'wasted', 'counted', 'undone')",
            name=op.f("ck_pantry_movements_kind_is_known"),
        ),
        sa.CheckConstraint(
            "change_thousandths <> 0", name=op.f("ck_pantry_movements_something_moves")
        ),
        sa.ForeignKeyConstraint(
            ["pantry_item_id"],
            ["pantry_items.id"],
            name=op.f("fk_pantry_movements_pantry_item_id_pantry_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["pantry_movements.id"],
            name=op.f("fk_pantry_movements_undoes_pantry_movements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pantry_movements")),
        sa.UniqueConstraint("undoes", name=op.f("uq_pantry_movements_undoes")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_pantry_movements_item_id", "pantry_movements", ["pantry_item_id", "id"], unique=False
    )
    op.create_table(
        "shopping_sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("household_id", sa.String(length=64), nullable=True),
        sa.Column("list_id", sa.String(length=64), nullable=True),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="active", nullable=False),
        sa.Column("budget_cents", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'reviewing', 'handed_over', 'completed', 'abandoned')",
            name=op.f("ck_shopping_sessions_status_is_known"),
        ),
        sa.CheckConstraint(
            "type IN ('online', 'in_store', 'pickup', 'delivery')",
            name=op.f("ck_shopping_sessions_type_is_known"),
        ),
        sa.CheckConstraint(
            "budget_cents >= 0", name=op.f("ck_shopping_sessions_budget_is_not_negative")
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
    op.create_table(
        "checkout_quotes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("handed_over", sa.Text(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(handed_over IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_checkout_quotes_confirmed_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["shopping_sessions.id"],
            name=op.f("fk_checkout_quotes_session_id_shopping_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout_quotes")),
    )
    op.create_index(
        "ix_checkout_quotes_session_id",
        "checkout_quotes",
        ["session_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "session_picks",
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=True),
        sa.Column("picked_at", Instant(), nullable=False),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_session_picks_price_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["shopping_sessions.id"],
            name=op.f("fk_session_picks_session_id_shopping_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "item_id", name=op.f("pk_session_picks")),
    )
    op.create_table(
        "user_preferences",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("preferred_brands", sa.Text(), server_default="[]", nullable=False),
        sa.Column("avoided_brands", sa.Text(), server_default="[]", nullable=False),
        sa.Column("dietary", sa.Text(), server_default="[]", nullable=False),
        sa.Column("allergens", sa.Text(), server_default="[]", nullable=False),
        sa.Column("aisle_order", sa.Text(), server_default="[]", nullable=False),
        sa.Column("preferred_store", sa.Text(), nullable=True),
        sa.Column(
            "substitution_allowed", sa.Boolean(), server_default=sa.text("1"), nullable=False
        ),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_user_preferences_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_preferences")),
    )
