"""What every table of ours is declared with: one catalog of tables, and the instant type.

Declarations only. The tables themselves stand beside the code that reads and writes them
(`grocery/stores/schema.py`, `platform/bus/outbox.py`), all in this one `metadata`, so that
migrations see the whole database.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

# Names of constraints are spelled out, so that a later migration can name what it drops.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# For `Column(…, info=SECRET)`: what nobody is handed, not even whose it is.
SECRET = {"is_secret": True}


def one_of(column: str, *allowed: str, name: str) -> CheckConstraint:
    """That a column holds one of these words."""
    quoted = ", ".join(f"'{value}'" for value in allowed)
    return CheckConstraint(f"{column} IN ({quoted})", name=name)


def instant_text(at: datetime) -> str:
    """An instant as SQLite keeps it: UTC, always 32 characters, so text order is time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; sortable text on SQLite, `timestamptz` elsewhere."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return]  # a driver's own datetime
        return datetime.fromisoformat(value)
