"""What goes in and out of the procedures of sign-in, sessions and the audit trail."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

import msgspec

from manciple.api.numbered import RowId
from manciple.platform.rpc.procedure import Wire
from manciple.platform.security.visits import Via

Text = Annotated[str, msgspec.Meta(max_length=400)]
Name = Annotated[str, msgspec.Meta(max_length=80)]
GrantName = Literal["read", "write", "admin", "system"]
_GRANT_NAMES: tuple[GrantName, ...] = get_args(GrantName)
# A year; what lives longer is forgotten by whoever made it.
_LONGEST_TOKEN_DAYS = 366


class UserShape(Wire, frozen=True, kw_only=True):
    """A person; `grants` are what they may do."""

    user_id: str
    email: str | None
    display_name: str
    grants: tuple[GrantName, ...]


class MeShape(Wire, frozen=True, kw_only=True):
    """Whoever asks. `via` says how they are known, and `user` is null for strangers.

    `openHouse`: programs on this very machine need no sign-in. `needsSetup`: nobody was ever
    registered.
    """

    user: UserShape | None
    via: Via
    open_house: bool
    needs_setup: bool


class SignInInput(Wire, frozen=True, kw_only=True):
    """Address and password. `browser` asks for a cookie in place of tokens."""

    email: Text
    password: Text
    browser: bool = False


class RegisterInput(Wire, frozen=True, kw_only=True):
    """A new person; `invitation` is the code that a household gave."""

    email: Text
    password: Text
    display_name: Text
    invitation: Text | None = None
    browser: bool = False


class SetupInput(Wire, frozen=True, kw_only=True):
    """The first person of a house; `code` is what the terminal showed at start."""

    code: Text
    email: Text
    password: Text
    display_name: Text
    browser: bool = False


class RefreshInput(Wire, frozen=True, kw_only=True):
    """The refresh token that came last; it is used up by this."""

    refresh_token: Text


class EntranceShape(Wire, frozen=True, kw_only=True):
    """Who is signed in now. A browser that asked for a cookie is given no tokens.

    `accessToken` goes into `Authorization: Bearer …` until `accessExpiresAt`; `refreshToken` is
    exchanged once, and the session ends at `sessionExpiresAt` if it never is.
    """

    user: UserShape
    session_id: str
    session_expires_at: datetime
    access_token: str | None
    access_expires_at: datetime | None
    refresh_token: str | None


class SignedOut(Wire, frozen=True, kw_only=True):
    """How many sessions were ended."""

    sessions: int


class ChangePasswordInput(Wire, frozen=True, kw_only=True):
    """The old password and the new one; every other session ends."""

    old_password: Text
    new_password: Text


class DeleteAccountInput(Wire, frozen=True, kw_only=True):
    """Your password, so that nobody else at your screen does it."""

    password: Text


class Erased(Wire, frozen=True, kw_only=True):
    """That nothing is left."""

    erased: bool


class ExportShape(Wire, frozen=True, kw_only=True):
    """What is kept of somebody: rows by the names of their tables and columns."""

    exported_at: datetime
    kept: Mapping[str, Sequence[Mapping[str, Any]]]


class CreateTokenInput(Wire, frozen=True, kw_only=True):
    """A token for a program; without `expiresInDays` it lives until it is revoked."""

    name: Name
    grants: tuple[GrantName, ...] = ("read",)
    expires_in_days: Annotated[int, msgspec.Meta(ge=1, le=_LONGEST_TOKEN_DAYS)] | None = None


class TokenShape(Wire, frozen=True, kw_only=True):
    """A token for programs, without its secret."""

    token_id: str
    name: str
    grants: tuple[GrantName, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class NewTokenShape(Wire, frozen=True, kw_only=True):
    """A new token. `secret` is shown this once; keep it where the program can read it."""

    token: TokenShape
    secret: str


class TokensPage(Wire, frozen=True, kw_only=True):
    """Your tokens, newest first."""

    tokens: tuple[TokenShape, ...]


class RevokeTokenInput(Wire, frozen=True, kw_only=True):
    """Which token ends."""

    token_id: Text


class TicketShape(Wire, frozen=True, kw_only=True):
    """A word that lets one socket in, once, for so many seconds."""

    ticket: str
    expires_in_s: int


class SessionShape(Wire, frozen=True, kw_only=True):
    """Where you are signed in; `current` is the session that asks."""

    session_id: str
    kind: str
    agent: str
    address: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool


class SessionsPage(Wire, frozen=True, kw_only=True):
    """Your open sessions, newest first."""

    sessions: tuple[SessionShape, ...]


class RevokeSessionInput(Wire, frozen=True, kw_only=True):
    """Which session ends."""

    session_id: Text


class AuditInput(Wire, frozen=True, kw_only=True):
    """Which entries: up to `limit`, before the one of number `before`, of one person if said."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50
    before: RowId | None = None
    actor: Text | None = None


class AuditEntryShape(Wire, frozen=True, kw_only=True):
    """Who did what to which object, from where; `hash` covers all entries before it too."""

    seq: int
    at: datetime
    actor: str
    address: str
    action: str
    object_id: str
    outcome: str
    details: str
    hash: str


class AuditPage(Wire, frozen=True, kw_only=True):
    """Entries, newest first; `next` is the `before` of the next page, where there is one."""

    entries: tuple[AuditEntryShape, ...]
    next: int | None


class AuditVerdict(Wire, frozen=True, kw_only=True):
    """Whether the trail is whole; if not, the first entry that does not follow, or the problem.

    `checkpoint` is the entry that was noted outside of the database, which must still be there.
    """

    ok: bool
    entries: int
    first_broken: int | None
    checkpoint: int | None
    problem: str | None
    newest_hash: str


def grant_names(grants: Iterable[str]) -> tuple[GrantName, ...]:
    """Grants in their own order, by the names that the wire knows."""
    return tuple(name for grant in grants for name in _GRANT_NAMES if name == grant)
