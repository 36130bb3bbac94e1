"""Sends events to webhooks: each endpoint in order, all endpoints beside one another.

There is no queue of its own: an endpoint has a position in the outbox, which moves on when an
event was taken. What fails is tried again at the endpoint's next instant, and all that follows
waits for it. Processes share the work by leases; one that dies is replaced when its lease ends.
"""

import asyncio
import contextlib
import random  # house: chance - jitter between attempts
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import msgspec
import structlog

from manciple.grocery.actions.keep_webhooks import send
from manciple.grocery.actions.ports import Post
from manciple.grocery.domain.events import WEBHOOK_DISABLED, WebhookNews
from manciple.grocery.domain.webhooks import (
    DeliveryState,
    Endpoint,
    Message,
    Receipt,
    after_failure,
    message_body,
)
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError
from manciple.platform.bus.news import Event, Gap, Listener, is_meant_for
from manciple.platform.bus.outbox import Entry
from manciple.platform.bus.topics import covers
from manciple.platform.security.vault import Vault

ListenAs = Callable[[Transaction, str], Listener | None]
"""Whose ears a person has now; None for somebody who may not hear anything any more."""

# Longer than an attempt may take, so that a lease only ends with its process.
_LEASE_S = 60.0
# As often as leases are worth a look when nobody rings.
_REST_S = 1.0
# A busy house commits hundreds of times a second; one look serves all of a moment.
_MOMENT_S = 0.02
_CHUNK = 500
_GAP = "events.gap"

_log = structlog.get_logger(__name__)


class DeliverWebhooks:
    """The sender of one process, called `name`; `run` it as a duty."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        post: Post,
        *,
        vault: Vault,
        listen_as: ListenAs,
        name: str,
        at_once: int,
        kept: int,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._post = post
        self._vault = vault
        self._listen_as = listen_as
        self._name = name
        self._at_once = at_once
        self._kept = kept
        self._jitter = jitter
        self._bell = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        # What was looked at and is for nobody here; positions are only written with deliveries.
        self._seen: dict[str, int] = {}

    def ring(self) -> None:
        """Says that something was committed."""
        self._bell.set()

    async def run(self) -> None:
        """Sends until cancelled; attempts under way are given up then, and made again later."""
        try:
            while True:
                self._bell.clear()
                try:
                    await self.turn()
                except MancipleError as error:
                    _log.warning("webhooks.turn.failed", problem=str(error))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_REST_S):
                        await self._bell.wait()
                await self._clock.sleep(_MOMENT_S)
        finally:
            for task in self._under_way.values():
                task.cancel()
            await self.settle()

    async def turn(self) -> int:
        """Begins to send to whichever endpoints are due; how many are under way."""
        room = self._at_once - len(self._under_way)
        if room > 0:
            due = await self._stores.read(lambda tx: _due(tx, self._seen))
            for webhook_id in [id_ for id_ in due if id_ not in self._under_way][:room]:
                task = asyncio.create_task(self._serve(webhook_id))
                self._under_way[webhook_id] = task
                task.add_done_callback(partial(self._ended, webhook_id))
        return len(self._under_way)

    async def settle(self) -> None:
        """Returns when nothing is under way any more."""
        while self._under_way:
            await asyncio.wait(self._under_way.values())
            await asyncio.sleep(0)

    def _ended(self, webhook_id: str, _task: "asyncio.Task[None]") -> None:
        self._under_way.pop(webhook_id, None)
        self.ring()

    async def _serve(self, webhook_id: str) -> None:
        """Sends to one endpoint what waits for it, until it is empty, fails, or is another's."""
        try:
            endpoint = await self._stores.write(lambda tx: self._claim(tx, webhook_id))
            while endpoint is not None:
                message = await self._next(endpoint)
                if message is None:
                    return
                receipt = await send(self._post, endpoint, message, self._clock, vault=self._vault)
                endpoint = await self._note(endpoint, message, receipt)
        except MancipleError as error:
            _log.warning("webhooks.delivery.failed", webhook=webhook_id, problem=str(error))

    def _claim(self, tx: Transaction, webhook_id: str) -> Endpoint | None:
        until = tx.now + timedelta(seconds=_LEASE_S)
        return tx.webhooks.claim(webhook_id, self._name, until=until)

    async def _next(self, endpoint: Endpoint) -> Message | None:
        """What is to be sent next; if nothing is, the endpoint is let go."""
        position = max(endpoint.position, self._seen.get(endpoint.webhook_id, 0))
        found, reached = await self._stores.read(
            lambda tx: _look(tx, endpoint, position, listener=self._listen_as(tx, endpoint.user_id))
        )
        while found is None and reached > position:
            position = reached
            found, reached = await self._stores.read(
                lambda tx, position=position: _look(  # type: ignore[misc]  # of this turn
                    tx, endpoint, position, listener=self._listen_as(tx, endpoint.user_id)
                )
            )
        self._seen[endpoint.webhook_id] = position
        if found is None:
            # Far behind what was looked at, a restart would look at all of it again.
            far = position if position > endpoint.position + _CHUNK else None
            await self._stores.write(
                lambda tx: tx.webhooks.release(endpoint.webhook_id, self._name, position=far)
            )
        return found

    async def _note(self, sent_to: Endpoint, message: Message, receipt: Receipt) -> Endpoint | None:
        """The endpoint as it goes on; None where it does not for now."""

        def work(tx: Transaction) -> Endpoint | None:
            endpoint = tx.webhooks.held(sent_to.webhook_id, self._name)
            if endpoint is None:
                return None
            log = tx.webhook_log
            if receipt.is_taken:
                log.note(endpoint.webhook_id, message, receipt, state=DeliveryState.DELIVERED)
                endpoint = _moved_on(endpoint, message)
            elif message.again and (message.event_id or 0) <= endpoint.position:
                log.note(endpoint.webhook_id, message, receipt, state=DeliveryState.FAILED)
            else:
                endpoint = self._put_off(tx, endpoint, message, receipt)
            log.forget(endpoint.webhook_id, keep=self._kept)
            tx.webhooks.put(endpoint)
            again = self._claim(tx, endpoint.webhook_id)
            if again is None:
                tx.webhooks.release(endpoint.webhook_id, self._name)
            return again

        return await self._stores.write(work)

    def _put_off(
        self, tx: Transaction, endpoint: Endpoint, message: Message, receipt: Receipt
    ) -> Endpoint:
        """The endpoint with its next attempt later; given up, its owner is told."""
        verdict = after_failure(endpoint, receipt, tx.now, jitter=self._jitter())
        is_over = verdict.next_at is None
        state = DeliveryState.FAILED if is_over else DeliveryState.WAITING
        tx.webhook_log.note(endpoint.webhook_id, message, receipt, state=state)
        if is_over:
            news = WebhookNews(
                webhook_id=endpoint.webhook_id,
                user_id=endpoint.user_id,
                url=endpoint.url,
                reason=verdict.reason or "",
            )
            tx.outbox.add(
                WEBHOOK_DISABLED, news, key=endpoint.webhook_id, owner_id=endpoint.user_id
            )
            _log.warning("webhooks.endpoint.disabled", webhook=endpoint.webhook_id)
        return msgspec.structs.replace(
            endpoint,
            attempts=verdict.attempts,
            failing_since=endpoint.failing_since or tx.now,
            next_at=verdict.next_at or tx.now,
            disabled_at=tx.now if is_over else None,
            disabled_reason=verdict.reason if is_over else None,
        )


