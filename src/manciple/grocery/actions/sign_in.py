"""Signing in and out: sessions, refresh tokens in families, and what a wrong password costs."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from manciple.grocery.actions.audit import Deed, note
from manciple.grocery.actions.register import check_password, settled_email
from manciple.grocery.domain.people import Identity, SignIn
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, NotFound, NotSignedIn, TooMany
from manciple.kit.ids import new_id
from manciple.platform.security import lockout
from manciple.platform.security.addresses import limit_key
from manciple.platform.security.passwords import MAX_LENGTH, Passwords, Verdict
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

_WRONG = "The e-mail address or the password is wrong"


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


class SignPeopleIn:
    """Everything about sessions."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        *,
        passwords: Passwords,
        hashing: asyncio.Semaphore,
        keys: KeyRing,
        revocations: Revocations,
        lifetimes: Lifetimes,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._passwords = passwords
        self._keys = keys
        self._revocations = revocations
        self._lifetimes = lifetimes
        self._hashing = hashing

    async def sign_in(
        self, email: str, password: str, *, visit: Visit, as_browser: bool = False
    ) -> Entrance:
        """A new session for whoever knows the password.

        Raises:
            NotSignedIn: address or password is wrong; which, is not said.
            TooMany: after too many wrong ones.
        """
        email = settled_email(email)
        found, keys = await self._stores.write(lambda tx: self._count_try(tx, email, visit))
        verdict = await self._verified(password, found)
        if found is None or not verdict.is_right:
            deed = Deed(
                actor=found.user_id if found else "",
                address=visit.address,
                action="auth.signIn",
                outcome="wrong password" if found else "unknown address",
            )
            await self._stores.write(lambda tx: note(tx, deed))
            raise NotSignedIn(_WRONG)

        def work(tx: Transaction) -> Entrance:
            tx.identities.forgive(*keys)
            if verdict.upgraded is not None:
                tx.identities.set_password(found.user_id, verdict.upgraded)
            return self._begin(tx, found, visit, as_browser=as_browser)

        return await self._stores.write(work)

    async def enter(self, identity: Identity, *, visit: Visit, as_browser: bool) -> Entrance:
        """A new session for somebody who was registered just now."""
        return await self._stores.write(
            lambda tx: self._begin(tx, identity, visit, as_browser=as_browser)
        )

    async def refresh(self, token: str, *, visit: Visit) -> Entrance:
        """New tokens for a refresh token, which is used up; used twice, its session ends.

        Raises:
            NotSignedIn: it is none of ours, has run out, was used before, or its session ended.
        """
        token_hash = fingerprint(token)

        def work(tx: Transaction) -> Entrance | str:
            known = tx.sign_ins.refresh(token_hash)
            if known is None:
                return "The refresh token is not valid"
            session = tx.sign_ins.session(known.session_id)
            idle_s = self._lifetimes.idle_s
            if session is None or not session.is_open(tx.now, idle_s=idle_s):
                return "The session has ended; sign in again"
            if known.used_at is not None or not tx.sign_ins.use_refresh(token_hash):
                self._end(tx, session, why="refresh token used twice", visit=visit)
                return session.session_id
            identity = tx.identities.by_id(session.user_id)
            if identity.disabled_at is not None:
                return "The session has ended; sign in again"
            tx.sign_ins.touch(session.session_id)
            return self._client_entrance(tx, identity, session)

        outcome = await self._stores.write(work)
        if isinstance(outcome, Entrance):
            return outcome
        if " " not in outcome:
            self._tell([outcome])
            outcome = "The refresh token was used before; its session has been ended"
        raise NotSignedIn(outcome)

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

    async def confirm(self, user_id: str, password: str, *, visit: Visit, action: str) -> Identity:
        """The person, who said their password once more for an `action`.

        Raises:
            NotSignedIn: it is wrong.
            TooMany: after too many wrong ones.
            NotFound: the user has no password, as the one of an open house.
        """
        known = await self._stores.read(lambda tx: tx.identities.by_id(user_id))
        found, keys = await self._stores.write(lambda tx: self._count_try(tx, known.email, visit))
        verdict = await self._verified(password, found)
        if not verdict.is_right:
            deed = _deed(visit, user_id, action, user_id, outcome="wrong password")
            await self._stores.write(lambda tx: note(tx, deed))
            raise NotSignedIn("The password is wrong")
        await self._stores.write(lambda tx: tx.identities.forgive(*keys))
        return known

    async def change_password(self, user_id: str, old: str, new: str, *, visit: Visit) -> None:
        """Keeps a new password, and ends every session but this one.

        Raises:
            NotSignedIn: the old one is wrong.
            TooMany: after too many wrong ones.
            InvalidInput: the new one does not fit.
            NotFound: the user has no password, as the one of an open house.
        """
        known = await self.confirm(user_id, old, visit=visit, action="auth.changePassword")
        check_password(new, about=(known.email, known.display_name), where="newPassword")
        if new == old:
            raise InvalidInput.at("newPassword", "must differ from the old one")
        async with self._hashing:
            new_hash = await asyncio.to_thread(self._passwords.hash, new)

        def work(tx: Transaction) -> list[str]:
            tx.identities.set_password(user_id, new_hash)
            note(tx, _deed(visit, user_id, "auth.changePassword", user_id))
            return tx.sign_ins.end_sessions(user_id, why="password changed", but=visit.session_id)

        self._tell(await self._stores.write(work))

    def _count_try(
        self, tx: Transaction, email: str, visit: Visit
    ) -> tuple[Identity | None, tuple[str, str]]:
        """Counts a try before it is looked at, so that many at once do not slip through.

        Raises:
            TooMany: it is too early for another one.
        """
        keys = (fingerprint(f"{email}\n{limit_key(visit.address)}"), fingerprint(email))
        since = tx.now - timedelta(seconds=lockout.FORGET_AFTER_S)
        for key, free in zip(
            keys, (lockout.FREE_TRIES, lockout.FREE_TRIES_OF_ACCOUNT), strict=True
        ):
            failures, last_at = tx.identities.failures(key, since=since)
            wait_s = lockout.wait_s(failures, free=free)
            left_s = wait_s - (tx.now - last_at).total_seconds() if last_at else 0.0
            if left_s > 0:
                raise TooMany(wait_s=left_s)
        for key in keys:
            tx.identities.count_failure(key, since=since)
        return tx.identities.by_email(email), keys

    async def _verified(self, password: str, found: Identity | None) -> Verdict:
        known = None if found is None or found.disabled_at is not None else found.password_hash
        async with self._hashing:
            return await asyncio.to_thread(
                self._passwords.verify, password[: MAX_LENGTH + 1], known
            )

    def _begin(
        self, tx: Transaction, identity: Identity, visit: Visit, *, as_browser: bool
    ) -> Entrance:
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
        note(
            tx,
            Deed(
                actor=session.user_id,
                address=visit.address,
                action="auth.refresh",
                object_id=session.session_id,
                outcome=why,
            ),
        )

    async def _revoke(self, session_ids: Sequence[str], visit: Visit, *, why: str) -> None:
        def work(tx: Transaction) -> None:
            for session_id in session_ids:
                tx.sign_ins.revoke(session_id, why=why)
                actor = visit.principal.user_id or ""
                note(tx, _deed(visit, actor, "auth.signOut", session_id))

        await self._stores.write(work)
        self._tell(session_ids)

    def _tell(self, session_ids: Sequence[str]) -> None:
        self._revocations.add(session_ids, now_s=self._clock.now().timestamp())


def _deed(visit: Visit, actor: str, action: str, object_id: str, *, outcome: str = "done") -> Deed:
    return Deed(
        actor=actor, address=visit.address, action=action, object_id=object_id, outcome=outcome
    )
