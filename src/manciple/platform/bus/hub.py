"""The hub: who hears which event, and what waits for whom. Pure; sockets take from it.

Every listener has a bounded queue of its own, so a slow one costs itself and nobody else. Of
events that only tell the newest state of one thing, a newer one takes the place of the older in the
queue. When a queue is full the oldest events are let go and the listener is told how many.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from manciple.kit.errors import InvalidInput, TooMany
from manciple.platform.bus.topics import TopicTrie

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


class _Seat:
    """One listener's patterns and what waits for it, oldest first."""

    __slots__ = ("last_missed_id", "listener", "missed", "patterns", "waiting")

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.patterns: set[str] = set()
        self.waiting: OrderedDict[object, Event] = OrderedDict()
        self.missed = 0
        self.last_missed_id = 0


class Hub:
    """Listeners, their patterns and their queues."""

    def __init__(self, *, max_waiting: int = MAX_WAITING, max_patterns: int = MAX_PATTERNS) -> None:
        self._max_waiting = max_waiting
        self._max_patterns = max_patterns
        self._trie: TopicTrie[str] = TopicTrie()
        self._seats: dict[str, _Seat] = {}
        self._by_topic: dict[str, tuple[_Seat, ...]] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def join(self, listener: Listener) -> None:
        """Gives a listener a queue; it hears nothing until it subscribes.

        Raises:
            InvalidInput: somebody listens under this id already.
        """
        if listener.id in self._seats:
            raise InvalidInput.at("id", f"{listener.id!r} listens already")
        self._seats[listener.id] = _Seat(listener)

    def leave(self, listener_id: str) -> None:
        """Forgets a listener and what waited for it."""
        seat = self._seats.pop(listener_id, None)
        if seat is None:
            return
        for pattern in seat.patterns:
            self._trie.discard(pattern, listener_id)
        self._by_topic.clear()

    def subscribe(self, listener_id: str, patterns: Iterable[str]) -> None:
        """Adds patterns, all of them or none.

        Raises:
            InvalidInput: one of them is no pattern.
            TooMany: a listener may have only so many.
        """
        seat = self._seats[listener_id]
        new: set[str] = set()
        for pattern in patterns:
            new.add(pattern)
            if len(new | seat.patterns) > self._max_patterns:
                raise TooMany(wait_s=0)
        added: list[str] = []
        try:
            for pattern in new - seat.patterns:
                self._trie.add(pattern, listener_id)
                added.append(pattern)
        except InvalidInput:
            for pattern in added:
                self._trie.discard(pattern, listener_id)
            raise
        seat.patterns |= new
        self._by_topic.clear()

    def unsubscribe(self, listener_id: str, patterns: Iterable[str]) -> None:
        """Takes patterns away; those that were never added change nothing."""
        seat = self._seats[listener_id]
        for pattern in seat.patterns.intersection(patterns):
            self._trie.discard(pattern, listener_id)
            seat.patterns.discard(pattern)
        self._by_topic.clear()

    def patterns(self, listener_id: str) -> frozenset[str]:
        """What a listener subscribed to."""
        return frozenset(self._seats[listener_id].patterns)

    def publish(self, event: Event) -> list[str]:
        """Queues an event for everybody who may hear it; the ids of those whose queue was empty.

        They are the ones to wake: everybody else is awake already.
        """
        woken = []
        for seat in self._hearing(event.topic):
            if not is_meant_for(event, seat.listener):
                continue
            if not seat.waiting and not seat.missed:
                woken.append(seat.listener.id)
            self._queue(seat, event)
        return woken

    def take(
        self, listener_id: str, *, most: int = MAX_WAITING
    ) -> tuple[Lagged | None, list[Event]]:
        """What waits for a listener, in order, and first whether it missed any; both are taken."""
        seat = self._seats[listener_id]
        lagged = None
        if seat.missed:
            lagged = Lagged(missed=seat.missed, last_missed_id=seat.last_missed_id)
            seat.missed = 0
        count = min(most, len(seat.waiting))
        return lagged, [seat.waiting.popitem(last=False)[1] for _ in range(count)]

    def waiting(self, listener_id: str) -> int:
        """How many events wait for a listener."""
        return len(self._seats[listener_id].waiting)

    def _queue(self, seat: _Seat, event: Event) -> None:
        is_state = event.is_state and not seat.listener.wants_each
        slot = (event.topic, event.key) if is_state else event.id
        # A newer state goes to the end, so that what is taken stays in the order of ids.
        seat.waiting.pop(slot, None)
        if len(seat.waiting) >= self._max_waiting:
            _, dropped = seat.waiting.popitem(last=False)
            seat.missed += 1
            seat.last_missed_id = dropped.id
        seat.waiting[slot] = event

    def _hearing(self, topic: str) -> tuple[_Seat, ...]:
        known = self._by_topic.get(topic)
        if known is None:
            if len(self._by_topic) >= _MAX_KNOWN_TOPICS:
                self._by_topic.clear()
            seats = (self._seats[id_] for id_ in self._trie.listeners(topic))
            known = tuple(seat for seat in seats if seat.listener.may_hear(topic))
            self._by_topic[topic] = known
        return known


def is_meant_for(event: Event, listener: Listener) -> bool:
    """Whether an event is for everybody, for the listener's household, or for the listener."""
    if listener.hears_all or (event.household_id is None and event.owner_id is None):
        return True
    if event.household_id is not None and event.household_id in listener.households:
        return True
    return event.owner_id is not None and event.owner_id == listener.user_id
