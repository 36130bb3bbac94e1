"""Sessions of people who signed in, their refresh tokens, and tokens for programs.

Tokens come here as hashes. What is revoked stays as a row for a while; that it was, every process
hears from `access_changes`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from manciple.grocery.domain.people import ApiToken, SignIn
from manciple.grocery.stores.schema_security import api_tokens, auth_sessions, refresh_tokens
from manciple.kit.errors import NotFound

_s = auth_sessions.c
_r = refresh_tokens.c
_t = api_tokens.c


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """A refresh token as it is remembered."""

    session_id: str
    expires_at: datetime
    used_at: datetime | None


_SESSIONS = select(
    _s.id,
    _s.user_id,
    _s.kind,
    _s.agent,
    _s.address,
    _s.created_at,
    _s.last_used_at,
    _s.expires_at,
    _s.revoked_at,
)
_TOKENS = select(
    _t.id,
    _t.user_id,
    _t.name,
    _t.grants,
    _t.created_at,
    _t.last_used_at,
    _t.expires_at,
    _t.revoked_at,
)


class SignIns:
    """Sessions and tokens inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def begin(self, session: SignIn, *, cookie_hash: str | None = None) -> None:
        """Keeps a new session."""
        self._connection.execute(
            insert(auth_sessions),
            {
                "id": session.session_id,
                "user_id": session.user_id,
                "kind": session.kind,
                "cookie_hash": cookie_hash,
                "agent": session.agent,
                "address": session.address,
                "created_at": session.created_at,
                "last_used_at": session.last_used_at,
                "expires_at": session.expires_at,
            },
        )

    def session(self, session_id: str) -> SignIn | None:
        """One session, revoked or not."""
        return self._session(_s.id == session_id)

    def by_cookie(self, cookie_hash: str) -> SignIn | None:
        """The session of a browser's cookie, revoked or not."""
        return self._session(_s.cookie_hash == cookie_hash)

    def sessions(self, user_id: str) -> Sequence[SignIn]:
        """The sessions of a user that are open, newest first."""
        rows = self._connection.execute(
            _SESSIONS.where(
                _s.user_id == user_id, _s.revoked_at.is_(None), _s.expires_at > self._now
            ).order_by(_s.created_at.desc())
        )
        return [_sign_in(row) for row in rows]

    def touch(self, session_id: str) -> None:
        """Notes that a session was used just now."""
        self._connection.execute(
            update(auth_sessions).where(_s.id == session_id).values(last_used_at=self._now)
        )

    def revoke(self, session_id: str, *, why: str) -> bool:
        """Ends a session; whether it was open."""
        done = self._connection.execute(
            update(auth_sessions)
            .where(_s.id == session_id, _s.revoked_at.is_(None))
            .values(revoked_at=self._now, revoked_why=why)
        )
        return done.rowcount > 0

    def overdue(self, *, idle_s: float) -> Sequence[str]:
        """The ids of sessions and tokens that ran out, or were left alone, and are not ended."""
        left_at = self._now - timedelta(seconds=idle_s)
        is_over = or_(_s.expires_at <= self._now, _s.last_used_at <= left_at)
        found = select(_s.id).where(_s.revoked_at.is_(None), is_over)
        tokens = select(_t.id).where(_t.revoked_at.is_(None), _t.expires_at <= self._now)
        return self._connection.execute(found.union_all(tokens)).scalars().all()

    def end(self, credential_ids: Sequence[str], *, why: str) -> None:
        """Ends sessions and tokens, whichever these are."""
        ended = {"revoked_at": self._now}
        of_sessions = update(auth_sessions).where(_s.id.in_(credential_ids))
        self._connection.execute(of_sessions.values(**ended, revoked_why=why))
        of_tokens = update(api_tokens).where(_t.id.in_(credential_ids))
        self._connection.execute(of_tokens.values(**ended))

    def end_sessions(self, user_id: str, *, why: str, but: str | None = None) -> list[str]:
        """Ends the open sessions of a user, all `but` one; the ids of those that it ended."""
        open_now = [each.session_id for each in self.sessions(user_id)]
        ended = [session_id for session_id in open_now if session_id != but]
        self.end(ended, why=why)
        return ended

    def forget(self, *, before: datetime) -> None:
        """Deletes sessions, with their refresh tokens, and tokens that ended before an instant."""
        for table in (auth_sessions, api_tokens):
            self._connection.execute(delete(table).where(table.c.revoked_at < before))

    def add_refresh(self, token_hash: str, session_id: str, *, expires_at: datetime) -> None:
        """Keeps a refresh token of a session."""
        self._connection.execute(
            insert(refresh_tokens),
            {
                "token_hash": token_hash,
                "session_id": session_id,
                "created_at": self._now,
                "expires_at": expires_at,
            },
        )

    def refresh(self, token_hash: str) -> Refresh | None:
        """A refresh token, used or not."""
        row = self._connection.execute(
            select(_r.session_id, _r.expires_at, _r.used_at).where(_r.token_hash == token_hash)
        ).one_or_none()
        if row is None:
            return None
        return Refresh(session_id=row[0], expires_at=row[1], used_at=row[2])

    def use_refresh(self, token_hash: str) -> bool:
        """Marks a refresh token as used; False if somebody was faster."""
        done = self._connection.execute(
            update(refresh_tokens)
            .where(_r.token_hash == token_hash, _r.used_at.is_(None))
            .values(used_at=self._now)
        )
        return done.rowcount == 1

    def add_token(self, token: ApiToken, *, token_hash: str) -> None:
        """Keeps a new token for programs."""
        self._connection.execute(
            insert(api_tokens),
            {
                "id": token.token_id,
                "user_id": token.user_id,
                "name": token.name,
                "token_hash": token_hash,
                "grants": " ".join(token.grants),
                "created_at": token.created_at,
                "expires_at": token.expires_at,
            },
        )

    def token(self, token_hash: str) -> ApiToken | None:
        """The token of that hash, revoked or not."""
        row = self._connection.execute(_TOKENS.where(_t.token_hash == token_hash)).one_or_none()
        return None if row is None else _token(row)

    def tokens(self, user_id: str) -> Sequence[ApiToken]:
        """The tokens of a user that were not revoked, newest first."""
        rows = self._connection.execute(
            _TOKENS.where(_t.user_id == user_id, _t.revoked_at.is_(None)).order_by(
                _t.created_at.desc()
            )
        )
        return [_token(row) for row in rows]

    def touch_token(self, token_id: str) -> None:
        """Notes that a token was used just now."""
        self._connection.execute(
            update(api_tokens).where(_t.id == token_id).values(last_used_at=self._now)
        )

    def revoke_token(self, token_id: str, *, user_id: str) -> None:
        """Ends a token.

        Raises:
            NotFound: the user has no such token.
        """
        done = self._connection.execute(
            update(api_tokens)
            .where(_t.id == token_id, _t.user_id == user_id, _t.revoked_at.is_(None))
            .values(revoked_at=self._now)
        )
        if done.rowcount != 1:
            raise NotFound("token", token_id)

    def _session(self, condition: ColumnElement[bool]) -> SignIn | None:
        row = self._connection.execute(_SESSIONS.where(condition)).one_or_none()
        return None if row is None else _sign_in(row)


def _sign_in(row: Any) -> SignIn:
    return SignIn(**dict(zip(SignIn.__struct_fields__, row, strict=True)))


def _token(row: Any) -> ApiToken:
    fields = dict(zip(ApiToken.__struct_fields__, row, strict=True))
    return ApiToken(**{**fields, "grants": tuple(fields["grants"].split())})
