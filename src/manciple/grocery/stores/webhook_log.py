"""What was sent to webhooks: a bounded log of each endpoint, and what is to be sent again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from manciple.grocery.domain.webhooks import Delivery, DeliveryState, Message, Receipt
from manciple.grocery.stores.schema_webhooks import webhook_deliveries, webhook_endpoints
from manciple.kit.errors import NotFound
from manciple.platform.db.upsert import insert_or

_d = webhook_deliveries.c
_MAX_PROBLEM_CHARS = 200
_SHOWN = (
    _d.id,
    _d.endpoint_id,
    _d.message_id,
    _d.event_id,
    _d.topic,
    _d.state,
    _d.attempts,
    _d.status,
    _d.problem,
    _d.answer,
    _d.took_ms,
    _d.created_at,
    _d.last_at,
)


class WebhookLog:
    """The deliveries inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def note(
        self, webhook_id: str, message: Message, receipt: Receipt, *, state: DeliveryState
    ) -> int:
        """Keeps what an attempt led to; the id of the message's one entry."""
        told = {
            "state": state.value,
            "status": receipt.status,
            "problem": (receipt.problem or "")[:_MAX_PROBLEM_CHARS] or None,
            "answer": receipt.answer,
            "took_ms": receipt.took_ms,
            "is_wanted": 0,
            "last_at": self._now,
        }
        statement = insert_or(self._connection, webhook_deliveries).values(
            endpoint_id=webhook_id, created_at=self._now, attempts=1, **_facts(message), **told
        )
        upserted = statement.on_conflict_do_update(
            index_elements=["endpoint_id", "message_id"],
            set_={**told, "attempts": _d.attempts + 1},
        )
        return int(self._connection.execute(upserted.returning(_d.id)).scalar_one())

    def want(self, webhook_id: str, message: Message) -> int:
        """Keeps a message that is to be sent before all others; the id of its entry."""
        statement = insert_or(self._connection, webhook_deliveries).values(
            endpoint_id=webhook_id,
            created_at=self._now,
            state=DeliveryState.WAITING.value,
            is_wanted=1,
            **_facts(message),
        )
        return int(self._connection.execute(statement.returning(_d.id)).scalar_one())

    def want_again(self, delivery_id: int, *, owner: str) -> Delivery:
        """The delivery, which is to be sent once more.

        Raises:
            NotFound: the owner has none of that id, or the log is that old no more.
        """
        found = self.by_id(delivery_id, owner=owner)
        statement = update(webhook_deliveries).where(_d.id == delivery_id)
        self._connection.execute(statement.values(is_wanted=1))
        return found

    def wanted(self, webhook_id: str) -> Message | None:
        """What somebody asked for first, if anything."""
        statement = select(_d.message_id, _d.event_id, _d.topic, _d.body).where(
            _d.endpoint_id == webhook_id, _d.is_wanted == 1
        )
        row = self._connection.execute(statement.order_by(_d.id).limit(1)).one_or_none()
        if row is None:
            return None
        message_id, event_id, topic, body = row
        return Message(
            message_id=message_id, event_id=event_id, topic=topic, body=body.encode(), again=True
        )

    def by_id(self, delivery_id: int, *, owner: str) -> Delivery:
        """One delivery.

        Raises:
            NotFound: the owner has none of that id.
        """
        statement = (
            select(*_SHOWN)
            .join(webhook_endpoints, webhook_endpoints.c.id == _d.endpoint_id)
            .where(_d.id == delivery_id, webhook_endpoints.c.user_id == owner)
        )
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound("delivery", str(delivery_id))
        return _delivery(row)

    def page(
        self,
        webhook_id: str,
        *,
        limit: int,
        before: int | None = None,
        state: DeliveryState | None = None,
    ) -> Sequence[Delivery]:
        """An endpoint's deliveries, newest first; those before the id `before` if given."""
        statement = select(*_SHOWN).where(_d.endpoint_id == webhook_id)
        if before is not None:
            statement = statement.where(_d.id < before)
        if state is not None:
            statement = statement.where(_d.state == state.value)
        rows = self._connection.execute(statement.order_by(_d.id.desc()).limit(limit))
        return [_delivery(row) for row in rows]

    def skip(self, webhook_id: str) -> int | None:
        """The event of the message that waits, which is given up; None if none waits."""
        statement = (
            update(webhook_deliveries)
            .where(
                _d.endpoint_id == webhook_id,
                _d.event_id.is_not(None),
                _d.state.in_((DeliveryState.WAITING.value, DeliveryState.FAILED.value)),
                _d.id == self._newest(webhook_id),
            )
            .values(state=DeliveryState.SKIPPED.value, is_wanted=0)
        )
        return self._connection.execute(statement.returning(_d.event_id)).scalar_one_or_none()

    def forget(self, webhook_id: str, *, keep: int) -> None:
        """Deletes all but the newest entries of an endpoint; what is wanted stays."""
        oldest_kept = (
            select(_d.id)
            .where(_d.endpoint_id == webhook_id)
            .order_by(_d.id.desc())
            .offset(keep - 1)
            .limit(1)
            .scalar_subquery()
        )
        self._connection.execute(
            delete(webhook_deliveries).where(
                _d.endpoint_id == webhook_id, _d.id < oldest_kept, _d.is_wanted == 0
            )
        )

    def _newest(self, webhook_id: str) -> Any:
        newest = select(_d.id).where(_d.endpoint_id == webhook_id, _d.event_id.is_not(None))
        return newest.order_by(_d.event_id.desc()).limit(1).scalar_subquery()


def _facts(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "event_id": message.event_id,
        "topic": message.topic,
        "body": message.body.decode(),
    }


def _delivery(row: Any) -> Delivery:
    return Delivery(
        delivery_id=row.id,
        webhook_id=row.endpoint_id,
        message_id=row.message_id,
        event_id=row.event_id,
        topic=row.topic,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        status=row.status,
        problem=row.problem,
        answer=row.answer,
        took_ms=row.took_ms,
        created_at=row.created_at,
        last_at=row.last_at,
    )
