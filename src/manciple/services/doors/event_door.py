"""The event sockets of a process: who is let in, and what they may hear."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from functools import partial

import msgspec

from manciple.api.event_types import channels_without_asking, hearing
from manciple.grocery.domain.events import MEMBER_CHANGE, MemberNews
from manciple.platform.bus.guests import Credentials, Guest, SocketSettings
from manciple.platform.bus.news import Event, Listener
from manciple.platform.bus.sockets import EventSockets
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.addresses import limit_key
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.doors.event_metrics import EVENTS
from manciple.services.doors.server import every_answer
from manciple.services.house import House
from manciple.services.settings import Settings

# Sessions and tokens that opened sockets; more are rarely alive in one house.
_MAX_CREDENTIALS = 10_000


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
        house.security.limits.spend(context.visit)
        credential_id, user_id = context.visit.credential_id, context.principal.user_id
        if credential_id is not None and user_id is not None:
            whose[credential_id] = user_id
            if len(whose) > _MAX_CREDENTIALS:
                whose.popitem(last=False)
        households: frozenset[str] = frozenset()
        if user_id is not None:
            look = partial(house.security.guard.households_of, user_id)
            households = await house.exchange.settled(look)
        guest = guest_of(context.principal, credentials.path, households=households)
        return replace(guest, address=limit_key(context.visit.address))

    def end(credential_ids: Collection[str]) -> None:
        for user_id in {whose.pop(each) for each in credential_ids if each in whose}:
            sockets.close_of(user_id)

    def turn(event: Event) -> None:
        """Closes the sockets of who left a household; they come again."""
        news = msgspec.json.decode(event.body, type=MemberNews)
        if news.role is None:
            sockets.close_of(news.member_id)

    house.security.guard.revocations.listen(end)
    house.exchange.on_turn(MEMBER_CHANGE, turn)
    sockets = EventSockets(
        house.exchange,
        house.clock,
        admit=admit,
        render=_facts,
        settings=_limits(house.settings),
    )
    EVENTS.audience = sockets
    return sockets


def guest_of(principal: Principal, path: str, *, households: frozenset[str] = frozenset()) -> Guest:
    """What somebody may hear at the event sockets."""
    return Guest(
        listener=Listener(
            id="",
            user_id=principal.user_id,
            households=households,
            may_hear=hearing(principal.grants),
            hears_all=Grant.ADMIN in principal.grants,
        ),
        channels=channels_without_asking(principal, path),
        is_signed_in=principal.user_id is not None,
    )


def _facts(event: Event) -> bytes:
    """The outbox keeps facts as clients see them."""
    return event.body


def _limits(settings: Settings) -> SocketSettings:
    own = settings.websocket
    ours = {settings.base_url}
    if settings.api.host in {"127.0.0.1", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        scheme = "https" if settings.api.tls_certificate else "http"
        ours |= {f"{scheme}://{name}:{settings.api.port}" for name in ("localhost", "127.0.0.1")}
    return SocketSettings(
        max_connections=own.max_connections,
        max_per_principal=own.max_per_principal,
        max_per_address=own.max_per_address,
        messages_per_s=own.messages_per_s,
        ping_s=own.ping_s,
        origins=frozenset(settings.wire.cors_origins) | ours,
        headers=tuple(every_answer(settings)),
    )