def _due(tx: Transaction, seen: dict[str, int]) -> Sequence[str]:
    """The endpoints where something may wait that was not looked at."""
    newest = tx.outbox.newest_id()
    due = tx.webhooks.due(newest)
    return [
        id_
        for id_, position in due.items()
        if max(position, seen.get(id_, 0)) < newest or tx.webhook_log.wanted(id_) is not None
    ]


def _look(
    tx: Transaction, endpoint: Endpoint, position: int, *, listener: Listener | None
) -> tuple[Message | None, int]:
    """What is next for an endpoint, and up to where the outbox was looked at."""
    wanted = tx.webhook_log.wanted(endpoint.webhook_id)
    if wanted is not None:
        return wanted, position
    oldest = tx.outbox.oldest_id()
    if oldest > position + 1:
        return _gap(Gap(after_id=position, before_id=oldest), tx), position
    entries = tx.outbox.after(position, limit=_CHUNK)
    for entry in entries:
        if listener is not None and _hears(listener, endpoint.channels, entry):
            return _message(entry), entry.id - 1
    return None, entries[-1].id if entries else position


def _hears(listener: Listener, channels: Sequence[str], entry: Entry) -> bool:
    if not any(covers(pattern, entry.topic) for pattern in channels):
        return False
    event = Event(
        id=entry.id,
        topic=entry.topic,
        key=entry.key,
        body=b"",
        at=entry.at,
        household_id=entry.household_id,
        owner_id=entry.owner_id,
    )
    return listener.may_hear(entry.topic) and is_meant_for(event, listener)


def _message(entry: Entry) -> Message:
    return Message(
        message_id=f"event_{entry.id}",
        event_id=entry.id,
        topic=entry.topic,
        body=message_body(entry.topic, entry.at, entry.payload, event_id=entry.id),
    )


def _gap(gap: Gap, tx: Transaction) -> Message:
    last_lost = gap.before_id - 1
    facts = msgspec.json.encode({"afterId": str(gap.after_id), "beforeId": str(gap.before_id)})
    return Message(
        message_id=f"gap_{last_lost}",
        event_id=last_lost,
        topic=_GAP,
        body=message_body(_GAP, tx.now, facts, event_id=last_lost),
    )


def _moved_on(endpoint: Endpoint, message: Message) -> Endpoint:
    """The endpoint after a message was taken: whatever failed before, it works now."""
    return msgspec.structs.replace(
        endpoint,
        position=max(endpoint.position, message.event_id or 0),
        attempts=0,
        failing_since=None,
    )
