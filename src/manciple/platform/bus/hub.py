"""The hub: who hears which event, and what waits for whom. Pure; sockets take from it.

Listeners that hear the same share what is told to them, until one of them is behind: from then on
it has a bounded queue of its own, so a slow one costs itself and nobody else. Of events that only
tell the newest state of one thing, a newer one takes the place of the older. When a queue is full
the oldest events are let go and the listener is told how many.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from manciple.kit.errors import InvalidInput, TooMany
from manciple.platform.bus.topics import TopicTrie, segments

# Room for a burst of a whole watch list; a listener that is further behind re-reads instead.
MAX_WAITING = 1000
MAX_PATTERNS = 100
# Topics come from a small registry; more than this are not remembered at once.
_MAX_KNOWN_TOPICS = 1000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who listens, as far as it decides what may be heard.

    `may_hear` says whether the grants of the listener cover a topic; `hears_all` is for those who
    look after the whole house. One that `wants_each` gets every state of a thing, not the newest.
    """

    id: str
    user_id: str | None = None
    households: frozenset[str] = frozenset()
    may_hear: Callable[[str], bool] = field(default=lambda _topic: True)
    hears_all: bool = False
    wants_each: bool = False


class Lagged(msgspec.Struct, frozen=True, kw_only=True):
    """Events that a listener was too slow for: how many were let go, and the newest of them."""

    missed: int
    last_missed_id: int


class Batch:
    """Events that many listeners get as one; `made` is what their readers make of it, once."""

    __slots__ = ("events", "made")

    def __init__(self, events: tuple[Event, ...]) -> None:
        self.events = events
        self.made: dict[str, bytes] = {}


class _Ear:
    """All listeners with the same patterns and the same grants."""

    __slots__ = ("hears_all", "may_hear", "patterns", "seats", "wants_each")

    def __init__(self, listener: Listener, patterns: frozenset[str]) -> None:
        self.patterns = patterns
        self.may_hear = listener.may_hear
        self.hears_all = listener.hears_all
        self.wants_each = listener.wants_each
        self.seats: dict[str, _Seat] = {}


