"""Conversations, remembered for as long as somebody may still mean them."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, select

from manciple.grocery.domain.conversations import CONVERSATION_LIFE_S, Conversation
from manciple.grocery.stores.schema_agent import conversations
from manciple.platform.db.upsert import insert_or

_c = conversations.c


class Conversations:
    """The conversations inside one transaction; each person has one."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, user_id: str) -> Conversation:
        """What is remembered; nothing where it was too long ago."""
        statement = select(_c.state).where(_c.user_id == user_id, _c.expires_at > self._now)
        state = self._connection.execute(statement).scalar()
        return msgspec.json.decode(state, type=Conversation) if state else Conversation()

    def keep(self, user_id: str, conversation: Conversation) -> None:
        """Keeps it in place of the one before; its life begins anew."""
        values = {
            "state": msgspec.json.encode(conversation).decode(),
            "expires_at": self._now + timedelta(seconds=CONVERSATION_LIFE_S),
        }
        statement = insert_or(self._connection, conversations).values(user_id=user_id, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["user_id"], set_=values)
        )

    def forget(self, user_id: str) -> None:
        """Forgets a person's."""
        self._connection.execute(delete(conversations).where(_c.user_id == user_id))

    def forget_expired(self) -> int:
        """Forgets all that nobody means any more; how many there were."""
        statement = delete(conversations).where(_c.expires_at <= self._now)
        return self._connection.execute(statement).rowcount
