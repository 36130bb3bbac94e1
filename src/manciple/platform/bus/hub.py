"""The hub: who hears which event, and what waits for whom. Pure; sockets take from it.

Listeners that hear the same are told together. One that keeps up is served: what it hears is
handed out at once, and nothing is kept for it. One that does not has a bounded queue of its own,
so a slow one costs itself and nobody else. Of events that only tell the newest state of one thing,
a newer one takes the place of the older. When a queue is full the oldest events are let go and the
listener is told how many.
"""

from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from manciple.kit.errors import InvalidInput, TooMany
from manciple.platform.bus.ears import Ear, Seat
from manciple.platform.bus.earshot import Earshot
from manciple.platform.bus.news import (
    Batch,
    Event,
    Lagged,
    Listener,
    is_meant_for,
    newest,
    slot_of,
)
from manciple.platform.bus.topics import segments

# Room for a burst of a whole watch list; a listener that is further behind re-reads instead.
MAX_WAITING = 1000
MAX_PATTERNS = 100


@dataclass(frozen=True, slots=True)
class Handout:
    """A batch for listeners that are served, and their handles in a `row`.

    It must be given to them before the hub is used again; whoever cannot take it is put on `hold`.
    """

    batch: Batch
    dialect: str
    row: "array[int]"
    served: dict[str, int]

    def ids(self, handles: Collection[int]) -> dict[int, str]:
        """The ids of some of the listeners by their handles; few are ever asked for."""
        return {handle: id_ for id_, handle in self.served.items() if handle in handles}


@dataclass(slots=True)
class Told:
    """What a publication leads to: batches to hand out, and the ids of sleepers to wake."""

    handouts: list[Handout] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)


@dataclass(slots=True)
class HubFigures:
    """What the hub has done since it was made, in events times listeners.

    `coalesced` were replaced by a newer state before they were taken; `lagged` were let go.
    """

    delivered: int = 0
    coalesced: int = 0
    lagged: int = 0


