"""What the agent remembers between two sentences, and second opinions."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables of the agent; an older table was never written until now."""
    op.drop_table("nlp_intents")
    op.create_table(
        "conversations",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_conversations_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_conversations")),
    )
    op.create_table(
        "agent_plans",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("made", sa.Text(), server_default="[]", nullable=False),
        sa.Column("steps_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'dropped')", name=op.f("ck_agent_plans_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_agent_plans_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_plans")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_agent_plans_token_hash")),
    )
    op.create_index("ix_agent_plans_user_id_created_at", "agent_plans", ["user_id", "created_at"])
    op.create_table(
        "corrections",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("phrase", sa.String(length=120), nullable=False),
        sa.Column("meant", sa.String(length=120), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=True),
        sa.Column("brand", sa.String(length=120), nullable=True),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "phrase", name=op.f("pk_corrections")),
    )
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
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("second_opinion", sa.Text(), nullable=True),
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
    op.create_index("ix_nlp_intents_job_id", "nlp_intents", ["job_id"])
