"""Where events are sent: endpoints, and who sends to them now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, delete, exists, func, insert, or_, select, update

from manciple.grocery.domain.webhooks import Endpoint
from manciple.grocery.stores.schema_webhooks import webhook_deliveries, webhook_endpoints
from manciple.kit.errors import NotFound

_e = webhook_endpoints.c
_COLUMNS = (
    _e.id.label("webhook_id"),
    _e.user_id,
    _e.url,
    _e.description,
    _e.channels,
    _e.secret,
    _e.old_secret,
    _e.old_secret_until,
    _e.position,
    _e.attempts,
    _e.failing_since,
    _e.next_at,
    _e.disabled_at,
    _e.disabled_reason,
    _e.created_at,
)
# A pass looks at so many; the others have their turn at the next.
_MOST_DUE = 500


class Webhooks:
    """The endpoints inside one transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, endpoint: Endpoint) -> None:
        """Keeps a new endpoint."""
        row = {**_row(endpoint), "id": endpoint.webhook_id, "user_id": endpoint.user_id}
        self._connection.execute(insert(webhook_endpoints), row)

    def put(self, endpoint: Endpoint) -> None:
        """Keeps an endpoint as it is now."""
        statement = update(webhook_endpoints).where(_e.id == endpoint.webhook_id)
        self._connection.execute(statement.values(**_row(endpoint)))

    def by_id(self, webhook_id: str, *, owner: str) -> Endpoint:
        """One endpoint of its owner's.

        Raises:
            NotFound: the owner has none of that id.
        """
        statement = select(*_COLUMNS).where(_e.id == webhook_id, _e.user_id == owner)
        row = self._connection.execute(statement).mappings().one_or_none()
        if row is None:
            raise NotFound("webhook", webhook_id)
        return _endpoint(row)

    def of_user(self, owner: str) -> Sequence[Endpoint]:
        """A person's endpoints, oldest first."""
        statement = select(*_COLUMNS).where(_e.user_id == owner).order_by(_e.created_at, _e.id)
        return [_endpoint(row) for row in self._connection.execute(statement).mappings()]

    def unsealed(self, prefix: str) -> Sequence[Endpoint]:
        """The endpoints with a secret that does not begin with `prefix`, as sealed ones do."""
        is_plain = or_(
            _e.secret.not_like(f"{prefix}%"),
            and_(_e.old_secret.is_not(None), _e.old_secret.not_like(f"{prefix}%")),
        )
        found = self._connection.execute(select(*_COLUMNS).where(is_plain))
        return [_endpoint(row) for row in found.mappings()]

    def count(self, owner: str) -> int:
        """How many endpoints a person has."""
        statement = select(func.count()).select_from(webhook_endpoints).where(_e.user_id == owner)
        return self._connection.execute(statement).scalar_one()

    def remove(self, webhook_id: str, *, owner: str) -> None:
        """Forgets an endpoint and its log.

        Raises:
            NotFound: the owner has none of that id.
        """
        gone = delete(webhook_endpoints).where(_e.id == webhook_id, _e.user_id == owner)
        if self._connection.execute(gone).rowcount != 1:
            raise NotFound("webhook", webhook_id)

    def due(self, newest_id: int) -> Mapping[str, int]:
        """The ids of endpoints that may be sent to now, with their positions.

        Those where events up to `newest_id` may wait, or that somebody asked something of.
        """
        is_wanted = exists().where(
            webhook_deliveries.c.endpoint_id == _e.id, webhook_deliveries.c.is_wanted == 1
        )
        statement = (
            select(_e.id, _e.position)
            .where(
                _e.disabled_at.is_(None),
                _e.next_at <= self._now,
                or_(_e.leased_until.is_(None), _e.leased_until < self._now),
                or_(_e.position < newest_id, is_wanted),
            )
            .order_by(_e.next_at)
            .limit(_MOST_DUE)
        )
        found: list[tuple[str, int]] = [tuple(row) for row in self._connection.execute(statement)]
        return dict(found)

    def claim(self, webhook_id: str, holder: str, *, until: datetime) -> Endpoint | None:
        """The endpoint, held until an instant; None if it may not be sent to or another holds it.

        Who holds it already may claim it again.
        """
        is_free = or_(
            _e.leased_until.is_(None), _e.leased_until < self._now, _e.leased_by == holder
        )
        statement = (
            update(webhook_endpoints)
            .where(_e.id == webhook_id, _e.disabled_at.is_(None), _e.next_at <= self._now, is_free)
            .values(leased_by=holder, leased_until=until)
            .returning(*_COLUMNS)
        )
        row = self._connection.execute(statement).mappings().one_or_none()
        return None if row is None else _endpoint(row)

    def held(self, webhook_id: str, holder: str) -> Endpoint | None:
        """The endpoint as it is now, if the holder still has it."""
        statement = select(*_COLUMNS).where(
            _e.id == webhook_id, _e.leased_by == holder, _e.leased_until >= self._now
        )
        row = self._connection.execute(statement).mappings().one_or_none()
        return None if row is None else _endpoint(row)

    def release(self, webhook_id: str, holder: str, *, position: int | None = None) -> None:
        """Lets others send to the endpoint; nothing of it waits up to `position`."""
        mine = update(webhook_endpoints).where(_e.id == webhook_id, _e.leased_by == holder)
        if position is not None:
            reached = mine.where(_e.position < position).values(position=position)
            self._connection.execute(reached)
        self._connection.execute(mine.values(leased_by=None, leased_until=None))


def _row(endpoint: Endpoint) -> dict[str, Any]:
    whole = msgspec.structs.asdict(endpoint)
    for name in ("webhook_id", "user_id"):
        del whole[name]
    return {**whole, "channels": msgspec.json.encode(endpoint.channels).decode()}


def _endpoint(row: Mapping[Any, Any]) -> Endpoint:
    channels = msgspec.json.decode(row["channels"], type=tuple[str, ...])
    return Endpoint(**{**row, "channels": channels})
