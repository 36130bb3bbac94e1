"""Preferences, remembered."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from manciple.grocery.domain.preferences import Preferences
from manciple.grocery.stores.schema import user_preferences
from manciple.platform.db.upsert import insert_or

_c = user_preferences.c
_NAMES = ("preferred_brands", "avoided_brands", "dietary", "allergens", "aisle_order")


class PreferenceBook:
    """The preferences inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, owner: str) -> Preferences:
        """A person's preferences; empty ones where nothing was said."""
        row = self._connection.execute(
            select(
                *(_c[name] for name in _NAMES), _c.preferred_store, _c.substitution_allowed
            ).where(_c.user_id == owner)
        ).one_or_none()
        if row is None:
            return Preferences()
        *names, store, substitution_allowed = row
        told = {
            name: tuple(msgspec.json.decode(text, type=list[str]))
            for name, text in zip(_NAMES, names, strict=True)
        }
        return Preferences(**told, preferred_store=store, substitution_allowed=substitution_allowed)

    def keep(self, owner: str, preferences: Preferences) -> None:
        """Keeps a person's preferences in place of the old ones."""
        values = {
            **{name: msgspec.json.encode(getattr(preferences, name)).decode() for name in _NAMES},
            "preferred_store": preferences.preferred_store,
            "substitution_allowed": preferences.substitution_allowed,
            "updated_at": self._now,
        }
        statement = insert_or(self._connection, user_preferences).values(user_id=owner, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["user_id"], set_=values)
        )
