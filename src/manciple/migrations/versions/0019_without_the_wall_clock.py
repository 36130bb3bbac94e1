"""Nothing by the wall clock: who may come in no more is numbered, leases count from the start."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_REVOKED = (
    "CREATE TRIGGER %s_notes_revoked AFTER UPDATE OF revoked_at ON %s "
    "WHEN OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL "
    "BEGIN INSERT INTO access_changes (credential_id, at) VALUES (NEW.id, NEW.revoked_at); END"
)
_PEOPLE = (
    "CREATE TRIGGER user_credentials_notes_%s AFTER %s ON user_credentials "
    "BEGIN INSERT INTO access_changes (at) VALUES (%s.created_at); END"
)


def upgrade() -> None:
    """Makes what is numbered or counted; instances that run register again."""
    _number_access_changes()
    _count_leases_from_the_start()
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("window_s", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("until_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_counts")),
    )


def _number_access_changes() -> None:
    op.create_table(
        "access_changes",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("credential_id", sa.String(length=64), nullable=True),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_access_changes_at", "access_changes", ["at"], unique=False)
    op.drop_index("ix_auth_sessions_revoked_at", table_name="auth_sessions")
    op.drop_index("ix_api_tokens_revoked_at", table_name="api_tokens")
    if op.get_bind().dialect.name == "sqlite":
        for table in ("auth_sessions", "api_tokens"):
            op.execute(
                "INSERT INTO access_changes (credential_id, at) "  # noqa: S608 - our own names
                f"SELECT id, revoked_at FROM {table} WHERE revoked_at IS NOT NULL"
            )
            op.execute(_REVOKED % (table, table))
        for verb, row in (("insert", "NEW"), ("delete", "OLD")):
            op.execute(_PEOPLE % (verb, verb.upper(), row))


def _count_leases_from_the_start() -> None:
    """Made anew and empty: whoever runs registers again at its next renewal."""
    op.drop_table("mesh_instances")
    op.create_table(
        "mesh_instances",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_s", sa.Float(), nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("health_path", sa.String(length=200), nullable=False),
        sa.Column("is_leaking", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("cpu_share", sa.Float(), nullable=False),
        sa.Column("memory_bytes", sa.BigInteger(), nullable=False),
        sa.Column("in_flight", sa.Integer(), nullable=False),
        sa.Column("open_files", sa.Integer(), nullable=False),
        sa.Column("loop_lag_s", sa.Float(), nullable=False),
        sa.Column("response_s", sa.Float(), nullable=True),
        sa.Column("since_at", Instant(), nullable=False),
        sa.Column("beat_s", sa.Float(), nullable=False),
        sa.Column("until_s", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "phase IN ('starting', 'ready', 'draining', 'stopping')",
            name=op.f("ck_mesh_instances_phase_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mesh_instances")),
    )
    op.create_index("ix_mesh_instances_service", "mesh_instances", ["service"])
