"""Who is at the door: the one place that turns headers, tokens and addresses into a principal.

What needs no look at the database is known at once: signed tokens, the open house, and whatever
was looked up a moment ago. What was revoked is not believed any more, within two seconds even if
another process revoked it.
"""

from collections.abc import Collection, Mapping, Sequence

from manciple.grocery.domain.people import LOCAL_ID
from manciple.grocery.stores.access_changes import AccessChange
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import NotAllowed, NotSignedIn
from manciple.platform.security import addresses, csrf
from manciple.platform.security.cookies import SESSION_COOKIE, cookie_of
from manciple.platform.security.permissions import Grant, Principal
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import KeyRing
from manciple.platform.security.visits import OPEN_HOUSE, Via, Visit
from manciple.services.credentials import Known, KnownCredentials
from manciple.services.settings_of_house import SecuritySettings

# The user of an open house, and of the terminal. Not an administrator.
LOCAL_USER = Principal(user_id=LOCAL_ID, grants=frozenset({Grant.READ, Grant.WRITE}))
_COOKIE_NAME = SESSION_COOKIE.encode()

RawHeaders = Mapping[bytes, bytes]


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
        self._credentials = KnownCredentials(
            stores, clock, keys=keys, revocations=revocations, idle_s=settings.idle_s
        )
        self._mode = settings.open_house
        self._trusted = addresses.networks(settings.trusted_proxies)
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
            self.revocations.add(revoked, now_s=self._clock.now().timestamp())

    async def households_of(self, user_id: str) -> frozenset[str]:
        """The ids of the households that somebody lives in."""
        return await self._stores.read(lambda tx: frozenset(tx.users.household_ids(user_id)))

    def at_once(self, headers: RawHeaders, peer: str) -> Visit | None:
        """The visit, if it is known without waiting; None if that takes a look."""
        secret, via = self._brought(headers)
        if secret is None:
            return self._without_credentials(headers, peer)
        known = self._credentials.at_once(secret, via)
        return None if known is None else self._visit(known, headers, peer)

    def is_home(self, peer: str) -> bool:
        """Whether an open house serves who speaks from this address, as far as that decides it."""
        return self.is_open_house and addresses.is_here(peer, self._trusted)

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
                known = await self._credentials.look_up(secret or "", via)
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
            known = await self._credentials.redeem(secret)
        else:
            known = self._credentials.at_once(
                secret, Via.ACCESS
            ) or await self._credentials.look_up(secret, Via.ACCESS)
        visit.failure = None
        _take(visit, known)

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
            and addresses.is_direct_and_local(peer, headers, self._trusted)
            and not csrf.is_foreign(headers, self.origins)
        ):
            visit.principal, visit.via = LOCAL_USER, Via.OPEN_HOUSE
        return visit

    def _stranger(self, headers: RawHeaders, peer: str) -> Visit:
        return Visit(
            address=addresses.client_address(peer, headers, self._trusted),
            agent=headers.get(b"user-agent", b"").decode("latin-1")[:200],
        )

    def _visit(self, known: Known, headers: RawHeaders, peer: str) -> Visit:
        visit = self._stranger(headers, peer)
        if known.via is Via.COOKIE and csrf.is_foreign(headers, self.origins):
            visit.failure = NotAllowed("a request from a page of this house")
        else:
            _take(visit, known)
        return visit


def _take(visit: Visit, known: Known) -> None:
    visit.principal = known.principal
    visit.via = known.via
    visit.session_id = known.session_id
    visit.token_id = known.token_id
    visit.expires_at_s = known.expires_at_s


def _bearer(authorization: str | None) -> str | None:
    scheme, _, secret = (authorization or "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None