class _Seat:
    """One listener and what waits for it: a shared batch, or a queue with the oldest first."""

    __slots__ = ("batch", "ear", "last_missed_id", "listener", "missed", "waiting")

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.ear: _Ear | None = None
        self.batch: Batch | None = None
        self.waiting: OrderedDict[object, Event] = OrderedDict()
        self.missed = 0
        self.last_missed_id = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits."""
        return self.batch is None and not self.waiting and not self.missed


class Hub:
    """Listeners, their patterns and what waits for them."""

    def __init__(self, *, max_waiting: int = MAX_WAITING, max_patterns: int = MAX_PATTERNS) -> None:
        self._max_waiting = max_waiting
        self._max_patterns = max_patterns
        self._trie: TopicTrie[_Ear] = TopicTrie()
        self._seats: dict[str, _Seat] = {}
        self._ears: dict[object, _Ear] = {}
        self._by_topic: dict[str, tuple[_Ear, ...]] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def join(self, listener: Listener) -> None:
        """Takes a listener; it hears nothing until it subscribes.

        Raises:
            InvalidInput: somebody listens under this id already.
        """
        if listener.id in self._seats:
            raise InvalidInput.at("id", f"{listener.id!r} listens already")
        self._seats[listener.id] = _Seat(listener)

    def leave(self, listener_id: str) -> None:
        """Forgets a listener and what waited for it."""
        seat = self._seats.pop(listener_id, None)
        if seat is not None:
            self._move(seat, frozenset())

    def listener(self, listener_id: str) -> Listener:
        """Who listens under an id, as they are by now."""
        return self._seats[listener_id].listener

    def move(self, user_id: str, household_id: str, *, is_in: bool) -> None:
        """From now on the person is in a household, or is not, wherever they listen."""
        for seat in self._seats.values():
            listener = seat.listener
            if listener.user_id == user_id:
                others = listener.households - {household_id}
                households = others | {household_id} if is_in else others
                seat.listener = replace(listener, households=households)

    def subscribe(self, listener_id: str, patterns: Iterable[str]) -> None:
        """Adds patterns, all of them or none.

        Raises:
            InvalidInput: one of them is no pattern.
            TooMany: a listener may have only so many.
        """
        seat = self._seats[listener_id]
        wanted = set(_patterns_of(seat))
        for pattern in patterns:
            segments(pattern)
            wanted.add(pattern)
            if len(wanted) > self._max_patterns:
                raise TooMany(wait_s=0)
        self._move(seat, frozenset(wanted))

    def unsubscribe(self, listener_id: str, patterns: Iterable[str]) -> None:
        """Takes patterns away; those that were never added change nothing."""
        seat = self._seats[listener_id]
        self._move(seat, _patterns_of(seat).difference(patterns))

    def patterns(self, listener_id: str) -> frozenset[str]:
        """What a listener subscribed to."""
        return _patterns_of(self._seats[listener_id])

    def publish(self, *events: Event) -> list[str]:
        """Keeps events for everybody who may hear them; the ids of those for whom none waited.

        They are the ones to wake: everybody else is awake already.
        """
        told: dict[_Ear, list[Event]] = {}
        for event in events:
            for ear in self._hearing(event.topic):
                told.setdefault(ear, []).append(event)
        woken: list[str] = []
        for ear, heard in told.items():
            if ear.hears_all or all(map(_is_public, heard)):
                self._tell_all(ear, heard, woken)
            else:
                self._tell_each(ear, heard, woken)
        return woken

    def take(
        self, listener_id: str, *, most: int = MAX_WAITING
    ) -> tuple[Lagged | None, list[Event]]:
        """What waits for a listener, in order, and first whether it missed any; both are taken."""
        seat = self._seats[listener_id]
        if seat.batch is not None:
            self._pour(seat)
        lagged = None
        if seat.missed:
            lagged = Lagged(missed=seat.missed, last_missed_id=seat.last_missed_id)
            seat.missed = 0
        count = min(most, len(seat.waiting))
        return lagged, [seat.waiting.popitem(last=False)[1] for _ in range(count)]

    def take_batch(self, listener_id: str) -> Batch | None:
        """What waits for a listener, where it shares that with others; it is taken."""
        seat = self._seats[listener_id]
        batch, seat.batch = seat.batch, None
        return batch

    def waiting(self, listener_id: str) -> int:
        """How many events wait for a listener."""
        seat = self._seats[listener_id]
        return len(seat.waiting) + (len(seat.batch.events) if seat.batch else 0)

    def _tell_all(self, ear: _Ear, heard: list[Event], woken: list[str]) -> None:
        """Gives the same batch to everybody who is not behind."""
        batch = Batch(_newest(heard, wants_each=ear.wants_each))
        fits = len(batch.events) <= self._max_waiting
        for id_, seat in ear.seats.items():
            is_idle = seat.batch is None and not seat.waiting and not seat.missed
            if is_idle:
                woken.append(id_)
            if is_idle and fits:
                seat.batch = batch
            else:
                self._queue(seat, batch.events)

    def _tell_each(self, ear: _Ear, heard: list[Event], woken: list[str]) -> None:
        for id_, seat in ear.seats.items():
            own = [event for event in heard if is_meant_for(event, seat.listener)]
            if own and seat.is_idle:
                woken.append(id_)
            if own:
                self._queue(seat, own)

    def _queue(self, seat: _Seat, events: Sequence[Event]) -> None:
        """Puts events behind what waits for this listener alone."""
        if seat.batch is not None:
            self._pour(seat)
        for event in events:
            slot = _slot(event, wants_each=seat.listener.wants_each)
            # A newer state goes to the end, so that what is taken stays in the order of ids.
            seat.waiting.pop(slot, None)
            if len(seat.waiting) >= self._max_waiting:
                _, dropped = seat.waiting.popitem(last=False)
                seat.missed += 1
                seat.last_missed_id = dropped.id
            seat.waiting[slot] = event

    def _pour(self, seat: _Seat) -> None:
        """Makes the shared batch a queue of the listener's own."""
        batch, seat.batch = seat.batch, None
        if batch is not None:
            self._queue(seat, batch.events)

    def _move(self, seat: _Seat, patterns: frozenset[str]) -> None:
        """Gives a listener the ear for these patterns; an ear without listeners is taken away."""
        listener, old = seat.listener, seat.ear
        if old is not None:
            if old.patterns == patterns:
                return
            del old.seats[listener.id]
            if not old.seats:
                del self._ears[_ear_key(listener, old.patterns)]
                for pattern in old.patterns:
                    self._trie.discard(pattern, old)
                self._by_topic.clear()
        seat.ear = self._ear(listener, patterns) if patterns else None
        if seat.ear is not None:
            seat.ear.seats[listener.id] = seat

    def _ear(self, listener: Listener, patterns: frozenset[str]) -> _Ear:
        key = _ear_key(listener, patterns)
        ear = self._ears.get(key)
        if ear is None:
            ear = self._ears[key] = _Ear(listener, patterns)
            for pattern in patterns:
                self._trie.add(pattern, ear)
            self._by_topic.clear()
        return ear

    def _hearing(self, topic: str) -> tuple[_Ear, ...]:
        known = self._by_topic.get(topic)
        if known is None:
            if len(self._by_topic) >= _MAX_KNOWN_TOPICS:
                self._by_topic.clear()
            known = tuple(ear for ear in self._trie.listeners(topic) if ear.may_hear(topic))
            self._by_topic[topic] = known
        return known


def is_meant_for(event: Event, listener: Listener) -> bool:
    """Whether an event is for everybody, for the listener's household, or for the listener."""
    if listener.hears_all or _is_public(event):
        return True
    if event.household_id is not None and event.household_id in listener.households:
        return True
    return event.owner_id is not None and event.owner_id == listener.user_id


def _is_public(event: Event) -> bool:
    return event.household_id is None and event.owner_id is None


def _slot(event: Event, *, wants_each: bool) -> object:
    """What a newer event takes the place of."""
    return (event.topic, event.key) if event.is_state and not wants_each else event.id


def _newest(events: Iterable[Event], *, wants_each: bool) -> tuple[Event, ...]:
    kept: dict[object, Event] = {}
    for event in events:
        slot = _slot(event, wants_each=wants_each)
        kept.pop(slot, None)
        kept[slot] = event
    return tuple(kept.values())


def _patterns_of(seat: _Seat) -> frozenset[str]:
    return seat.ear.patterns if seat.ear is not None else frozenset()


def _ear_key(listener: Listener, patterns: frozenset[str]) -> object:
    return (patterns, listener.may_hear, listener.hears_all, listener.wants_each)
