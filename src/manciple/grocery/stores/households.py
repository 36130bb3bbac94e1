"""Households: their members and invitations. A household itself is kept by `users`."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    update,
)

from manciple.grocery.domain.people import Household, Member, OpenInvitation
from manciple.grocery.stores.schema import household_members, households, users
from manciple.grocery.stores.schema_security import household_invitations, user_credentials

# Of a hash of 64 hexadecimal digits: enough to tell fifty invitations apart, and of no use without
# the rest, which is of no use without the code.
_ID_DIGITS = 16

_h = households.c
_m = household_members.c
_v = household_invitations.c
_OWNS_IT = exists().where(
    _m.household_id == _v.household_id, _m.user_id == _v.invited_by, _m.role == "owner"
)
_IS_SHUT_OUT = exists().where(
    user_credentials.c.user_id == _v.invited_by, user_credentials.c.disabled_at.is_not(None)
)


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A way into a household, once."""

    household_id: str
    role: str
    expires_at: datetime


class Households:
    """Households inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of_user(self, user_id: str) -> Sequence[Household]:
        """The households of a user, oldest membership first."""
        rows = self._connection.execute(
            select(_h.id, _h.name, _m.role)
            .join(household_members, _m.household_id == _h.id)
            .where(_m.user_id == user_id)
            .order_by(_m.joined_at, _h.id)
        )
        return [Household(household_id=row[0], name=row[1], role=row[2]) for row in rows]

    def role(self, household_id: str, user_id: str) -> str | None:
        """The role of a user in a household; None for strangers to it."""
        found: str | None = self._connection.execute(
            select(_m.role).where(_m.household_id == household_id, _m.user_id == user_id)
        ).scalar_one_or_none()
        return found

    def members(self, household_id: str) -> Sequence[Member]:
        """Everybody in a household, oldest first."""
        rows = self._connection.execute(
            select(users.c.id, users.c.display_name, _m.role)
            .join(users, users.c.id == _m.user_id)
            .where(_m.household_id == household_id)
            .order_by(_m.joined_at, users.c.id)
        )
        return [Member(user_id=row[0], display_name=row[1], role=row[2]) for row in rows]

    def owners(self, household_id: str) -> int:
        """How many owners a household has."""
        return self._connection.execute(
            select(func.count())
            .select_from(household_members)
            .where(_m.household_id == household_id, _m.role == "owner")
        ).scalar_one()

    def admit(self, household_id: str, user_id: str, role: str) -> None:
        """Takes somebody in.

        Raises:
            Conflict: they are in already.
        """
        self._connection.execute(
            insert(household_members),
            {
                "household_id": household_id,
                "user_id": user_id,
                "role": role,
                "joined_at": self._now,
            },
        )

    def set_role(self, household_id: str, user_id: str, role: str) -> None:
        """Gives a member another role."""
        self._connection.execute(
            update(household_members)
            .where(_m.household_id == household_id, _m.user_id == user_id)
            .values(role=role)
        )

    def dismiss(self, household_id: str, user_id: str) -> None:
        """Takes somebody out."""
        self._connection.execute(
            delete(household_members).where(_m.household_id == household_id, _m.user_id == user_id)
        )

    def end(self, household_id: str) -> None:
        """Forgets a household, its members and invitations."""
        self._connection.execute(delete(households).where(_h.id == household_id))

    def invite(self, invitation: Invitation, *, code_hash: str, by: str) -> None:
        """Keeps an invitation."""
        self._connection.execute(
            insert(household_invitations),
            {
                "code_hash": code_hash,
                "household_id": invitation.household_id,
                "role": invitation.role,
                "invited_by": by,
                "created_at": self._now,
                "expires_at": invitation.expires_at,
            },
        )

    def forget_spent(self, household_id: str) -> None:
        """Forgets the invitations of a household that were used or are too old."""
        self._connection.execute(
            delete(household_invitations).where(
                _v.household_id == household_id, not_(self._may_be_used)
            )
        )

    def open_invitations(self, household_id: str) -> Sequence[OpenInvitation]:
        """The invitations of a household that nobody used and that are not too old, oldest first.

        Also those of people who may invite no more, though they let nobody in.
        """
        rows = self._connection.execute(
            select(_v.code_hash, _v.role, users.c.display_name, _v.created_at, _v.expires_at)
            .join(users, users.c.id == _v.invited_by)
            .where(_v.household_id == household_id, self._may_be_used)
            .order_by(_v.created_at, _v.code_hash)
        )
        return [
            OpenInvitation(
                invitation_id=invitation_id(row[0]),
                role=row[1],
                invited_by=row[2],
                created_at=row[3],
                expires_at=row[4],
            )
            for row in rows
        ]

    def withdraw(self, household_id: str, invitation_id: str) -> bool:
        """Whether there was such an open invitation; there is none now."""
        done = self._connection.execute(
            delete(household_invitations)
            .where(_v.household_id == household_id, self._may_be_used)
            .where(func.substr(_v.code_hash, 1, _ID_DIGITS) == invitation_id)
        )
        return done.rowcount > 0

    def take_invitation(self, code_hash: str) -> Invitation | None:
        """The invitation of a code, now used.

        None if there is none, it is used or too old, or whoever made it may invite no more.
        """
        row = self._connection.execute(
            update(household_invitations)
            .where(_v.code_hash == code_hash, self._may_be_used)
            .where(_OWNS_IT, ~_IS_SHUT_OUT)
            .values(used_at=self._now)
            .returning(_v.household_id, _v.role, _v.expires_at)
        ).one_or_none()
        if row is None:
            return None
        return Invitation(household_id=row[0], role=row[1], expires_at=row[2])

    @property
    def _may_be_used(self) -> ColumnElement[bool]:
        """Whether nobody used an invitation, and it is not too old."""
        return and_(_v.used_at.is_(None), _v.expires_at > self._now)


def invitation_id(code_hash: str) -> str:
    """What an invitation is called in the open."""
    return code_hash[:_ID_DIGITS]
