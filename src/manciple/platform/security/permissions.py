"""Who is asking, and what they were granted."""

from dataclasses import dataclass
from enum import StrEnum

from manciple.kit.errors import NotAllowed, NotSignedIn


class Grant(StrEnum):
    """What a procedure can need. `PUBLIC` needs nothing, not even a sign-in."""

    PUBLIC = "public"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Whoever is behind a call; `user_id` is None for a stranger."""

    user_id: str | None
    grants: frozenset[Grant]

    def require(self, needs: str) -> None:
        """Returns if the principal holds the grant `needs`.

        Raises:
            NotSignedIn: a stranger asks for more than is public.
            NotAllowed: the principal is known and lacks the grant.
        """
        if needs in self.grants or needs == Grant.PUBLIC:
            return
        if self.user_id is None:
            raise NotSignedIn
        raise NotAllowed(needs)

    def acting_for(self, user_id: str | None = None) -> str:
        """Whose data the call is about: always the principal's own.

        `user_id` is what the input names, if it names anybody; clients of the first interface do.

        Raises:
            NotSignedIn: a stranger has no data.
            NotAllowed: the input names somebody else.
        """
        if self.user_id is None:
            raise NotSignedIn
        if user_id is not None and user_id != self.user_id:
            raise NotAllowed("to be signed in as the user that userId names")
        return self.user_id
