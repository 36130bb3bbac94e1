"""People and their households."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, insert, select

from manciple.grocery.stores.schema import household_members, households, users
from manciple.kit.errors import NotFound
from manciple.platform.db.upsert import insert_or


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person who uses the product."""

    user_id: str
    display_name: str
    email: str | None
    created_at: datetime


class Users:
    """The users inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def ensure(self, user_id: str, *, display_name: str, email: str | None = None) -> User:
        """The user of that id, made if missing.

        Raises:
            Conflict: the e-mail address is somebody else's.
        """
        statement = insert_or(self._connection, users).values(
            id=user_id, display_name=display_name, email=email, created_at=self._now
        )
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=["id"]))
        return self.by_id(user_id)

    def by_id(self, user_id: str) -> User:
        """One user.

        Raises:
            NotFound: there is none of that id.
        """
        row = self._connection.execute(
            select(users.c.display_name, users.c.email, users.c.created_at).where(
                users.c.id == user_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound("user", user_id)
        name, email, created_at = row
        return User(user_id=user_id, display_name=name, email=email, created_at=created_at)

    def add_household(self, household_id: str, name: str, *, owner_id: str) -> None:
        """Keeps a household with its first member, who owns it.

        Raises:
            Conflict: the id is taken, or the owner is unknown.
        """
        self._connection.execute(
            insert(households), {"id": household_id, "name": name, "created_at": self._now}
        )
        self._connection.execute(
            insert(household_members),
            {
                "household_id": household_id,
                "user_id": owner_id,
                "role": "owner",
                "joined_at": self._now,
            },
        )

    def household_ids(self, user_id: str) -> Sequence[str]:
        """The households that a user belongs to, oldest membership first."""
        statement = (
            select(household_members.c.household_id)
            .where(household_members.c.user_id == user_id)
            .order_by(household_members.c.joined_at, household_members.c.household_id)
        )
        return list(self._connection.execute(statement).scalars())
