"""Listeners that hear the same, kept together, so that an event is looked at once for all. Pure."""

from array import array
from collections import OrderedDict
from collections.abc import Iterable

from manciple.platform.bus.news import Batch, Event, Listener


class Seat:
    """One listener and what waits for it: a shared batch, or a queue with the oldest first.

    With a `handle` nothing ever waits: what it hears is handed out at once.
    """

    __slots__ = ("batch", "ear", "handle", "last_missed_id", "listener", "missed", "waiting")

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.ear: Ear | None = None
        self.handle: int | None = None
        self.batch: Batch | None = None
        self.waiting: OrderedDict[object, Event] | None = None
        self.missed = 0
        self.last_missed_id = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits."""
        return self.batch is None and not self.waiting and not self.missed


class Ear:
    """All listeners with the same patterns, the same grants and the same dialect.

    `served` are the handles of those who are handed what they hear; `queued` are the others.
    """

    __slots__ = (
        "_of_household",
        "_of_owner",
        "_row",
        "dialect",
        "hears_all",
        "may_hear",
        "patterns",
        "queued",
        "served",
        "wants_each",
    )

    def __init__(self, listener: Listener, patterns: frozenset[str]) -> None:
        self.patterns = patterns
        self.may_hear = listener.may_hear
        self.hears_all = listener.hears_all
        self.wants_each = listener.wants_each
        self.dialect = listener.dialect
        self.served: dict[str, int] = {}
        self.queued: dict[str, Seat] = {}
        self._row: array[int] | None = None
        self._of_owner: dict[str, dict[str, Seat]] = {}
        self._of_household: dict[str, dict[str, Seat]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nobody is left."""
        return not self.served and not self.queued

    def enter(self, seat: Seat) -> None:
        """Takes a listener in."""
        self.seat(seat)
        listener = seat.listener
        if listener.user_id is not None:
            self._of_owner.setdefault(listener.user_id, {})[listener.id] = seat
        for household in listener.households:
            self._of_household.setdefault(household, {})[listener.id] = seat

    def leave(self, listener: Listener) -> None:
        """Forgets a listener."""
        self._row = None
        self.served.pop(listener.id, None)
        self.queued.pop(listener.id, None)
        if listener.user_id is not None:
            _take_out(self._of_owner, listener.user_id, listener.id)
        for household in listener.households:
            _take_out(self._of_household, household, listener.id)

    def seat(self, seat: Seat) -> None:
        """Puts a listener where its handle says."""
        self._row = None
        id_ = seat.listener.id
        if seat.handle is None:
            self.served.pop(id_, None)
            self.queued[id_] = seat
        else:
            self.queued.pop(id_, None)
            self.served[id_] = seat.handle

    def row(self) -> "array[int]":
        """The handles of all who are served; unlike them it touches no object of each listener."""
        if self._row is None:
            self._row = array("i", self.served.values())
        return self._row

    def concerned(self, private: Iterable[Event]) -> dict[str, Seat]:
        """The listeners that one of these events is meant for, without asking all others."""
        found: dict[str, Seat] = {}
        for event in private:
            if event.owner_id is not None:
                found |= self._of_owner.get(event.owner_id, {})
            if event.household_id is not None:
                found |= self._of_household.get(event.household_id, {})
        return found


def ear_key(listener: Listener, patterns: frozenset[str]) -> object:
    """What listeners of one ear have in common."""
    own = (listener.may_hear, listener.hears_all, listener.wants_each, listener.dialect)
    return (patterns, *own)


def _take_out(groups: dict[str, dict[str, Seat]], name: str, listener_id: str) -> None:
    group = groups.get(name)
    if group is not None:
        group.pop(listener_id, None)
        if not group:
            del groups[name]
