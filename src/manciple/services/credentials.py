"""Whom a credential stands for: tokens, cookies and tickets, looked up or remembered.

Signed tokens say it themselves. What takes a look at the database is believed for a minute, unless
it is revoked before.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from manciple.grocery.domain.people import Identity
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import NotFound, NotSignedIn
from manciple.platform.security.permissions import Grant, Principal
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import (
    API_PREFIX,
    SESSION_PREFIX,
    Claims,
    KeyRing,
    Use,
    fingerprint,
)
from manciple.platform.security.visits import Via

# A look at the database each minute for each credential; revoking does not wait for it.
KEEP_S = 60.0
_MAX_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom a credential stands for, and until when that may be believed."""

    principal: Principal
    via: Via
    session_id: str | None
    token_id: str | None
    until_s: float
    expires_at_s: float | None

    @property
    def credential_id(self) -> str | None:
        return self.session_id or self.token_id


class KnownCredentials:
    """Reads the credentials that are brought, and remembers whose they were."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        *,
        keys: KeyRing,
        revocations: Revocations,
        idle_s: float,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._keys = keys
        self._revocations = revocations
        self._idle_s = idle_s
        self._known: OrderedDict[str, Known] = OrderedDict()

    def at_once(self, secret: str, via: Via) -> Known | None:
        """Whose it is, if that is known without waiting; None if it takes a look.

        Raises:
            NotSignedIn: it is a signed token that is not valid, or not any more.
        """
        known = self._kept(secret, is_cookie=via is Via.COOKIE)
        if known is None and via is Via.ACCESS and not secret.startswith(API_PREFIX):
            claims = self._claims(secret, Use.ACCESS)
            known = self._keep(secret, _of_claims(claims, Via.ACCESS))
        return known

    async def look_up(self, secret: str, via: Via) -> Known:
        """Whose cookie or whose token of a program it is.

        Raises:
            NotSignedIn: nobody's, or it has ended.
        """
        is_cookie = via is Via.COOKIE
        if not secret.startswith(SESSION_PREFIX if is_cookie else API_PREFIX):
            raise NotSignedIn("The token is not valid")
        token_hash = fingerprint(secret)
        find = self._session_of if is_cookie else self._token_of
        return self._keep(secret, await self._stores.write(lambda tx: find(tx, token_hash)))

    async def redeem(self, ticket: str) -> Known:
        """Whose ticket it is, which is used up by that.

        Raises:
            NotSignedIn: it is not valid, or was used before.
        """
        claims = self._claims(ticket, Use.TICKET)

        def work(tx: Transaction) -> bool:
            key = {"route": "ticket", "body_hash": fingerprint(ticket)}
            return tx.idempotency.claim(claims.sub, f"ticket:{claims.jti}", **key) is None

        if not await self._stores.write(work):
            raise NotSignedIn("The ticket was used before")
        return _of_claims(claims, Via.TICKET)

    def _claims(self, token: str, use: Use) -> Claims:
        claims = self._keys.read(token, now_s=self._now_s(), use=use)
        if claims.sid in self._revocations:
            raise NotSignedIn("The session has ended; sign in again")
        return claims

    def _kept(self, secret: str, *, is_cookie: bool) -> Known | None:
        """Whom a credential was found to stand for, if it is brought as it was then."""
        known = self._known.get(fingerprint(secret))
        if known is None or known.until_s <= self._now_s():
            return None
        if (known.via is Via.COOKIE) is not is_cookie:
            return None
        return None if known.credential_id in self._revocations else known

    def _keep(self, secret: str, known: Known) -> Known:
        self._known[fingerprint(secret)] = known
        if len(self._known) > _MAX_KEPT:
            self._known.popitem(last=False)
        return known

    def _session_of(self, tx: Transaction, cookie_hash: str) -> Known:
        session = tx.sign_ins.by_cookie(cookie_hash)
        if session is None or not session.is_open(tx.now, idle_s=self._idle_s):
            raise NotSignedIn("The session has ended; sign in again")
        tx.sign_ins.touch(session.session_id)
        identity = _enabled(tx, session.user_id)
        expires_at_s = session.expires_at.timestamp()
        return Known(
            principal=_principal(identity.user_id, identity.grants),
            via=Via.COOKIE,
            session_id=session.session_id,
            token_id=None,
            until_s=min(self._now_s() + KEEP_S, expires_at_s),
            expires_at_s=expires_at_s,
        )

    def _token_of(self, tx: Transaction, token_hash: str) -> Known:
        token = tx.sign_ins.token(token_hash)
        if token is None or token.revoked_at is not None:
            raise NotSignedIn("The token is not valid")
        expires_at_s = None if token.expires_at is None else token.expires_at.timestamp()
        if expires_at_s is not None and expires_at_s <= self._now_s():
            raise NotSignedIn("The token has run out")
        tx.sign_ins.touch_token(token.token_id)
        identity = _enabled(tx, token.user_id)
        keep_until_s = self._now_s() + KEEP_S
        return Known(
            principal=_principal(identity.user_id, {*token.grants} & {*identity.grants}),
            via=Via.API_TOKEN,
            session_id=None,
            token_id=token.token_id,
            until_s=min(keep_until_s, expires_at_s or keep_until_s),
            expires_at_s=expires_at_s,
        )

    def _now_s(self) -> float:
        return self._clock.now().timestamp()


def _of_claims(claims: Claims, via: Via) -> Known:
    is_token = claims.sid.startswith("apitoken")
    return Known(
        principal=_principal(claims.sub, claims.scope.split()),
        via=via,
        session_id=None if is_token else claims.sid or None,
        token_id=claims.sid if is_token else None,
        until_s=float(claims.exp),
        expires_at_s=None,
    )


def _principal(user_id: str, grants: Collection[str]) -> Principal:
    return Principal(user_id=user_id, grants=frozenset(Grant(name) for name in grants))


def _enabled(tx: Transaction, user_id: str) -> Identity:
    try:
        identity = tx.identities.by_id(user_id)
    except NotFound as error:
        raise NotSignedIn("The token is not valid") from error
    if identity.disabled_at is not None:
        raise NotSignedIn("The token is not valid")
    return identity
