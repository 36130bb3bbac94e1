"""Events as they happen: what a subscriber names, it hears once and in order, also after a break.

Every item has the id of its event; a client that comes back passes the last one that it has.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from manciple.api.context import Context
from manciple.api.event_types import GAP, channels_without_asking, hearing
from manciple.api.shapes_events import ListChanged, NlpResult, PriceChanged
from manciple.grocery.domain.list_changes import ListTopic
from manciple.platform.bus.following import Following
from manciple.platform.bus.hub import MAX_PATTERNS
from manciple.platform.bus.news import Event, Gap, Listener
from manciple.platform.rpc.procedure import Tracked, Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

T = TypeVar("T")

router = Router("events")
grocery_router = Router("walmartGrocery")
price_router = Router("walmartPrice")
nlp_router = Router("groceryNLPQueue")

# As many digits as 64 bits have, less one.
EventId = Annotated[
    str, Meta(pattern=r"^[0-9]{1,18}$", description="The id of the last event that you have.")
]
_MAX_PRODUCTS = 1000
# What `ListChanged` tells of; that a list is shared is another matter.
_LIST_CHANGES = [topic.value for topic in ListTopic if topic is not ListTopic.SHARED]


class WantedEvents(Wire, frozen=True):
    """Channels as at the event sockets: topics, or patterns like `product.*`; none: the usual."""

    channels: Annotated[list[str], Meta(max_length=MAX_PATTERNS)] = msgspec.field(
        default_factory=list
    )
    last_event_id: EventId | None = None


class WantedPrices(Wire, frozen=True):
    """The prices of some products, or of all."""

    product_ids: Annotated[list[str], Meta(max_length=_MAX_PRODUCTS)] | None = None
    last_event_id: EventId | None = None


class WantedList(Wire, frozen=True):
    """One list, or all that you can see."""

    list_id: str | None = None
    last_event_id: EventId | None = None


class WantedResults(Wire, frozen=True):
    """One sentence's result, or all of yours."""

    job_id: str | None = None
    last_event_id: EventId | None = None


class EventMessage(Wire, frozen=True, kw_only=True):
    """Something that happened. `events.gap` says that older events are kept no more."""

    id: str
    type: str
    timestamp: datetime | None
    data: Any


class PriceMessage(PriceChanged, frozen=True, kw_only=True):
    """A product's price is another; `id` is the event's."""

    id: str
    timestamp: datetime


class ListMessage(ListChanged, frozen=True, kw_only=True):
    """Something happened to a list; `type` says what, `id` is the event's."""

    id: str
    type: ListTopic
    timestamp: datetime


class ResultMessage(NlpResult, frozen=True, kw_only=True):
    """What a sentence was understood as; `id` is the event's."""

    id: str
    timestamp: datetime


@router.subscription("on", needs=Grant.READ)
async def on(ctx: Context, wanted: WantedEvents) -> AsyncIterator[Tracked[EventMessage]]:
    """Every event of the channels that you may hear, from now on or after `lastEventId`."""
    channels = wanted.channels or list(channels_without_asking(ctx.principal))
    return await _following(ctx, channels, wanted.last_event_id, _message)


@price_router.subscription("onPriceChange", needs=Grant.READ)
async def on_price_change(
    ctx: Context, wanted: WantedPrices
) -> AsyncIterator[Tracked[PriceMessage]]:
    """Changes of prices as they are seen, of the products you name or of all."""
    only = None if wanted.product_ids is None else frozenset(wanted.product_ids)

    def tell(told: Event | Gap) -> Tracked[PriceMessage] | None:
        if isinstance(told, Gap) or (only is not None and told.key not in only):
            return None
        return _tracked(told, PriceMessage, timestamp=told.at)

    return await _following(ctx, ["product.price_change"], wanted.last_event_id, tell)


@grocery_router.subscription("onListChange", needs=Grant.READ)
async def on_list_change(ctx: Context, wanted: WantedList) -> AsyncIterator[Tracked[ListMessage]]:
    """What happens to a list, or to all your lists, whoever does it."""

    def tell(told: Event | Gap) -> Tracked[ListMessage] | None:
        if isinstance(told, Gap) or wanted.list_id not in (None, told.key):
            return None
        return _tracked(told, ListMessage, timestamp=told.at, type=told.topic)

    return await _following(ctx, _LIST_CHANGES, wanted.last_event_id, tell)


@nlp_router.subscription("onResult", needs=Grant.READ)
async def on_result(ctx: Context, wanted: WantedResults) -> AsyncIterator[Tracked[ResultMessage]]:
    """Results of sentences that take longer than a moment."""

    def tell(told: Event | Gap) -> Tracked[ResultMessage] | None:
        if isinstance(told, Gap) or wanted.job_id not in (None, told.key):
            return None
        return _tracked(told, ResultMessage, timestamp=told.at)

    return await _following(ctx, ["grocery-nlp.result"], wanted.last_event_id, tell)


async def _following(
    ctx: Context,
    channels: Iterable[str],
    last_event_id: str | None,
    tell: Callable[[Event | Gap], T | None],
) -> Following[T]:
    """What the caller may hear of the channels; they listen when this returns."""
    who = ctx.principal
    user_id = who.acting_for()
    listener = Listener(
        id=ctx.events.new_listener_id(),
        user_id=user_id,
        households=await ctx.events.settled(partial(ctx.door.households_of, user_id)),
        may_hear=hearing(who.grants),
        hears_all=Grant.ADMIN in who.grants,
    )
    after_id = None if last_event_id is None else int(last_event_id)
    return Following(ctx.events, listener, channels, after_id=after_id, tell=tell)


def _message(told: Event | Gap) -> Tracked[EventMessage]:
    if isinstance(told, Gap):
        return _gap(told)
    facts = msgspec.Raw(told.body)
    message = EventMessage(id=str(told.id), type=told.topic, timestamp=told.at, data=facts)
    return Tracked(message.id, message)


def _tracked(told: Event, kind: type[Wire], **envelope: object) -> Tracked[Any]:
    """An event's facts with its envelope beside them; numbers keep their digits."""
    id_ = str(told.id)
    facts = msgspec.json.decode(told.body, type=dict[str, msgspec.Raw])
    whole = msgspec.json.encode({**facts, **envelope, "id": id_})
    return Tracked(id_, msgspec.json.decode(whole, type=kind))


def _gap(told: Gap) -> Tracked[EventMessage]:
    facts = {"afterId": str(told.after_id), "beforeId": str(told.before_id)}
    id_ = str(told.before_id - 1)
    return Tracked(id_, EventMessage(id=id_, type=GAP, timestamp=None, data=facts))
