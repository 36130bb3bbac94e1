"""What sentences were understood as, kept so that it can be judged and improved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from manciple.grocery.domain.noted_intents import NotedIntent
from manciple.grocery.stores.schema_agent import nlp_intents

_c = nlp_intents.c


class Intents:
    """The noted intents inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, noted: NotedIntent) -> None:
        """Keeps one.

        Raises:
            Conflict: the id is taken, the user unknown, or the confidence no share.
        """
        self._connection.execute(
            insert(nlp_intents),
            {
                "id": noted.intent_id,
                "user_id": noted.user_id,
                "user_query": noted.user_query,
                "detected_intent": noted.detected_intent,
                "confidence_score": noted.confidence,
                "entities": msgspec.json.encode(noted.entities).decode(),
                "model_used": noted.model_used,
                "created_at": noted.created_at,
                "job_id": noted.job_id,
                "second_opinion": _optional_json(noted.second_opinion),
            },
        )

    def settle(self, noted: NotedIntent) -> bool:
        """Writes what the sentence of a job was understood as; False if it was erased meanwhile."""
        statement = (
            update(nlp_intents)
            .where(_c.id == noted.intent_id)
            .values(
                detected_intent=noted.detected_intent,
                confidence_score=noted.confidence,
                entities=msgspec.json.encode(noted.entities).decode(),
                model_used=noted.model_used,
                second_opinion=_optional_json(noted.second_opinion),
            )
        )
        return self._connection.execute(statement).rowcount == 1

    def erase(self, user_id: str) -> int:
        """Deletes all of a user's; how many there were."""
        statement = delete(nlp_intents).where(_c.user_id == user_id)
        return self._connection.execute(statement).rowcount

    def forget(self, *, before: datetime) -> int:
        """Deletes those from before an instant; how many there were."""
        statement = delete(nlp_intents).where(_c.created_at < before)
        return self._connection.execute(statement).rowcount

    def of(self, user_id: str, *, limit: int = 50) -> Sequence[NotedIntent]:
        """Up to `limit` of a user's, newest first."""
        rows = self._connection.execute(
            select(nlp_intents)
            .where(_c.user_id == user_id)
            .order_by(_c.created_at.desc(), _c.id.desc())
            .limit(limit)
        )
        return [
            NotedIntent(
                intent_id=row.id,
                user_id=row.user_id,
                user_query=row.user_query,
                detected_intent=row.detected_intent,
                confidence=row.confidence_score,
                entities=msgspec.json.decode(row.entities),
                model_used=row.model_used,
                created_at=row.created_at,
                job_id=row.job_id,
                second_opinion=msgspec.json.decode(row.second_opinion)
                if row.second_opinion
                else None,
            )
            for row in rows
        ]


def _optional_json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
