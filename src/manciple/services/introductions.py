"""Who a call between services is made for: an introduction signed by the house, good for seconds.

It is taken only at an instance's private door, a unix socket that nobody but the house's own user
can reach; a public door does not even look at it.
"""

import secrets
from collections import OrderedDict
from collections.abc import Mapping

from manciple.kit.clock import Clock
from manciple.kit.errors import NotSignedIn
from manciple.platform.security.permissions import Grant, Principal
from manciple.platform.security.revocations import Revocations
from manciple.platform.security.tokens import Claims, KeyRing, Use
from manciple.platform.security.visits import Via, Visit

HEADER = "manciple-introduction"
_RAW_HEADER = HEADER.encode()
# Longer than any queue before a call, shorter than anybody needs to make use of a stolen one.
LIFETIME_S = 30
# The same one serves for a while: signing takes 20 µs, and a busy caller makes many calls.
_SERVES_S = 10
_MOST_KEPT = 1000


class Introductions:
    """Signs and reads introductions with the keys of the house."""

    def __init__(self, keys: KeyRing, clock: Clock, revocations: Revocations) -> None:
        self._keys = keys
        self._clock = clock
        self._revocations = revocations
        self._made: OrderedDict[tuple[Principal, str], tuple[float, dict[str, str]]] = OrderedDict()

    def headers_for(self, principal: Principal, *, credential_id: str = "") -> Mapping[str, str]:
        """The header that introduces somebody; none for a stranger, who is one there too.

        `credential_id` is the session or token that it ends with.
        """
        if principal.user_id is None:
            return {}
        now_s = self._clock.now().timestamp()
        known = self._made.get((principal, credential_id))
        # One from what is now the future was signed before the clock was set back: nobody takes it.
        if known is None or not known[0] <= now_s < known[0] + _SERVES_S:
            text = self._sign(principal, credential_id, int(now_s))
            known = (now_s, {HEADER: text})
            self._made[principal, credential_id] = known
            if len(self._made) > _MOST_KEPT:
                self._made.popitem(last=False)
        return known[1]

    def visit(self, headers: Mapping[bytes, bytes]) -> Visit:
        """The visit of a call at the private door; one that is not taken is its `failure`."""
        given = headers.get(_RAW_HEADER)
        visit = Visit(address="mesh", via=Via.MESH)
        if given is None:
            return visit
        try:
            claims = self._read(given.decode("latin-1"))
        except NotSignedIn as error:
            visit.failure = error
            return visit
        grants = frozenset(Grant(name) for name in claims.scope.split())
        visit.principal = Principal(user_id=claims.sub, grants=grants)
        visit.session_id = claims.sid or None
        return visit

    def _sign(self, principal: Principal, credential_id: str, now_s: int) -> str:
        claims = Claims(
            sub=principal.user_id or "",
            sid=credential_id,
            jti=secrets.token_hex(8),
            scope=" ".join(sorted(principal.grants)),
            iat=now_s,
            exp=now_s + LIFETIME_S,
        )
        return self._keys.sign(claims, Use.MESH)

    def _read(self, text: str) -> Claims:
        claims = self._keys.read(text, now_s=self._clock.now().timestamp(), use=Use.MESH)
        if claims.exp - claims.iat > LIFETIME_S:
            raise NotSignedIn("The introduction is good for too long")
        if claims.sid in self._revocations:
            raise NotSignedIn("The session has ended; sign in again")
        return claims
