"""A visit: one request or connection, with whoever is behind it and how that is known."""

from dataclasses import dataclass, field
from enum import StrEnum

from manciple.kit.errors import MancipleError
from manciple.platform.security.permissions import Grant, Principal

# What everybody in an open house came by; it ends when the first person is registered.
OPEN_HOUSE = "open-house"
STRANGER = Principal(user_id=None, grants=frozenset())


class Via(StrEnum):
    """How somebody is known."""

    STRANGER = "stranger"
    OPEN_HOUSE = "open house"
    COOKIE = "cookie"
    ACCESS = "access token"
    API_TOKEN = "api token"  # noqa: S105 - the name of a kind
    TICKET = "ticket"
    INSIDE = "terminal"
    MESH = "another service"


@dataclass(slots=True, kw_only=True)
class Visit:
    """What the guard found out. `failure` is why a credential that was brought is not taken.

    `cookies` are `Set-Cookie` values to be sent with the answer; None where it is too late.
    """

    address: str = ""
    agent: str = ""
    principal: Principal = STRANGER
    via: Via = Via.STRANGER
    session_id: str | None = None
    token_id: str | None = None
    expires_at_s: float | None = None
    failure: MancipleError | None = None
    idempotency_key: str | None = None
    cookies: list[bytes] | None = None
    limit_key: str = field(default="")

    def require(self, needs: str) -> None:
        """Returns if whoever is behind the visit holds the grant `needs`.

        Raises:
            NotSignedIn: a stranger asks for more than is public.
            NotAllowed: the principal is known and lacks the grant.
        """
        if self.failure is not None and needs != Grant.PUBLIC:
            raise self.failure
        self.principal.require(needs)

    @property
    def credential_id(self) -> str | None:
        """The session or token that carries the visit; None where there is none."""
        if self.via is Via.OPEN_HOUSE:
            return OPEN_HOUSE
        return self.session_id or self.token_id
