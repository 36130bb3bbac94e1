"""What events say, by topic: the facts of each as clients see them.

The outbox keeps these facts as they go out; a test holds what is written to these shapes. Beside
its facts every message has `type`, `id` and `timestamp`, so no field may have one of those names.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from manciple.api.amounts import Quantity
from manciple.grocery.domain.alerts import AlertKind
from manciple.grocery.domain.lists import ItemStatus
from manciple.grocery.domain.sessions import SessionStatus, SessionType
from manciple.kit.breaker import State as BreakerState
from manciple.platform.rpc.procedure import Wire


class PriceChanged(Wire, frozen=True, kw_only=True):
    """A product's current price is another; null where none is known."""

    product_id: str
    name: str
    old_price: Decimal | None
    new_price: Decimal | None
    currency: str | None
    source: str | None
    store: str | None
    confidence: float | None
    observed_at: datetime | None


class PriceAlerted(Wire, frozen=True, kw_only=True):
    """Something that you watch for; `before` is your threshold, or the price that it fell from."""

    user_id: str
    product_id: str
    name: str
    alert: AlertKind
    price: Decimal | None
    before: Decimal | None
    currency: str | None
    source: str | None
    store: str | None
    confidence: float | None
    observed_at: datetime


class StockChanged(Wire, frozen=True, kw_only=True):
    """A product can be had again, or no longer; null where nobody knows."""

    product_id: str
    name: str
    was_in_stock: bool | None
    in_stock: bool | None


class ListChanged(Wire, frozen=True, kw_only=True):
    """Something happened to a list of `userId`'s, or to its line `itemId`, whose fields follow."""

    list_id: str
    user_id: str
    changed_by: str
    version: int
    item_id: str | None = None
    product_id: str | None = None
    name: str | None = None
    quantity: Quantity | None = None
    unit: str | None = None
    status: ItemStatus | None = None


class ListShared(Wire, frozen=True, kw_only=True):
    """A household shares a list of `userId`'s, or does so no more."""

    list_id: str
    user_id: str
    household_id: str
    is_shared: bool


class MemberChanged(Wire, frozen=True, kw_only=True):
    """Somebody is in a household in the role; null: no more."""

    household_id: str
    member_id: str
    role: Literal["owner", "member", "guest"] | None


class SessionChanged(Wire, frozen=True, kw_only=True):
    """A shopping session began or went on to another status."""

    session_id: str
    user_id: str
    list_id: str | None
    session_type: SessionType
    status: SessionStatus
    version: int


class HealthChanged(Wire, frozen=True, kw_only=True):
    """The house is in another state; `services` has the state of each part."""

    status: Literal["healthy", "degraded", "unhealthy"]
    services: Mapping[str, str]


class BreakerChanged(Wire, frozen=True, kw_only=True):
    """A place outside is left alone (`open`), tried again (`half_open`), or well (`closed`).

    It is not asked again for `waitS` seconds.
    """

    target: str
    before: BreakerState
    state: BreakerState
    wait_s: float


class SystemFault(Wire, frozen=True, kw_only=True):
    """Something of the house itself failed; `reference` finds it in the log."""

    what: str
    reference: str | None = None


class PressureChanged(Wire, frozen=True, kw_only=True):
    """`name` of an instance (or the house) is above its threshold, or no longer."""

    name: str
    instance: str
    is_raised: bool
    value: float
    threshold: float


class NlpProgress(Wire, frozen=True, kw_only=True):
    """A sentence is being understood."""

    job_id: str
    status: str


class NlpResult(Wire, frozen=True, kw_only=True):
    """What a sentence was understood as."""

    job_id: str
    result: Any


class NlpFailure(Wire, frozen=True, kw_only=True):
    """A sentence could not be understood."""

    job_id: str
    problem: str


class JobChanged(Wire, frozen=True, kw_only=True):
    """Work kept for later is in another state."""

    job_id: str
    kind: str
    status: str


class BudgetCrossed(Wire, frozen=True, kw_only=True):
    """More was spent in a month than an envelope holds; `category` is empty for everything."""

    user_id: str
    month: str
    category: str
    limit: Decimal
    spent: Decimal


class WebhookDisabled(Wire, frozen=True, kw_only=True):
    """Nothing is sent to a webhook any more, for the reason given."""

    webhook_id: str
    user_id: str
    url: str
    reason: str


class Foreign(Wire, frozen=True, kw_only=True):
    """Published by other programs, if at all; its facts are theirs."""
