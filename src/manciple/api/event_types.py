"""The table of events: every topic, what it says, who may hear it. Documents derive from it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import msgspec

from manciple.api import shapes_events as shapes
from manciple.grocery.domain.events import MEMBER_CHANGE
from manciple.grocery.domain.list_changes import ListTopic
from manciple.grocery.domain.sessions import SessionStatus
from manciple.platform.bus.topics import covers
from manciple.platform.rpc.procedure import Wire
from manciple.platform.security.permissions import Grant, Principal


class Audience(StrEnum):
    """Whom an event reaches, beside administrators, who hear everything."""

    EVERYBODY = "everybody"
    OWNER = "owner"
    """The person it belongs to, and their household where the thing is shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One topic. Of a state only the newest event of a thing matters to who is behind."""

    topic: str
    shape: type[Wire]
    doc: str
    needs: Grant = Grant.READ
    audience: Audience = Audience.EVERYBODY
    is_state: bool = False


_LIST_DOCS = {
    ListTopic.CREATED: "A list was made.",
    ListTopic.RENAMED: "A list has another name or description.",
    ListTopic.ARCHIVED: "A list was put away.",
    ListTopic.RESTORED: "A list was taken out again.",
    ListTopic.DELETED: "A list was deleted.",
    ListTopic.ITEM_ADDED: "A line was added.",
    ListTopic.ITEM_UPDATED: "A line changed.",
    ListTopic.ITEM_CHECKED: "A line was checked off.",
    ListTopic.ITEM_UNCHECKED: "A line is open again.",
    ListTopic.ITEM_REMOVED: "A line was removed.",
    ListTopic.REORDERED: "The lines are in another order.",
}
_SESSION_DOCS = {
    "started": "A shopping session began.",
    SessionStatus.ACTIVE: "A shopping session goes on.",
    SessionStatus.PAUSED: "A shopping session rests.",
    SessionStatus.REVIEWING: "What a shopping session gathered is looked over.",
    SessionStatus.HANDED_OVER: "The shop's cart was offered to a shopping session.",
    SessionStatus.COMPLETED: "A shopping session is done.",
    SessionStatus.ABANDONED: "A shopping session was given up.",
}
_JOB_DOCS = {
    "queued": "Work was kept for later.",
    "progress": "Work kept for later got further.",
    "done": "Work kept for later is done.",
    "failed": "Work kept for later failed.",
}


def _types() -> Iterator[EventType]:
    yield EventType(
        topic="system.health",
        shape=shapes.HealthChanged,
        doc="The house is in another state of health.",
        is_state=True,
    )
    yield EventType(
        topic="system.breaker",
        shape=shapes.BreakerChanged,
        doc="A place outside is left alone, tried again, or well.",
        is_state=True,
    )
    yield EventType(
        topic="system.error",
        shape=shapes.SystemFault,
        doc="Something of the house itself failed.",
        needs=Grant.ADMIN,
    )
    yield EventType(
        topic="system.pressure",
        shape=shapes.PressureChanged,
        doc="A process, the database or the disk uses too much, or no longer does.",
        is_state=True,
    )
    for name, shape, doc in (
        ("processing", shapes.NlpProgress, "A sentence is being understood."),
        ("result", shapes.NlpResult, "A sentence was understood."),
        ("error", shapes.NlpFailure, "A sentence could not be understood."),
    ):
        yield EventType(topic=f"grocery-nlp.{name}", shape=shape, doc=doc, audience=Audience.OWNER)
    yield EventType(
        topic="product.price_change",
        shape=shapes.PriceChanged,
        doc="A product's price is another.",
        is_state=True,
    )
    yield EventType(
        topic="product.stock_change",
        shape=shapes.StockChanged,
        doc="A product can be had again, or no longer.",
        is_state=True,
    )
    yield EventType(
        topic="product.price_alert",
        shape=shapes.PriceAlerted,
        doc="A product that you watch is as cheap as you want it, fell, or is there again.",
        audience=Audience.OWNER,
    )
    for topic, doc in _LIST_DOCS.items():
        yield EventType(topic=topic, shape=shapes.ListChanged, doc=doc, audience=Audience.OWNER)
    yield EventType(
        topic="list.shared",
        shape=shapes.ListShared,
        doc="A household shares a list, or shares it no more.",
        audience=Audience.OWNER,
    )
    yield EventType(
        topic=MEMBER_CHANGE,
        shape=shapes.MemberChanged,
        doc="Somebody joined a household, left it, or has another role in it.",
        audience=Audience.OWNER,
    )
    for status, doc in _SESSION_DOCS.items():
        yield EventType(
            topic=f"session.{status}",
            shape=shapes.SessionChanged,
            doc=doc,
            audience=Audience.OWNER,
        )
    for name, doc in _JOB_DOCS.items():
        yield EventType(
            topic=f"job.{name}", shape=shapes.JobChanged, doc=doc, audience=Audience.OWNER
        )
    yield EventType(
        topic="budget.crossed",
        shape=shapes.BudgetCrossed,
        doc="More was spent than a budget holds; told once, until there is room in it again.",
        audience=Audience.OWNER,
    )
    yield EventType(
        topic="webhook.disabled",
        shape=shapes.WebhookDisabled,
        doc="A webhook of yours failed for days, or its receiver is gone.",
        audience=Audience.OWNER,
    )
    for name in ("analyzed", "state_changed"):
        yield EventType(
            topic=f"email.{name}",
            shape=shapes.Foreign,
            doc="An accepted name without a publisher in this house.",
            audience=Audience.OWNER,
        )


EVENTS: Mapping[str, EventType] = MappingProxyType({kind.topic: kind for kind in _types()})
GAP = "events.gap"


def is_state(topic: str) -> bool:
    """Whether only the newest event of a thing matters to who is behind."""
    found = EVENTS.get(topic)
    return found is not None and found.is_state


@lru_cache(maxsize=64)
def hearing(grants: frozenset[Grant]) -> Callable[[str], bool]:
    """Whether these grants let a topic be heard; one function for all who hold the same.

    A topic that nobody registered is for administrators.
    """

    def may_hear(topic: str) -> bool:
        found = EVENTS.get(topic)
        needs = found.needs if found is not None else Grant.ADMIN
        return needs == Grant.PUBLIC or needs in grants or Grant.ADMIN in grants

    return may_hear


def channels_without_asking(principal: Principal, path: str = "") -> tuple[str, ...]:
    """What a client hears from the start, by the specification's rule and by its path."""
    channels: list[str] = []
    if principal.user_id is not None:
        channels.append("system.health")
    if Grant.READ in principal.grants:
        channels += ["email.analyzed", "email.state_changed"]
    if Grant.ADMIN in principal.grants:
        channels.append("*")
    if path.endswith("/grocery-nlp-queue"):
        channels.append("grocery-nlp.*")
    return tuple(channels)


def topics_of(pattern: str) -> tuple[EventType, ...]:
    """The registered topics that a pattern hears."""
    return tuple(kind for kind in EVENTS.values() if covers(pattern, kind.topic))


def facts_of(topic: str, body: bytes) -> Wire:
    """The facts of an event as their shape; for those who read them here."""
    return msgspec.json.decode(body, type=EVENTS[topic].shape)
