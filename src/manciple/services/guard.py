"""Who is at the door: the one place that turns headers, tokens and addresses into a principal.

What needs no look at the database is known at once: signed tokens, the open house, and whatever
was looked up a moment ago. What was revoked is not believed any more, within a second even if
another process revoked it.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from manciple.grocery.domain.people import LOCAL_ID, Identity
from manciple.grocery.stores.access_changes import AccessChange
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import NotAllowed, NotFound, NotSignedIn
from manciple.platform.security import addresses, csrf
from manciple.platform.security.cookies import SESSION_COOKIE, cookie_of
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
from manciple.platform.security.visits import OPEN_HOUSE, Via, Visit
from manciple.services.setting_rooms import SecuritySettings

# The user of an open house, and of the terminal. Not an administrator.
LOCAL_USER = Principal(user_id=LOCAL_ID, grants=frozenset({Grant.READ, Grant.WRITE}))
# A look at the database each minute for each credential; revoking does not wait for it.
KEEP_S = 60.0
_MAX_KEPT = 10_000
_COOKIE_NAME = SESSION_COOKIE.encode()

RawHeaders = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
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


class Guard:
    """Looks at everybody who comes. `refresh` must be called before the first one does."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        *,
        keys: KeyRing,
        revocations: Revocations,
        settings: SecuritySettings,
        origins: Collection[str] = (),
    ) -> None:
        self.revocations = revocations
        self.origins = frozenset(origin.encode() for origin in origins if origin != "*")
        self._stores = stores
        self._clock = clock
        self._keys = keys
        self._mode = settings.open_house
        self._idle_s = settings.idle_s
        self._trusted = addresses.networks(settings.trusted_proxies)
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._has_people = True
        self._seen = 0

    @property
    def is_open_house(self) -> bool:
        """Whether programs on this machine need no sign-in."""
        return self._mode == "on" or (self._mode == "auto" and not self._has_people)

    @property
    def has_people(self) -> bool:
        """Whether anybody was ever registered."""
        return self._has_people

    async def refresh(self) -> None:
        """Sees what changed since: who was revoked, and whether somebody came.

        The first time that is everything which still matters, from before this process began.
        """

        def work(tx: Transaction) -> tuple[Sequence[AccessChange], bool]:
            changes = tx.access_changes.after(self._seen)
            is_about_people = not self._seen or any(one.credential_id is None for one in changes)
            return changes, not tx.identities.is_empty() if is_about_people else self._has_people

        was_open = self.is_open_house
        changes, self._has_people = await self._stores.read(work)
        if changes:
            self._seen = max(self._seen, changes[-1].seq)
        revoked = [one.credential_id for one in changes if one.credential_id is not None]
        if was_open and not self.is_open_house:
            # Whoever is connected was let in without a sign-in; now it takes one.
            revoked.append(OPEN_HOUSE)
        if revoked:
            self.revocations.add(revoked, now_s=self._now_s())

    async def households_of(self, user_id: str) -> frozenset[str]:
        """The ids of the households that somebody lives in."""
        return await self._stores.read(lambda tx: frozenset(tx.users.household_ids(user_id)))

    def at_once(self, headers: RawHeaders, peer: str) -> Visit | None:
        """The visit, if it is known without waiting; None if that takes a look."""
        secret, via = self._brought(headers)
        if secret is None:
            return self._without_credentials(headers, peer)
        known = self._kept(secret, is_cookie=via is Via.COOKIE)
        if known is None and via is Via.ACCESS and not secret.startswith(API_PREFIX):
            known = self._keep(secret, self._read_access(secret))
        if known is None:
            return None
        return self._visit(known, headers, peer)

    def may_be_at_home(self, headers: RawHeaders) -> bool:
        """Whether an open house serves who sends this from its own machine, by headers alone."""
        return (
            b"authorization" not in headers
            and b"cookie" not in headers
            and addresses.is_direct_by_local_name(headers)
            and not csrf.is_foreign(headers, self.origins)
        )

    async def visit(self, headers: RawHeaders, peer: str) -> Visit:
        """The visit, whatever it takes; a credential that is not taken is its `failure`."""
        try:
            visit = self.at_once(headers, peer)
            if visit is None:
                secret, via = self._brought(headers)
                known = self._keep(secret or "", await self._look_up(secret or "", via))
                visit = self._visit(known, headers, peer)
        except NotSignedIn as error:
            visit = self._stranger(headers, peer)
            visit.failure = error
        return visit

    async def introduce(self, visit: Visit, params: Mapping[str, str]) -> None:
        """Takes what a client says of itself once it is connected: a token or a ticket.

        Raises:
            NotSignedIn: it is not taken.
        """
        secret = params.get("ticket") or params.get("token") or _bearer(params.get("authorization"))
        if secret is None:
            return
        if "ticket" in params:
            known = await self._redeem(secret)
        else:
            known = self._kept(secret, is_cookie=False) or self._keep(
                secret, await self._known_by(secret)
            )
        visit.failure = None
        _take(visit, known)

    async def who(
        self,
        headers: Mapping[str, str],
        address: str,
        *,
        token: str | None = None,
        ticket: str | None = None,
    ) -> Principal:
        """The principal behind a connection; for doors that keep no visit.

        Raises:
            NotSignedIn: what was brought is not taken.
        """
        visit = await self.visit(_raw(headers), address)
        given = {"token": token, "ticket": ticket}
        await self.introduce(visit, {name: text for name, text in given.items() if text})
        if visit.failure is not None:
            raise visit.failure
        return visit.principal

    def _brought(self, headers: RawHeaders) -> tuple[str | None, Via]:
        authorization = headers.get(b"authorization")
        if authorization is not None:
            return _bearer(authorization.decode("latin-1")) or "", Via.ACCESS
        cookie = headers.get(b"cookie")
        if cookie is None or _COOKIE_NAME not in cookie:
            return None, Via.STRANGER
        return cookie_of(cookie, SESSION_COOKIE) or "", Via.COOKIE

    def _without_credentials(self, headers: RawHeaders, peer: str) -> Visit:
        visit = self._stranger(headers, peer)
        if (
            self.is_open_house
            and addresses.is_direct_and_local(peer, headers)
            and not csrf.is_foreign(headers, self.origins)
        ):
            visit.principal, visit.via = LOCAL_USER, Via.OPEN_HOUSE
        return visit

    def _stranger(self, headers: RawHeaders, peer: str) -> Visit:
        return Visit(
            address=addresses.client_address(peer, headers, self._trusted),
            agent=headers.get(b"user-agent", b"").decode("latin-1")[:200],
        )

    def _visit(self, known: _Known, headers: RawHeaders, peer: str) -> Visit:
        visit = self._stranger(headers, peer)
        if known.via is Via.COOKIE and csrf.is_foreign(headers, self.origins):
            visit.failure = NotAllowed("a request from a page of this house")
        else:
            _take(visit, known)
        return visit

    def _kept(self, secret: str, *, is_cookie: bool) -> _Known | None:
        """Whom a credential was found to stand for, if it is brought as it was then."""
        known = self._known.get(fingerprint(secret))
        if known is None or known.until_s <= self._now_s():
            return None
        if (known.via is Via.COOKIE) is not is_cookie:
            return None
        return None if known.credential_id in self.revocations else known

    def _keep(self, secret: str, known: _Known) -> _Known:
        self._known[fingerprint(secret)] = known
        if len(self._known) > _MAX_KEPT:
            self._known.popitem(last=False)
        return known

    def _read_access(self, token: str) -> _Known:
        claims = self._keys.read(token, now_s=self._now_s())
        if claims.sid in self.revocations:
            raise NotSignedIn("The session has ended; sign in again")
        return _of_claims(claims, Via.ACCESS)

    async def _known_by(self, secret: str) -> _Known:
        if secret.startswith(API_PREFIX):
            return await self._look_up(secret, Via.ACCESS)
        return self._read_access(secret)

    async def _look_up(self, secret: str, via: Via) -> _Known:
        is_cookie = via is Via.COOKIE
        if not secret.startswith(SESSION_PREFIX if is_cookie else API_PREFIX):
            raise NotSignedIn("The token is not valid")
        token_hash = fingerprint(secret)
        find = self._session_of if is_cookie else self._token_of
        return await self._stores.write(lambda tx: find(tx, token_hash))

    def _session_of(self, tx: Transaction, cookie_hash: str) -> _Known:
        session = tx.sign_ins.by_cookie(cookie_hash)
        if session is None or not session.is_open(tx.now, idle_s=self._idle_s):
            raise NotSignedIn("The session has ended; sign in again")
        tx.sign_ins.touch(session.session_id)
        identity = _enabled(tx, session.user_id)
        expires_at_s = session.expires_at.timestamp()
        return _Known(
            principal=_principal(identity.user_id, identity.grants),
            via=Via.COOKIE,
            session_id=session.session_id,
            token_id=None,
            until_s=min(self._now_s() + KEEP_S, expires_at_s),
            expires_at_s=expires_at_s,
        )

    def _token_of(self, tx: Transaction, token_hash: str) -> _Known:
        token = tx.sign_ins.token(token_hash)
        if token is None or token.revoked_at is not None:
            raise NotSignedIn("The token is not valid")
        expires_at_s = None if token.expires_at is None else token.expires_at.timestamp()
        if expires_at_s is not None and expires_at_s <= self._now_s():
            raise NotSignedIn("The token has run out")
        tx.sign_ins.touch_token(token.token_id)
        identity = _enabled(tx, token.user_id)
        keep_until_s = self._now_s() + KEEP_S
        return _Known(
            principal=_principal(identity.user_id, {*token.grants} & {*identity.grants}),
            via=Via.API_TOKEN,
            session_id=None,
            token_id=token.token_id,
            until_s=min(keep_until_s, expires_at_s or keep_until_s),
            expires_at_s=expires_at_s,
        )

    async def _redeem(self, ticket: str) -> _Known:
        claims = self._keys.read(ticket, now_s=self._now_s(), use=Use.TICKET)
        if claims.sid in self.revocations:
            raise NotSignedIn("The session has ended; sign in again")

        def work(tx: Transaction) -> bool:
            key = {"route": "ticket", "body_hash": fingerprint(ticket)}
            return tx.idempotency.claim(claims.sub, f"ticket:{claims.jti}", **key) is None

        if not await self._stores.write(work):
            raise NotSignedIn("The ticket was used before")
        return _of_claims(claims, Via.TICKET)

    def _now_s(self) -> float:
        return self._clock.now().timestamp()


def _take(visit: Visit, known: _Known) -> None:
    visit.principal = known.principal
    visit.via = known.via
    visit.session_id = known.session_id
    visit.token_id = known.token_id
    visit.expires_at_s = known.expires_at_s


def _of_claims(claims: Claims, via: Via) -> _Known:
    is_token = claims.sid.startswith("apitoken")
    return _Known(
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


def _bearer(authorization: str | None) -> str | None:
    scheme, _, secret = (authorization or "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None


def _raw(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    pairs = headers.items()
    return {
        name.lower().encode("latin-1", "replace"): text.encode("latin-1", "replace")
        for name, text in pairs
    }
