"""Who may do what with a thing that a household shares. Every check of an object ends here."""

from enum import IntEnum, StrEnum

from manciple.kit.errors import NotAllowed, NotFound


class Role(StrEnum):
    """What somebody is in a household."""

    OWNER = "owner"
    MEMBER = "member"
    GUEST = "guest"


class Access(IntEnum):
    """What somebody may do with a thing; each includes those before it."""

    READ = 1
    WRITE = 2
    OWN = 3
    """Also delete it, and share it no more."""


_OF_ROLE = {Role.OWNER: Access.OWN, Role.MEMBER: Access.WRITE, Role.GUEST: Access.READ}
_WANTED = {
    Access.READ: "to see it",
    Access.WRITE: "to be more than a guest in the household that shares it",
    Access.OWN: "to be the one who made it, or an owner of the household that shares it",
}


def access_to(*, is_maker: bool, role: str | None) -> Access | None:
    """What somebody may do with a thing: all of it if they made it, else as their role says.

    `role` is theirs in the household that shares it; None: they are in no such household.
    """
    if is_maker:
        return Access.OWN
    return None if role is None else _OF_ROLE[Role(role)]


def require(held: Access | None, needs: Access, *, what: str, id: str) -> None:  # noqa: A002 - of the error
    """Returns if the access held is enough.

    Raises:
        NotFound: there is none, so that the thing is not there for whoever asks.
        NotAllowed: there is some, but too little.
    """
    if held is None:
        raise NotFound(what, id)
    if held < needs:
        raise NotAllowed(_WANTED[needs])
