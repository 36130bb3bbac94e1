"""The table of what people use, without a word of who."""

from sqlalchemy import CheckConstraint, Column, Float, String, Table, Text

from manciple.platform.db.tables import metadata

uses = Table(
    "uses",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("weight", Float, nullable=False, index=True),
    CheckConstraint("kind IN ('search', 'product')", name="kind_is_known"),
)
