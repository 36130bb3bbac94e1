"""What the hub tells and to whom: events, listeners, and who may hear which. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; `id` grows, and `key` names the thing that it is about.

    `household_id` and `owner_id` say who may hear it: both None, everybody. With `is_state` only
    the newest event of a key matters. `body` is the JSON of its facts.
    """

    id: int
    topic: str
    key: str
    body: bytes
    at: datetime
    household_id: str | None = None
    owner_id: str | None = None
    is_state: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it is for everybody."""
        return self.household_id is None and self.owner_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who listens, as far as it decides what may be heard.

    `may_hear` says whether the grants of the listener cover a topic; `hears_all` is for those who
    look after the whole house. One that `wants_each` gets every state of a thing, not the newest.
    Listeners of one `dialect` read the same bytes.
    """

    id: str
    user_id: str | None = None
    households: frozenset[str] = frozenset()
    may_hear: Callable[[str], bool] = field(default=lambda _topic: True)
    hears_all: bool = False
    wants_each: bool = False
    dialect: str = ""


class Lagged(msgspec.Struct, frozen=True, kw_only=True):
    """Events that a listener was too slow for: how many were let go, and the newest of them."""

    missed: int
    last_missed_id: int


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Events that are kept no more: those after `after_id` up to `before_id` cannot be told."""

    after_id: int
    before_id: int


class Batch:
    """Events that many listeners get as one; `made` is what their readers make of it, once."""

    __slots__ = ("events", "made")

    def __init__(self, events: tuple[Event, ...]) -> None:
        self.events = events
        self.made: dict[str, bytes] = {}


def is_meant_for(event: Event, listener: Listener) -> bool:
    """Whether an event is for everybody, for the listener's household, or for the listener."""
    if listener.hears_all or event.is_public:
        return True
    if event.household_id is not None and event.household_id in listener.households:
        return True
    return event.owner_id is not None and event.owner_id == listener.user_id


def slot_of(event: Event, *, wants_each: bool) -> object:
    """What a newer event takes the place of."""
    return (event.topic, event.key) if event.is_state and not wants_each else event.id


def newest(events: Iterable[Event], *, wants_each: bool) -> tuple[Event, ...]:
    """The events without the states that a later one of them replaces, in order."""
    kept: dict[object, Event] = {}
    for event in events:
        slot = slot_of(event, wants_each=wants_each)
        kept.pop(slot, None)
        kept[slot] = event
    return tuple(kept.values())
