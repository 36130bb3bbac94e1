"""Webhooks as clients see them: what comes in and what goes out."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from manciple.api.numbered import RowId
from manciple.grocery.domain.webhooks import MAX_CHANNELS, MAX_URL_CHARS, DeliveryState
from manciple.platform.rpc.procedure import Wire

Url = Annotated[str, Meta(min_length=1, max_length=MAX_URL_CHARS)]
Channels = Annotated[list[str], Meta(min_length=1, max_length=MAX_CHANNELS)]


class WebhookInput(Wire, frozen=True, kw_only=True):
    """Which webhook."""

    webhook_id: str


class NewWebhookInput(Wire, frozen=True, kw_only=True):
    """Where to send which events: topics, or patterns like `product.*`."""

    url: Url
    channels: Channels
    description: str = ""


class WebhookChanges(Wire, frozen=True, kw_only=True):
    """What is to be another; what is left out stays. Enabled again, a webhook goes on in order."""

    webhook_id: str
    url: Url | None = None
    channels: Channels | None = None
    description: str | None = None
    is_enabled: bool | None = None


class WebhookShape(Wire, frozen=True, kw_only=True):
    """A webhook. `attempts` of its next message failed since `failingSince`, if any did."""

    webhook_id: str
    url: str
    description: str
    channels: tuple[str, ...]
    is_enabled: bool
    disabled_at: datetime | None
    disabled_reason: str | None
    attempts: int
    failing_since: datetime | None
    next_attempt_at: datetime | None
    old_secret_until: datetime | None
    created_at: datetime


class WebhookSecret(Wire, frozen=True, kw_only=True):
    """A webhook and the secret that signs its messages. The secret is shown only here."""

    webhook: WebhookShape
    secret: str


class WebhooksAnswer(Wire, frozen=True, kw_only=True):
    """Your webhooks, oldest first."""

    webhooks: tuple[WebhookShape, ...]


class WebhookRemoved(Wire, frozen=True, kw_only=True):
    """The webhook is gone, and its log."""

    success: bool


class DeliveriesInput(Wire, frozen=True, kw_only=True):
    """Of which webhook, how many, and where to go on."""

    webhook_id: str
    state: DeliveryState | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: RowId | None = None


class DeliveryShape(Wire, frozen=True, kw_only=True):
    """A message and what became of it; `status` and `answer` are of the last attempt."""

    delivery_id: int
    webhook_id: str
    message_id: str
    topic: str
    state: DeliveryState
    attempts: int
    status: int | None
    problem: str | None
    answer: str
    took_ms: int
    created_at: datetime
    last_attempt_at: datetime | None


class DeliveriesAnswer(Wire, frozen=True, kw_only=True):
    """A page of the log, newest first."""

    deliveries: tuple[DeliveryShape, ...]
    next_cursor: int | None


class DeliveryInput(Wire, frozen=True, kw_only=True):
    """Which delivery."""

    delivery_id: RowId


class PingAnswer(Wire, frozen=True, kw_only=True):
    """What the receiver did with a test; `problem` says why there is no `status`."""

    success: bool
    status: int | None
    problem: str | None
    answer: str
    took_ms: int
