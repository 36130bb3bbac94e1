"""Instances of services, each with its lease."""

import sqlalchemy as sa
from alembic import op

from manciple.platform.db.tables import Instant

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table of instances."""
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
        sa.Column("beat_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "phase IN ('starting', 'ready', 'draining', 'stopping')",
            name=op.f("ck_mesh_instances_phase_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mesh_instances")),
    )
    op.create_index("ix_mesh_instances_service", "mesh_instances", ["service"])
