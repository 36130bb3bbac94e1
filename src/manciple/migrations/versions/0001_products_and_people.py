"""Products, prices, people and the outbox."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables of products and people."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "households",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("household_id", sa.String(length=64), nullable=True),
        sa.Column("owner_id", sa.String(length=64), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_topic_id", "outbox", ["topic", "id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "walmart_products",
        sa.Column("id", sa.String(length=96), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category_path", sa.Text(), server_default="", nullable=False),
        sa.Column("size_pack", sa.Integer(), nullable=True),
        sa.Column("size_amount_thousandths", sa.Integer(), nullable=True),
        sa.Column("size_unit", sa.String(length=8), nullable=True),
        sa.Column("size_pieces", sa.Integer(), nullable=True),
        sa.Column("size_most_thousandths", sa.Integer(), nullable=True),
        sa.Column("current_price_cents", sa.Integer(), nullable=True),
        sa.Column("price_currency", sa.String(length=3), nullable=True),
        sa.Column("price_source", sa.String(length=40), nullable=True),
        sa.Column("price_method", sa.Text(), nullable=True),
        sa.Column("price_observed_at", Instant(), nullable=True),
        sa.Column("price_store", sa.Text(), nullable=True),
        sa.Column("price_confidence", sa.Float(), nullable=True),
        sa.Column("price_missing", sa.Text(), nullable=True),
        sa.Column("in_stock", sa.Boolean(), nullable=True),
        sa.Column("rating", sa.Float(), nullable=True),
        sa.Column("review_count", sa.Integer(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("product_url", sa.Text(), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("claims", sa.Text(), server_default="", nullable=False),
        sa.Column("ingredients", sa.Text(), nullable=True),
        sa.Column("processing", sa.Float(), nullable=True),
        sa.Column("embedding_vector", sa.LargeBinary(), nullable=True),
        sa.Column("search_keywords", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("last_updated_at", Instant(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(current_price_cents IS NULL) = (price_source IS NULL)",
            name=op.f("ck_walmart_products_price_has_a_source"),
        ),
        sa.CheckConstraint(
            "current_price_cents >= 0", name=op.f("ck_walmart_products_price_is_not_negative")
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_walmart_products_name_is_not_empty")),
        sa.CheckConstraint(
            "price_confidence BETWEEN 0 AND 1",
            name=op.f("ck_walmart_products_confidence_is_a_share"),
        ),
        sa.CheckConstraint(
            "rating BETWEEN 0 AND 5", name=op.f("ck_walmart_products_rating_is_of_five_stars")
        ),
        sa.CheckConstraint(
            "size_pack > 0 AND size_amount_thousandths > 0",
            name=op.f("ck_walmart_products_size_is_positive"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walmart_products")),
        sa.UniqueConstraint("product_id", name=op.f("uq_walmart_products_product_id")),
    )
    op.create_index(
        "ix_walmart_products_category_price",
        "walmart_products",
        ["category_path", "current_price_cents"],
        unique=False,
    )
    op.create_index(
        "ix_walmart_products_gtin",
        "walmart_products",
        ["gtin"],
        unique=False,
        sqlite_where=sa.text("gtin IS NOT NULL"),
        postgresql_where=sa.text("gtin IS NOT NULL"),
    )
    op.create_index("ix_walmart_products_revision", "walmart_products", ["revision"], unique=True)
    op.create_table(
        "household_members",
        sa.Column("household_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'member', 'guest')", name=op.f("ck_household_members_role_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name=op.f("fk_household_members_household_id_households"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_household_members_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("household_id", "user_id", name=op.f("pk_household_members")),
    )
    op.create_index("ix_household_members_user_id", "household_members", ["user_id"], unique=False)
    op.create_table(
        "nlp_intents",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=True),
        sa.Column("user_query", sa.Text(), nullable=False),
        sa.Column("detected_intent", sa.String(length=60), nullable=False),
        sa.Column("confidence_score", sa.Float(), nullable=True),
        sa.Column("entities", sa.Text(), server_default="{}", nullable=False),
        sa.Column("model_used", sa.String(length=80), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "confidence_score BETWEEN 0 AND 1", name=op.f("ck_nlp_intents_confidence_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_nlp_intents_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nlp_intents")),
    )
    op.create_index(
        "ix_nlp_intents_user_id_created_at", "nlp_intents", ["user_id", "created_at"], unique=False
    )
    op.create_table(
        "price_history",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("observed_at", Instant(), nullable=False),
        sa.Column("store", sa.Text(), server_default="", nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 1", name=op.f("ck_price_history_confidence_is_a_share")
        ),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_price_history_price_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["walmart_products.product_id"],
            name=op.f("fk_price_history_product_id_walmart_products"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_history")),
        sa.UniqueConstraint(
            "product_id",
            "observed_at",
            "source",
            "store",
            name=op.f("uq_price_history_product_id_observed_at_source_store"),
        ),
    )
    op.create_table(
        "user_preferences",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("preferred_brands", sa.Text(), server_default="[]", nullable=False),
        sa.Column("avoided_brands", sa.Text(), server_default="[]", nullable=False),
        sa.Column("dietary", sa.Text(), server_default="[]", nullable=False),
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
