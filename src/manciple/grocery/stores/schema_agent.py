"""What the agent remembers: sentences, conversations, plans, corrections."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from manciple.platform.db.tables import Instant, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    # JSON.
    Column("state", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

agent_plans = Table(
    "agent_plans",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    # A token is never kept, only its SHA-256: who reads the database cannot confirm.
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("plan_hash", String(64), nullable=False),
    # JSON.
    Column("plan", Text, nullable=False),
    # JSON: what each step that is carried out already gave.
    Column("made", Text, nullable=False, server_default="[]"),
    Column("steps_done", Integer, nullable=False, server_default="0"),
    Column("state", String(10), nullable=False, server_default="open"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    CheckConstraint("state IN ('open', 'done', 'dropped')", name="known_state"),
    Index("ix_agent_plans_user_id_created_at", "user_id", "created_at"),
)

corrections = Table(
    "corrections",
    metadata,
    # The household's id, or the person's where they are in none.
    Column("scope", String(64), primary_key=True),
    Column("phrase", String(120), primary_key=True),
    Column("meant", String(120), nullable=False),
    Column("product_id", String(64)),
    Column("brand", String(120)),
    Column("times", Integer, nullable=False, server_default="1"),
    Column("updated_at", Instant, nullable=False),
)

nlp_intents = Table(
    "nlp_intents",
    metadata,
    Column("id", String(64), primary_key=True),
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
