"""The event sockets of the house: who is let in, and what keeps them and the outbox in order."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

import msgspec
import structlog

from manciple.api.event_types import channels_without_asking, hearing
from manciple.api.shapes_events import HealthChanged
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError
from manciple.platform.bus.guests import Credentials, Guest, SocketSettings
from manciple.platform.bus.hub import Event, Listener
from manciple.platform.bus.sockets import EventSockets
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.settings import Settings
from manciple.services.wiring import House

# Small enough that nobody waits for the database meanwhile.
_FORGOTTEN_AT_ONCE = 2000
_REST_S = 0.05
# The specification's interval of health checks.
_HEALTH_S = 30.0
# Sessions and tokens that opened sockets; more are rarely alive in one house.
_MAX_CREDENTIALS = 10_000

_log = structlog.get_logger(__name__)


def event_sockets(house: House) -> EventSockets:
    """The event sockets, for all doors of this process.

    Those of somebody whose session or token ends are closed, all of them; who may, comes again.
    """
    whose: OrderedDict[str, str] = OrderedDict()

    async def admit(credentials: Credentials) -> Guest:
        said = {"token": credentials.token, "ticket": credentials.ticket}
        params = {name: text for name, text in said.items() if text}
        caller = Caller(
            headers=credentials.headers,
            connection_params=params,
            host=credentials.host,
            door="events",
        )
        context = await house.context(caller)
        if context.visit.failure is not None:
            raise context.visit.failure
        credential_id, user_id = context.visit.credential_id, context.principal.user_id
        if credential_id is not None and user_id is not None:
            whose[credential_id] = user_id
            if len(whose) > _MAX_CREDENTIALS:
                whose.popitem(last=False)
        return guest_of(context.principal, credentials.path)

    def end(credential_ids: Collection[str]) -> None:
        for user_id in {whose.pop(each) for each in credential_ids if each in whose}:
            sockets.close_of(user_id)

    house.security.guard.revocations.listen(end)
    sockets = EventSockets(
        house.exchange,
        house.clock,
        admit=admit,
        render=_facts,
        settings=_limits(house.settings),
    )
    return sockets


def guest_of(principal: Principal, path: str) -> Guest:
    """What somebody may hear at the event sockets."""
    return Guest(
        listener=Listener(
            id="",
            user_id=principal.user_id,
            may_hear=hearing(principal.grants),
            hears_all=Grant.ADMIN in principal.grants,
        ),
        channels=channels_without_asking(principal, path),
        is_signed_in=principal.user_id is not None,
    )


async def keep_events(house: House, sockets: EventSockets) -> None:
    """Hands on news, tells health, asks silent clients, forgets old news; until cancelled."""
    await asyncio.gather(
        house.exchange.run(),
        sockets.run(),
        _tell_health(house),
        _forget_old_news(house, house.clock),
        house.security.watch(),
    )


async def _tell_health(house: House) -> None:
    """Tells how the house is, whenever it or one of its parts is in another state."""
    told: HealthChanged | None = None
    while True:
        try:
            report = msgspec.to_builtins(await house.watch.health())
            parts = {name: part["status"] for name, part in report["services"].items()}
            found = HealthChanged(status=report["status"], services=parts)
            if found != told:
                await house.stores.write(partial(_add_health, found=found))
                told = found
        except MancipleError as error:
            _log.warning("events.health.failed", problem=str(error))
        await house.clock.sleep(_HEALTH_S)


def _add_health(tx: Transaction, found: HealthChanged) -> None:
    tx.outbox.add("system.health", found, key="house")


async def _forget_old_news(house: House, clock: Clock) -> None:
    """Deletes what is older than the house keeps, a little at a time."""
    events = house.settings.events
    while True:
        try:
            while await forget_some(house.stores, clock.now() - timedelta(days=events.keep_days)):
                await clock.sleep(_REST_S)
        except MancipleError as error:
            _log.warning("events.retention.failed", problem=str(error))
        await clock.sleep(events.retention_every_s)


async def forget_some(stores: Stores, before: datetime) -> int:
    """How many of the news from before an instant were deleted; asked until it is none."""
    return await stores.write(lambda tx: tx.outbox.forget(before=before, most=_FORGOTTEN_AT_ONCE))


def _facts(event: Event) -> bytes:
    """The outbox keeps facts as clients see them."""
    return event.body


def _limits(settings: Settings) -> SocketSettings:
    own = settings.websocket
    ours = {settings.base_url}
    if settings.api.host in {"127.0.0.1", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        ours |= {f"http://{name}:{settings.api.port}" for name in ("localhost", "127.0.0.1")}
    return SocketSettings(
        max_connections=own.max_connections,
        max_per_principal=own.max_per_principal,
        messages_per_s=own.messages_per_s,
        ping_s=own.ping_s,
        origins=frozenset(settings.wire.cors_origins) | ours,
    )
