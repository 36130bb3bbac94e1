"""Sessions of those who signed in: begun, renewed by refresh tokens in families, ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from manciple.grocery.actions.audit import Deed, note
from manciple.grocery.domain.people import Identity, SignIn
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import NotFound, NotSignedIn
from manciple.kit.ids import new_id
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import (
    REFRESH_PREFIX,
    SESSION_PREFIX,
    Claims,
    KeyRing,
    fingerprint,
    new_secret,
)
from manciple.platform.security.visits import Visit

_ENDED = "The session has ended; sign in again"


class Lifetimes(msgspec.Struct, frozen=True, kw_only=True):
    """How long things live, in seconds."""

    access_s: int
    session_s: int
    idle_s: int


class Entrance(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody who signed in is given; a browser gets a cookie, a program the two tokens."""

    identity: Identity
    session_id: str
    expires_at: datetime
    access_token: str | None = None
    access_expires_at: datetime | None = None
    refresh_token: str | None = None
    cookie: str | None = None


class KeepSignIns:
    """What becomes of a session, from its begin to its end."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        *,
        keys: KeyRing,
        revocations: Revocations,
        lifetimes: Lifetimes,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._keys = keys
        self._revocations = revocations
        self._lifetimes = lifetimes

    async def enter(self, identity: Identity, *, visit: Visit, as_browser: bool) -> Entrance:
        """A new session for somebody who was registered just now."""
        return await self._stores.write(
            lambda tx: self.begin(tx, identity, visit, as_browser=as_browser)
        )

    def begin(
        self, tx: Transaction, identity: Identity, visit: Visit, *, as_browser: bool
    ) -> Entrance:
        """A new session, in the transaction that found out who it is for."""
        cookie = new_secret(SESSION_PREFIX) if as_browser else None
        session = SignIn(
            session_id=new_id("session", self._clock),
            user_id=identity.user_id,
            kind="browser" if as_browser else "client",
            agent=visit.agent[:200],
            address=visit.address[:64],
            created_at=tx.now,
            last_used_at=tx.now,
            expires_at=tx.now + timedelta(seconds=self._lifetimes.session_s),
        )
        tx.sign_ins.begin(session, cookie_hash=None if cookie is None else fingerprint(cookie))
        note(tx, _deed(visit, identity.user_id, "auth.signIn", session.session_id))
        if cookie is None:
            return self._client_entrance(tx, identity, session)
        return Entrance(
            identity=identity,
            session_id=session.session_id,
            expires_at=session.expires_at,
            cookie=cookie,
        )

    async def refresh(self, token: str, *, visit: Visit) -> Entrance:
        """New tokens for a refresh token, which is used up; used twice, its session ends.

        Raises:
            NotSignedIn: it is none of ours, has run out, was used before, or its session ended.
        """
        token_hash = fingerprint(token)

        def work(tx: Transaction) -> Entrance | SignIn | NotSignedIn:
            known = tx.sign_ins.refresh(token_hash)
            if known is None:
                return NotSignedIn("The refresh token is not valid")
            session = tx.sign_ins.session(known.session_id)
            idle_s = self._lifetimes.idle_s
            if session is None or not session.is_open(tx.now, idle_s=idle_s):
                return NotSignedIn(_ENDED)
            if known.used_at is not None or not tx.sign_ins.use_refresh(token_hash):
                self._end(tx, session, why="refresh token used twice", visit=visit)
                return session
            identity = tx.identities.by_id(session.user_id)
            if identity.disabled_at is not None:
                return NotSignedIn(_ENDED)
            tx.sign_ins.touch(session.session_id)
            return self._client_entrance(tx, identity, session)

        # Nothing is raised inside: what ends a session must be committed.
        outcome = await self._stores.write(work)
        if isinstance(outcome, SignIn):
            self.tell([outcome.session_id])
            raise NotSignedIn("The refresh token was used before; its session has been ended")
        if isinstance(outcome, NotSignedIn):
            raise outcome
        return outcome

    async def sign_out(self, visit: Visit) -> None:
        """Ends the session that the visit came by; nothing happens if it came by none."""
        if visit.session_id is not None:
            await self._revoke([visit.session_id], visit, why="signed out")

    async def sign_out_everywhere(self, user_id: str, visit: Visit) -> int:
        """Ends every session of a user; how many there were. Tokens for programs stay."""
        open_now = await self.sessions(user_id)
        await self._revoke([each.session_id for each in open_now], visit, why="everywhere")
        return len(open_now)

    async def sessions(self, user_id: str) -> Sequence[SignIn]:
        """The open sessions of a user, newest first."""
        return await self._stores.read(lambda tx: tx.sign_ins.sessions(user_id))

    async def revoke(self, session_id: str, *, user_id: str | None, visit: Visit) -> None:
        """Ends one session; of `user_id` only, if that is given.

        Raises:
            NotFound: there is no such open session.
        """
        found = await self._stores.read(lambda tx: tx.sign_ins.session(session_id))
        is_theirs = found is not None and user_id in {None, found.user_id}
        if found is None or not is_theirs or found.revoked_at is not None:
            raise NotFound("session", session_id)
        await self._revoke([session_id], visit, why="revoked")

    def tell(self, session_ids: Sequence[str]) -> None:
        """Makes it known that these sessions have ended: what they opened closes."""
        self._revocations.add(session_ids, now_s=self._clock.now().timestamp())

    def _client_entrance(self, tx: Transaction, identity: Identity, session: SignIn) -> Entrance:
        refresh_token = new_secret(REFRESH_PREFIX)
        now_s = int(tx.now.timestamp())
        exp_s = min(now_s + self._lifetimes.access_s, int(session.expires_at.timestamp()))
        tx.sign_ins.add_refresh(
            fingerprint(refresh_token), session.session_id, expires_at=session.expires_at
        )
        claims = Claims(
            sub=identity.user_id,
            sid=session.session_id,
            jti=new_id("token", self._clock),
            scope=" ".join(identity.grants),
            iat=now_s,
            exp=exp_s,
        )
        return Entrance(
            identity=identity,
            session_id=session.session_id,
            expires_at=session.expires_at,
            access_token=self._keys.sign(claims),
            access_expires_at=datetime.fromtimestamp(exp_s, tx.now.tzinfo),
            refresh_token=refresh_token,
        )

    def _end(self, tx: Transaction, session: SignIn, *, why: str, visit: Visit) -> None:
        tx.sign_ins.revoke(session.session_id, why=why[:40])
        note(tx, _deed(visit, session.user_id, "auth.refresh", session.session_id, outcome=why))

    async def _revoke(self, session_ids: Sequence[str], visit: Visit, *, why: str) -> None:
        def work(tx: Transaction) -> None:
            for session_id in session_ids:
                tx.sign_ins.revoke(session_id, why=why)
                actor = visit.principal.user_id or ""
                note(tx, _deed(visit, actor, "auth.signOut", session_id))

        await self._stores.write(work)
        self.tell(session_ids)


def _deed(visit: Visit, actor: str, action: str, session_id: str, *, outcome: str = "done") -> Deed:
    return Deed(
        actor=actor, address=visit.address, action=action, object_id=session_id, outcome=outcome
    )
