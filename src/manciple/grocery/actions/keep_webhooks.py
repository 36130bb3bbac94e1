"""Webhooks: set up, changed, tried and looked at by those whose events they carry."""

from collections.abc import Callable, Sequence

import msgspec

from manciple.grocery.actions.ports import Post
from manciple.grocery.domain.webhooks import (
    MAX_ENDPOINTS,
    OLD_SECRET_LIVES,
    Delivery,
    DeliveryState,
    Endpoint,
    Message,
    Receipt,
    checked_channels,
    checked_description,
    checked_url,
    message_body,
)
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import Refused
from manciple.kit.ids import new_id
from manciple.platform.bus.topics import segments
from manciple.platform.bus.webhook_signing import headers, new_secret
from manciple.platform.security.vault import Vault

WEBHOOK_PREFIX = "webhook"
PING = "webhook.ping"


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be another; None stays."""

    url: str | None = None
    channels: Sequence[str] | None = None
    description: str | None = None
    is_enabled: bool | None = None


class KeepWebhooks:
    """What a person does with webhooks; `owner` is always the signed-in person."""

    def __init__(
        self, stores: Stores, clock: Clock, post: Post, *, vault: Vault, kept: int
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._post = post
        self._vault = vault
        self._kept = kept

    async def create(
        self, owner: str, *, url: str, channels: Sequence[str], description: str
    ) -> Endpoint:
        """The endpoint, with its secret; events from now on are sent.

        Raises:
            InvalidInput: the address, a channel or the description does not fit.
            Refused: the owner has as many as one may have.
        """
        place = await self._checked_place(url)
        wanted = _checked_patterns(channels)
        clean = checked_description(description)
        webhook_id = new_id(WEBHOOK_PREFIX, self._clock)
        secret = new_secret()
        sealed = self._vault.sealed(secret, of=webhook_id)

        def work(tx: Transaction) -> Endpoint:
            tx.users.ensure(owner, display_name=owner)
            if tx.webhooks.count(owner) >= MAX_ENDPOINTS:
                raise Refused(f"You have {MAX_ENDPOINTS} webhooks; remove one first")
            endpoint = Endpoint(
                webhook_id=webhook_id,
                user_id=owner,
                url=place,
                description=clean,
                channels=wanted,
                secret=sealed,
                old_secret=None,
                old_secret_until=None,
                position=tx.outbox.newest_id(),
                attempts=0,
                failing_since=None,
                next_at=tx.now,
                disabled_at=None,
                disabled_reason=None,
                created_at=tx.now,
            )
            tx.webhooks.add(endpoint)
            return msgspec.structs.replace(endpoint, secret=secret)

        return await self._stores.write(work)

    async def all(self, owner: str) -> Sequence[Endpoint]:
        """A person's endpoints, oldest first."""
        return await self._stores.read(lambda tx: tx.webhooks.of_user(owner))

    async def get(self, owner: str, webhook_id: str) -> Endpoint:
        """One endpoint.

        Raises:
            NotFound: the owner has none of that id.
        """
        return await self._stores.read(lambda tx: tx.webhooks.by_id(webhook_id, owner=owner))

    async def update(self, owner: str, webhook_id: str, changes: Changes) -> Endpoint:
        """The endpoint as it is now. Enabled again, it goes on where it stopped.

        Raises:
            NotFound: the owner has none of that id.
            InvalidInput: the address, a channel or the description does not fit.
        """
        place = None if changes.url is None else await self._checked_place(changes.url)
        patterns = None if changes.channels is None else _checked_patterns(changes.channels)
        text = None if changes.description is None else checked_description(changes.description)

        def change(tx: Transaction, found: Endpoint) -> Endpoint:
            now_is = msgspec.structs.replace(
                found,
                url=place or found.url,
                channels=patterns or found.channels,
                description=found.description if text is None else text,
            )
            if changes.is_enabled is False and found.is_enabled:
                reason = "disabled by its owner"
                now_is = msgspec.structs.replace(now_is, disabled_at=tx.now, disabled_reason=reason)
            elif changes.is_enabled and not found.is_enabled:
                now_is = _tried_at_once(tx, now_is)
            return now_is

        return await self._change(owner, webhook_id, change)

    async def remove(self, owner: str, webhook_id: str) -> None:
        """Forgets an endpoint with its log.

        Raises:
            NotFound: the owner has none of that id.
        """
        await self._stores.write(lambda tx: tx.webhooks.remove(webhook_id, owner=owner))

    async def rotate_secret(self, owner: str, webhook_id: str) -> Endpoint:
        """The endpoint with a new secret; the one before signs beside it for a day.

        Raises:
            NotFound: the owner has none of that id.
        """
        secret = new_secret()
        sealed = self._vault.sealed(secret, of=webhook_id)

        def change(tx: Transaction, found: Endpoint) -> Endpoint:
            return msgspec.structs.replace(
                found,
                secret=sealed,
                old_secret=found.secret,
                old_secret_until=tx.now + OLD_SECRET_LIVES,
            )

        changed = await self._change(owner, webhook_id, change)
        return msgspec.structs.replace(changed, secret=secret)

    async def deliveries(
        self,
        owner: str,
        webhook_id: str,
        *,
        limit: int,
        before: int | None = None,
        state: DeliveryState | None = None,
    ) -> Sequence[Delivery]:
        """What was sent to an endpoint, newest first.

        Raises:
            NotFound: the owner has none of that id.
        """

        def work(tx: Transaction) -> Sequence[Delivery]:
            tx.webhooks.by_id(webhook_id, owner=owner)
            return tx.webhook_log.page(webhook_id, limit=limit, before=before, state=state)

        return await self._stores.read(work)

    async def redeliver(self, owner: str, delivery_id: int) -> Delivery:
        """The delivery, which is sent once more now, as it was: with the same id.

        Raises:
            NotFound: the owner has none of that id.
            Refused: the endpoint is disabled.
        """

        def work(tx: Transaction) -> Delivery:
            found = tx.webhook_log.want_again(delivery_id, owner=owner)
            endpoint = tx.webhooks.by_id(found.webhook_id, owner=owner)
            if not endpoint.is_enabled:
                raise Refused("The webhook is disabled; enable it first")
            tx.webhooks.put(msgspec.structs.replace(endpoint, next_at=tx.now))
            return found

        return await self._stores.write(work)

    async def skip(self, owner: str, webhook_id: str) -> Endpoint:
        """The endpoint without the message that it does not take; the next ones follow.

        Raises:
            NotFound: the owner has none of that id.
            Refused: no message waits for another attempt.
        """

        def change(tx: Transaction, found: Endpoint) -> Endpoint:
            event_id = tx.webhook_log.skip(webhook_id)
            if event_id is None or event_id <= found.position:
                raise Refused("No message waits for another attempt")
            return msgspec.structs.replace(_tried_at_once(tx, found), position=event_id)

        return await self._change(owner, webhook_id, change)

    async def test(self, owner: str, webhook_id: str) -> Receipt:
        """What the endpoint answers to a message made for the test; it is in the log too.

        One that takes it is sent at once what waits for it.

        Raises:
            NotFound: the owner has none of that id.
        """
        endpoint = await self.get(owner, webhook_id)
        now = self._clock.now()
        facts = msgspec.json.encode({"webhookId": webhook_id})
        message = Message(
            message_id=new_id("ping", self._clock),
            event_id=None,
            topic=PING,
            body=message_body(PING, now, facts, event_id=None),
        )
        receipt = await send(self._post, endpoint, message, self._clock, vault=self._vault)

        def work(tx: Transaction) -> None:
            state = DeliveryState.DELIVERED if receipt.is_taken else DeliveryState.FAILED
            found = tx.webhooks.by_id(webhook_id, owner=owner)
            tx.webhook_log.note(webhook_id, message, receipt, state=state)
            tx.webhook_log.forget(webhook_id, keep=self._kept)
            if receipt.is_taken and found.is_enabled:
                tx.webhooks.put(msgspec.structs.replace(found, next_at=tx.now))

        await self._stores.write(work)
        return receipt

    async def _change(
        self, owner: str, webhook_id: str, change: Callable[[Transaction, Endpoint], Endpoint]
    ) -> Endpoint:
        def work(tx: Transaction) -> Endpoint:
            changed = change(tx, tx.webhooks.by_id(webhook_id, owner=owner))
            tx.webhooks.put(changed)
            return changed

        return await self._stores.write(work)

    async def _checked_place(self, url: str) -> str:
        place = checked_url(url, is_trusted=self._post.trusts(url))
        await self._post.examine(place)
        return place


async def send(
    post: Post, endpoint: Endpoint, message: Message, clock: Clock, *, vault: Vault
) -> Receipt:
    """What an attempt led to; signed at its own instant, with every secret that counts then."""
    now = clock.now()
    secrets = []
    for secret in endpoint.secrets_at(now):
        try:
            secrets.append(vault.opened(secret, of=endpoint.webhook_id))
        except Refused as error:
            # The one before may be lost; without the newest nothing can be signed.
            if not secrets:
                return Receipt(problem=str(error))
    signed = headers(message.message_id, now, message.body, with_secrets=secrets)
    return await post.send(endpoint.url, headers=signed, body=message.body)


def _checked_patterns(channels: Sequence[str]) -> tuple[str, ...]:
    patterns = checked_channels(channels)
    for pattern in patterns:
        segments(pattern)
    return patterns


def _tried_at_once(tx: Transaction, endpoint: Endpoint) -> Endpoint:
    return msgspec.structs.replace(
        endpoint,
        attempts=0,
        failing_since=None,
        next_at=tx.now,
        disabled_at=None,
        disabled_reason=None,
    )
