"""Tables of who may come in, and of who did what. Secrets are kept as hashes only."""

from collections.abc import Iterable

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    event,
    text,
)

from manciple.platform.db.tables import Instant, metadata

_ID = String(64)
_HASH = String(64)

user_credentials = Table(
    "user_credentials",
    metadata,
    # Who has a row here can sign in; the local user of an open house has none.
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    # Names of grants, joined by one space.
    Column("grants", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("password_changed_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

auth_sessions = Table(
    "auth_sessions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    # "browser": a cookie; "client": access and refresh tokens, of which the session is the family.
    Column("kind", String(10), nullable=False),
    # The hash of a browser's cookie.
    Column("cookie_hash", _HASH, unique=True),
    Column("agent", String(200), nullable=False, server_default=""),
    Column("address", String(64), nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_why", String(40)),
    CheckConstraint("kind IN ('browser', 'client')", name="kind_is_known"),
    Index("ix_auth_sessions_user_id", "user_id", "created_at"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", _HASH, primary_key=True),
    Column("session_id", ForeignKey("auth_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    # Set when it was exchanged; whoever brings it again stole it, or was stolen from.
    Column("used_at", Instant),
    Index("ix_refresh_tokens_session_id", "session_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("token_hash", _HASH, nullable=False, unique=True),
    Column("grants", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Index("ix_api_tokens_user_id", "user_id", "created_at"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    # A hash of account and address, or of the account alone; also of accounts that do not exist.
    Column("key", _HASH, primary_key=True),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("last_at", Instant, nullable=False),
)

household_invitations = Table(
    "household_invitations",
    metadata,
    Column("code_hash", _HASH, primary_key=True),
    Column("household_id", ForeignKey("households.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(10), nullable=False),
    Column("invited_by", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    CheckConstraint("role IN ('member', 'guest')", name="role_is_known"),
    Index("ix_household_invitations_household_id", "household_id"),
)

audit_trail = Table(
    "audit_trail",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # Texts exactly as they were hashed. No foreign keys: the trail outlives what it tells of.
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("action", String(60), nullable=False),
    Column("object_id", String(100), nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", _HASH, nullable=False),
    Column("hash", _HASH, nullable=False),
    Index("ix_audit_trail_actor", "actor", "seq"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", _ID, primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("route", String(100), nullable=False),
    Column("body_hash", _HASH, nullable=False),
    # JSON; NULL while the call runs. An empty text: the procedure gives nothing.
    Column("answer", Text),
    Column("created_at", Instant, nullable=False),
    Index("ix_idempotency_keys_created_at", "created_at"),
)

access_changes = Table(
    "access_changes",
    metadata,
    # Counted on for ever, so that whoever has read up to a number has missed nothing.
    Column("seq", Integer, primary_key=True, autoincrement=True),
    # A session or a token for programs that ended; NULL: somebody was registered or erased.
    Column("credential_id", _ID),
    Column("at", Instant, nullable=False),
    Index("ix_access_changes_at", "at"),
    sqlite_autoincrement=True,
)

rate_counts = Table(
    "rate_counts",
    metadata,
    # A fingerprint of whose calls these are.
    Column("key", _HASH, primary_key=True),
    Column("window_s", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    # By the machine's monotonic clock.
    Column("until_s", Float, nullable=False),
)

_NOTES_REVOKED = (
    "CREATE TRIGGER {table}_notes_revoked AFTER UPDATE OF revoked_at ON {table} "
    "WHEN OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL "
    "BEGIN INSERT INTO access_changes (credential_id, at) VALUES (NEW.id, NEW.revoked_at); END"
)
_NOTES_PEOPLE = (
    "CREATE TRIGGER user_credentials_notes_{verb} AFTER {VERB} ON user_credentials "
    "BEGIN INSERT INTO access_changes (at) VALUES ({row}.created_at); END"
)
NOTES_ACCESS_CHANGES = {
    **{table: (_NOTES_REVOKED.format(table=table.name),) for table in (auth_sessions, api_tokens)},
    user_credentials: tuple(
        _NOTES_PEOPLE.format(verb=verb, VERB=verb.upper(), row=row)
        for verb, row in (("insert", "NEW"), ("delete", "OLD"))
    ),
}

KEEPS_AUDIT_TRAIL = tuple(
    f"CREATE TRIGGER audit_trail_takes_no_{verb} BEFORE {verb.upper()} ON audit_trail "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    for verb in ("update", "delete")
)


def _with_triggers(table: Table, statements: Iterable[str]) -> None:
    def add(_table: Table, connection: Connection, **_: object) -> None:
        if connection.dialect.name == "sqlite":
            for statement in statements:
                connection.exec_driver_sql(statement)

    event.listen(table, "after_create", add)


_with_triggers(audit_trail, KEEPS_AUDIT_TRAIL)
for _table, _statements in NOTES_ACCESS_CHANGES.items():
    _with_triggers(_table, _statements)
