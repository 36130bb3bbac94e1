"""Who can sign in: password hashes, grants, and failed tries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, insert, select, update

from manciple.grocery.domain.people import Identity
from manciple.grocery.stores.schema import users
from manciple.grocery.stores.schema_security import sign_in_failures, user_credentials
from manciple.kit.errors import NotFound
from manciple.platform.db.upsert import insert_or

_c = user_credentials.c
_f = sign_in_failures.c


_IDENTITIES = select(
    users.c.id,
    users.c.email,
    users.c.display_name,
    _c.password_hash,
    _c.grants,
    _c.created_at,
    _c.disabled_at,
).join(users, users.c.id == _c.user_id)


class Identities:
    """Those who can sign in, inside one transaction. E-mail addresses are in lower case."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def is_empty(self) -> bool:
        """Whether nobody was ever registered."""
        return not self._connection.execute(select(exists(select(_c.user_id)))).scalar_one()

    def by_email(self, email: str) -> Identity | None:
        """The person of that address; None if there is none who can sign in."""
        return self._one(_IDENTITIES.where(users.c.email == email))

    def by_id(self, user_id: str) -> Identity:
        """One person.

        Raises:
            NotFound: nobody of that id can sign in.
        """
        found = self._one(_IDENTITIES.where(_c.user_id == user_id))
        if found is None:
            raise NotFound("user", user_id)
        return found

    def all(self) -> Sequence[Identity]:
        """Everybody who can sign in, oldest first."""
        rows = self._connection.execute(_IDENTITIES.order_by(_c.created_at, _c.user_id))
        return [_identity(row) for row in rows]

    def add(self, identity: Identity) -> None:
        """Keeps a new person; a user of that id takes the name and the address.

        Raises:
            Conflict: the address or the id is somebody's already.
        """
        person = {"email": identity.email, "display_name": identity.display_name}
        statement = insert_or(self._connection, users).values(
            id=identity.user_id, created_at=self._now, **person
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=person)
        )
        self._connection.execute(
            insert(user_credentials),
            {
                "user_id": identity.user_id,
                "password_hash": identity.password_hash,
                "grants": " ".join(identity.grants),
                "created_at": self._now,
                "password_changed_at": self._now,
            },
        )

    def set_password(self, user_id: str, password_hash: str) -> None:
        """Keeps another hash."""
        self._connection.execute(
            update(user_credentials)
            .where(_c.user_id == user_id)
            .values(password_hash=password_hash, password_changed_at=self._now)
        )

    def set_disabled(self, user_id: str, *, is_disabled: bool) -> None:
        """Lets a person in no more, or again."""
        self._connection.execute(
            update(user_credentials)
            .where(_c.user_id == user_id)
            .values(disabled_at=self._now if is_disabled else None)
        )

    def failures(self, key: str, *, since: datetime) -> tuple[int, datetime | None]:
        """How many tries failed in a row, and when the last did; old ones are forgotten."""
        row = self._connection.execute(
            select(_f.failures, _f.last_at).where(_f.key == key, _f.last_at > since)
        ).one_or_none()
        return (row[0], row[1]) if row is not None else (0, None)

    def count_failure(self, key: str, *, since: datetime) -> None:
        """Counts one more failed try."""
        failures, _ = self.failures(key, since=since)
        values = {"failures": failures + 1, "last_at": self._now}
        statement = insert_or(self._connection, sign_in_failures).values(key=key, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_=values)
        )
        # A stranger's tries must not fill the disk.
        old = self._now - timedelta(days=2)
        self._connection.execute(delete(sign_in_failures).where(_f.last_at < old))

    def forgive(self, *keys: str) -> None:
        """Forgets the failed tries of a right password."""
        self._connection.execute(delete(sign_in_failures).where(_f.key.in_(keys)))

    def count(self) -> int:
        """How many people can sign in."""
        return self._connection.execute(
            select(func.count()).select_from(user_credentials)
        ).scalar_one()

    def _one(self, statement: Select[Any]) -> Identity | None:
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _identity(row)


def _identity(row: Sequence[Any]) -> Identity:
    user_id, email, name, password_hash, grants, created_at, disabled_at = row
    return Identity(
        user_id=user_id,
        email=email,
        display_name=name,
        password_hash=password_hash,
        grants=tuple(grants.split()),
        created_at=created_at,
        disabled_at=disabled_at,
    )
