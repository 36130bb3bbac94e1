"""What to do where the product of a line is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table of fallbacks."""
    op.create_table(
        "item_fallbacks",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.CheckConstraint("rule IN ('same_size')", name=op.f("ck_item_fallbacks_rule_is_known")),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["grocery_items.id"],
            name=op.f("fk_item_fallbacks_item_id_grocery_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_fallbacks")),
    )
