"""Webhooks: kept for people, and sent to as long as the process lives."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.api.event_types import hearing
from manciple.grocery.actions.deliver_webhooks import DeliverWebhooks
from manciple.grocery.actions.keep_webhooks import KeepWebhooks
from manciple.grocery.actions.seal_secrets import seal_secrets
from manciple.grocery.connectors.webhook_post import WebhookPost
from manciple.grocery.stores.stores import Transaction
from manciple.kit.errors import NotFound
from manciple.platform.bus.news import Listener
from manciple.platform.security.permissions import Grant
from manciple.services.guard import LOCAL_USER
from manciple.services.house import House


@asynccontextmanager
async def webhooks_room(house: House) -> AsyncIterator[None]:
    """Sets what people do with webhooks."""
    own = house.settings.webhooks
    house.webhook_post = WebhookPost(
        house.clock,
        timeout_s=own.timeout_s,
        trusted=frozenset(own.trusted),
        allow_loopback=own.allow_loopback,
    )
    house.webhooks = KeepWebhooks(
        house.stores, house.clock, house.webhook_post, vault=house.security.vault, kept=own.kept
    )
    await seal_secrets(house.stores, house.security.vault)
    try:
        yield
    finally:
        await house.webhook_post.close()


@asynccontextmanager
async def delivering(house: House) -> AsyncIterator[None]:
    """Events are sent to webhooks for the time of the block."""
    own = house.settings.webhooks
    sender = DeliverWebhooks(
        house.stores,
        house.clock,
        house.webhook_post,
        vault=house.security.vault,
        listen_as=listen_as,
        name=f"webhooks-{secrets.token_hex(6)}",
        at_once=own.at_once,
        kept=own.kept,
    )
    house.exchange.on_change(sender.ring)
    house.stores.on_written(sender.ring)
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def listen_as(tx: Transaction, user_id: str) -> Listener | None:
    """Whose ears a person has now; None for somebody who may not sign in any more."""
    grants = _grants_of(tx, user_id)
    if not grants:
        return None
    return Listener(
        id=user_id,
        user_id=user_id,
        households=frozenset(tx.users.household_ids(user_id)),
        may_hear=hearing(grants),
        hears_all=Grant.ADMIN in grants,
    )


def _grants_of(tx: Transaction, user_id: str) -> frozenset[Grant]:
    if user_id == LOCAL_USER.user_id:
        return LOCAL_USER.grants
    try:
        person = tx.identities.by_id(user_id)
    except NotFound:
        return frozenset()
    if person.disabled_at is not None:
        return frozenset()
    known = {grant.value for grant in Grant}
    return frozenset(Grant(each) for each in person.grants if each in known)