class Hub:
    """Listeners, their patterns and what waits for them."""

    def __init__(self, *, max_waiting: int = MAX_WAITING, max_patterns: int = MAX_PATTERNS) -> None:
        self.figures = HubFigures()
        self._max_waiting = max_waiting
        self._max_patterns = max_patterns
        self._earshot = Earshot()
        self._seats: dict[str, Seat] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def join(self, listener: Listener) -> None:
        """Takes a listener; it hears nothing until it subscribes.

        Raises:
            InvalidInput: somebody listens under this id already.
        """
        if listener.id in self._seats:
            raise InvalidInput.at("id", f"{listener.id!r} listens already")
        self._seats[listener.id] = Seat(listener)

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
            listener, ear = seat.listener, seat.ear
            if listener.user_id != user_id:
                continue
            others = listener.households - {household_id}
            households = others | {household_id} if is_in else others
            if ear is not None:
                ear.leave(listener)
            seat.listener = replace(listener, households=households)
            if ear is not None:
                ear.enter(seat)

    def serve(self, listener_id: str, handle: int) -> bool:
        """Hands out at once what a listener hears; False, and nothing, while something waits."""
        seat = self._seats[listener_id]
        if not seat.is_idle:
            return False
        # Of ten thousand listeners hardly one ever needs a queue.
        seat.waiting = None
        self._give(seat, handle)
        return True

    def hold(self, listener_id: str) -> None:
        """Keeps what a listener hears until it is taken."""
        seat = self._seats.get(listener_id)
        if seat is not None and seat.handle is not None:
            self._give(seat, None)

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

    def publish(self, *events: Event) -> Told:
        """Gives events to everybody who may hear them, each in order and once."""
        heard_by: dict[Ear, list[Event]] = {}
        for event in events:
            for ear in self._earshot.hearing(event.topic):
                heard_by.setdefault(ear, []).append(event)
        told = Told()
        for ear, heard in heard_by.items():
            private = [] if ear.hears_all else [one for one in heard if not one.is_public]
            if private:
                self._tell_some(ear, heard, private, told)
            else:
                self._tell(ear, heard, queued=ear.queued, served=ear.served, told=told)
        return told

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
        if not seat.waiting:
            return lagged, []
        count = min(most, len(seat.waiting))
        self.figures.delivered += count
        return lagged, [seat.waiting.popitem(last=False)[1] for _ in range(count)]

    def take_batch(self, listener_id: str) -> Batch | None:
        """What waits for a listener, where it shares that with others; it is taken."""
        seat = self._seats[listener_id]
        batch, seat.batch = seat.batch, None
        if batch is not None:
            self.figures.delivered += len(batch.events)
        return batch

    def waiting(self, listener_id: str) -> int:
        """How many events wait for a listener."""
        return _depth(self._seats[listener_id])

    def depths(self) -> tuple[int, int]:
        """How many events wait for all listeners together, and for the one that has most."""
        found = [_depth(seat) for seat in self._seats.values() if seat.handle is None]
        return sum(found), max(found, default=0)

    def _tell_some(self, ear: Ear, heard: list[Event], private: list[Event], told: Told) -> None:
        """Gives private events to those they are meant for, and public ones to everybody."""
        concerned = ear.concerned(private)
        groups: dict[tuple[int, ...], tuple[list[Event], dict[str, Seat]]] = {}
        for id_, seat in concerned.items():
            own = [one for one in heard if is_meant_for(one, seat.listener)]
            groups.setdefault(tuple(one.id for one in own), (own, {}))[1][id_] = seat
        public = [one for one in heard if one.is_public]
        if public:
            everybody = ((id_, self._seats[id_]) for id_ in (*ear.served, *ear.queued))
            rest = {id_: seat for id_, seat in everybody if id_ not in concerned}
            groups[()] = (public, rest)
        for own, seats in groups.values():
            served = {id_: s.handle for id_, s in seats.items() if s.handle is not None}
            queued = {id_: s for id_, s in seats.items() if s.handle is None}
            self._tell(ear, own, queued=queued, served=served, told=told)

    def _tell(
        self,
        ear: Ear,
        heard: list[Event],
        *,
        queued: dict[str, Seat],
        served: dict[str, int],
        told: Told,
    ) -> None:
        """Gives the same batch to everybody who is not behind."""
        batch = Batch(newest(heard, wants_each=ear.wants_each))
        replaced = len(heard) - len(batch.events)
        if served:
            self.figures.delivered += len(served) * len(batch.events)
            self.figures.coalesced += len(served) * replaced
            row = ear.row() if served is ear.served else array("i", served.values())
            told.handouts.append(Handout(batch, ear.dialect, row, served))
        fits = len(batch.events) <= self._max_waiting
        for id_, seat in queued.items():
            is_idle = seat.is_idle
            if is_idle:
                told.woken.append(id_)
            if is_idle and fits:
                seat.batch = batch
                self.figures.coalesced += replaced
            else:
                self._queue(seat, heard)

    def _queue(self, seat: Seat, events: Sequence[Event]) -> None:
        """Puts events behind what waits for this listener alone."""
        if seat.batch is not None:
            self._pour(seat)
        if seat.waiting is None:
            seat.waiting = OrderedDict()
        for event in events:
            slot = slot_of(event, wants_each=seat.listener.wants_each)
            # A newer state goes to the end, so that what is taken stays in the order of ids.
            if seat.waiting.pop(slot, None) is not None:
                self.figures.coalesced += 1
            if len(seat.waiting) >= self._max_waiting:
                _, dropped = seat.waiting.popitem(last=False)
                seat.missed += 1
                seat.last_missed_id = dropped.id
                self.figures.lagged += 1
            seat.waiting[slot] = event

    def _pour(self, seat: Seat) -> None:
        """Makes the shared batch a queue of the listener's own."""
        batch, seat.batch = seat.batch, None
        if batch is not None:
            self._queue(seat, batch.events)

    def _give(self, seat: Seat, handle: int | None) -> None:
        seat.handle = handle
        if seat.ear is not None:
            seat.ear.seat(seat)

    def _move(self, seat: Seat, patterns: frozenset[str]) -> None:
        """Gives a listener the ear for these patterns; an ear without listeners is taken away."""
        listener, old = seat.listener, seat.ear
        if old is not None:
            if old.patterns == patterns:
                return
            old.leave(listener)
            if old.is_empty:
                self._earshot.forget(old, listener)
        seat.ear = self._earshot.ear(listener, patterns) if patterns else None
        if seat.ear is not None:
            seat.ear.enter(seat)


def _patterns_of(seat: Seat) -> frozenset[str]:
    return seat.ear.patterns if seat.ear is not None else frozenset()


def _depth(seat: Seat) -> int:
    return len(seat.waiting or ()) + (len(seat.batch.events) if seat.batch else 0)
