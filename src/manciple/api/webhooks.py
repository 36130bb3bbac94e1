"""Webhooks: events sent to programs of yours, signed, in order, until they are taken."""

from collections.abc import Sequence

from manciple.api.context import Context
from manciple.api.event_types import topics_of
from manciple.api.shapes_webhooks import (
    DeliveriesAnswer,
    DeliveriesInput,
    DeliveryInput,
    DeliveryShape,
    NewWebhookInput,
    PingAnswer,
    WebhookChanges,
    WebhookInput,
    WebhookRemoved,
    WebhooksAnswer,
    WebhookSecret,
    WebhookShape,
)
from manciple.grocery.actions.keep_webhooks import Changes
from manciple.grocery.domain.webhooks import Delivery, Endpoint
from manciple.kit.errors import InvalidInput
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("webhooks")


@router.mutation("create", needs=Grant.WRITE)
async def create(ctx: Context, wanted: NewWebhookInput) -> WebhookSecret:
    """A webhook for events from now on that you may hear, and the secret that signs them."""
    made = await ctx.webhooks.create(
        ctx.principal.acting_for(),
        url=wanted.url,
        channels=_heard(wanted.channels),
        description=wanted.description,
    )
    return WebhookSecret(webhook=_webhook(made), secret=made.secret)


@router.query("list", needs=Grant.READ)
async def all_of_them(ctx: Context) -> WebhooksAnswer:
    """Your webhooks, and how each does."""
    found = await ctx.webhooks.all(ctx.principal.acting_for())
    return WebhooksAnswer(webhooks=tuple(_webhook(one) for one in found))


@router.query("get", needs=Grant.READ)
async def get(ctx: Context, wanted: WebhookInput) -> WebhookShape:
    """One webhook."""
    return _webhook(await ctx.webhooks.get(ctx.principal.acting_for(), wanted.webhook_id))


@router.mutation("update", needs=Grant.WRITE)
async def update(ctx: Context, wanted: WebhookChanges) -> WebhookShape:
    """The webhook with your changes; enabled again, it is sent what it missed, in order."""
    changes = Changes(
        url=wanted.url,
        channels=None if wanted.channels is None else _heard(wanted.channels),
        description=wanted.description,
        is_enabled=wanted.is_enabled,
    )
    owner = ctx.principal.acting_for()
    return _webhook(await ctx.webhooks.update(owner, wanted.webhook_id, changes))


@router.mutation("remove", needs=Grant.WRITE)
async def remove(ctx: Context, wanted: WebhookInput) -> WebhookRemoved:
    """That nothing is sent there any more."""
    await ctx.webhooks.remove(ctx.principal.acting_for(), wanted.webhook_id)
    return WebhookRemoved(success=True)


@router.mutation("rotateSecret", needs=Grant.WRITE)
async def rotate_secret(ctx: Context, wanted: WebhookInput) -> WebhookSecret:
    """A new secret; messages are signed with the old one too until `oldSecretUntil`."""
    made = await ctx.webhooks.rotate_secret(ctx.principal.acting_for(), wanted.webhook_id)
    return WebhookSecret(webhook=_webhook(made), secret=made.secret)


@router.query("deliveries", needs=Grant.READ)
async def deliveries(ctx: Context, wanted: DeliveriesInput) -> DeliveriesAnswer:
    """What was sent to a webhook and what it answered; the newest few hundred are kept."""
    found = await ctx.webhooks.deliveries(
        ctx.principal.acting_for(),
        wanted.webhook_id,
        limit=wanted.limit + 1,
        before=wanted.cursor,
        state=wanted.state,
    )
    page = found[: wanted.limit]
    return DeliveriesAnswer(
        deliveries=tuple(_delivery(one) for one in page),
        next_cursor=page[-1].delivery_id if len(found) > wanted.limit else None,
    )


@router.mutation("redeliver", needs=Grant.WRITE)
async def redeliver(ctx: Context, wanted: DeliveryInput) -> DeliveryShape:
    """Sends a message once more, with the id that it had; its entry tells what came of it."""
    return _delivery(await ctx.webhooks.redeliver(ctx.principal.acting_for(), wanted.delivery_id))


@router.mutation("skip", needs=Grant.WRITE)
async def skip(ctx: Context, wanted: WebhookInput) -> WebhookShape:
    """Gives up the message that the receiver does not take, so that the next ones follow."""
    return _webhook(await ctx.webhooks.skip(ctx.principal.acting_for(), wanted.webhook_id))


@router.mutation("test", needs=Grant.WRITE)
async def test(ctx: Context, wanted: WebhookInput) -> PingAnswer:
    """What the receiver answers to a `webhook.ping`, sent now."""
    found = await ctx.webhooks.test(ctx.principal.acting_for(), wanted.webhook_id)
    return PingAnswer(
        success=found.is_taken,
        status=found.status,
        problem=found.problem,
        answer=found.answer,
        took_ms=found.took_ms,
    )


def _heard(channels: Sequence[str]) -> Sequence[str]:
    """The channels, each of which hears something: a misspelt one would be silent forever."""
    for channel in channels:
        if not topics_of(channel):
            raise InvalidInput.at("channels", f"no event is called {channel[:80]!r}")
    return channels


def _webhook(one: Endpoint) -> WebhookShape:
    return WebhookShape(
        webhook_id=one.webhook_id,
        url=one.url,
        description=one.description,
        channels=one.channels,
        is_enabled=one.is_enabled,
        disabled_at=one.disabled_at,
        disabled_reason=one.disabled_reason,
        attempts=one.attempts,
        failing_since=one.failing_since,
        next_attempt_at=one.next_at if one.attempts and one.is_enabled else None,
        old_secret_until=one.old_secret_until,
        created_at=one.created_at,
    )


def _delivery(one: Delivery) -> DeliveryShape:
    return DeliveryShape(
        delivery_id=one.delivery_id,
        webhook_id=one.webhook_id,
        message_id=one.message_id,
        topic=one.topic,
        state=one.state,
        attempts=one.attempts,
        status=one.status,
        problem=one.problem,
        answer=one.answer,
        took_ms=one.took_ms,
        created_at=one.created_at,
        last_attempt_at=one.last_at,
    )
