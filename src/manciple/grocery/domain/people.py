"""People who can sign in, where they are signed in, with whom they live, and what they did."""

from datetime import datetime, timedelta

import msgspec

# Who everybody is in a house without sign-in; the first to register takes it over.
LOCAL_ID = "local"
# As whom the house asks its own doors so that answers are ready; what it asks is nobody's use.
WARMER_ID = "cache-warmer"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """A person who can sign in; `grants` are names."""

    user_id: str
    email: str
    display_name: str
    password_hash: str
    grants: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """One session: a browser's or a program's; `kind` is "browser" or "client"."""

    session_id: str
    user_id: str
    kind: str
    agent: str
    address: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def is_open(self, now: datetime, *, idle_s: float) -> bool:
        """Whether it may be used: neither ended, nor too old, nor left alone for too long."""
        is_left = now - self.last_used_at >= timedelta(seconds=idle_s)
        return self.revoked_at is None and now < self.expires_at and not is_left


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A named token for programs; `grants` are names."""

    token_id: str
    user_id: str
    name: str
    grants: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a household; `role` is "owner", "member" or "guest"."""

    user_id: str
    display_name: str
    role: str


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """A household as one of its members sees it."""

    household_id: str
    name: str
    role: str


class OpenInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that nobody has used; its id opens nothing. `invited_by` is a name."""

    invitation_id: str
    role: str
    invited_by: str
    created_at: datetime
    expires_at: datetime


class AuditRow(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One entry; `hash` covers all before it."""

    seq: int
    at: str
    actor: str
    address: str
    action: str
    object_id: str
    outcome: str
    details: str
    previous: str
    hash: str
