"""Live events inside one process: the outbox is followed, the hub asked, sleepers woken."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from manciple.kit import trace_context, tracing
from manciple.kit.clock import Clock
from manciple.kit.errors import Unavailable
from manciple.kit.ids import new_id
from manciple.kit.telemetry import traced
from manciple.platform.bus.hub import Handout, Hub
from manciple.platform.bus.news import Event, Gap, Lagged, Listener, is_meant_for
from manciple.platform.bus.outbox import Entry, Outbox
from manciple.platform.bus.topics import covers
from manciple.platform.db.changes import POLL_S
from manciple.platform.db.database import Database
from manciple.platform.db.trace_links import traces_of

T = TypeVar("T")

_BATCH = 500


class Exchange:
    """Follows the outbox and hands every entry to the hub, in order.

    `has_changed` says whether any process committed something; it is asked when `look` is called,
    and each `poll_s` seconds. `peek` gives what came after an id without waiting, or None where
    that is for a thread. `is_state` says whether only the newest event of a topic's thing matters.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        hub: Hub,
        *,
        has_changed: Callable[[], bool],
        peek: Callable[[int], Sequence[Entry] | None] = lambda _last_id: None,
        poll_s: float = POLL_S,
        is_state: Callable[[str], bool] = lambda _topic: False,
    ) -> None:
        self._turns: dict[str, list[Callable[[Event], None]]] = {}
        self._turned = 0
        self._database = database
        self._clock = clock
        self._has_changed = has_changed
        self._peek = peek
        self._poll_s = poll_s
        self._is_state = is_state
        self._wakes: dict[str, Callable[[], None]] = {}
        self._hand_out: Callable[[Handout], None] = _nobody_is_served
        self._on_change: list[Callable[[], None]] = []
        self._is_rung = False
        self._awake = asyncio.Event()
        self.hub = hub
        self.last_id = 0

    async def open(self) -> None:
        """Begins after the newest entry; what is older is told to those who ask for it."""
        self.last_id = await self._database.read(lambda c: Outbox(c, self._now()).newest_id())

    async def run(self) -> None:
        """Hands on whatever is committed, until cancelled; a database that rests is asked again."""
        loop = asyncio.get_running_loop()
        while True:
            self._awake.clear()
            if self._is_rung or self._has_changed():
                self._is_rung = False
                self._tell_of_change()
                with contextlib.suppress(Unavailable):
                    await self.pump()
            alarm = loop.call_later(self._poll_s, self._awake.set)
            try:
                await self._awake.wait()
            finally:
                alarm.cancel()

    def look(self) -> None:
        """Looks whether any process has committed something; that takes microseconds."""
        if self._has_changed():
            self.ring()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Calls `listener` soon after any process committed something."""
        self._on_change.append(listener)

    def ring(self) -> None:
        """Says that this process committed something."""
        self._is_rung = True
        self._awake.set()

    async def pump(self) -> int:
        """Hands on everything committed by now; how many entries there were."""
        told = 0
        while entries := await self._fresh():
            if tracing.is_on():
                await self._trace(entries)
            self._hand_on([self._event(entry) for entry in entries])
            self.last_id = entries[-1].id
            told += len(entries)
            if len(entries) < _BATCH:
                break
        return told

    def _tell_of_change(self) -> None:
        for listener in self._on_change:
            listener()

    async def _trace(self, entries: Sequence[Entry]) -> None:
        """Notes in each entry's own trace that it is handed on here, now."""
        ids = [entry.id for entry in entries]
        traces = await self._database.read(lambda c: traces_of(c, "event", ids))
        for entry in entries:
            if entry.id in traces:
                with trace_context.carrying(traces[entry.id]), traced("events.hand_on"):
                    pass

    def on_turn(self, topic: str, turn: Callable[[Event], None]) -> None:
        """Shows events of a topic to `turn` before anybody hears them or what follows.

        They change who may hear it.
        """
        self._turns.setdefault(topic, []).append(turn)

    async def settled(self, look: Callable[[], Awaitable[T]]) -> T:
        """What a look at the database finds, taken anew while turns come in between.

        A listener that joins before anything else is waited for misses no turn.
        """
        while True:
            turned = self._turned
            found = await look()
            if turned == self._turned:
                return found

    def serve_with(self, hand_out: Callable[[Handout], None]) -> None:
        """Lets `hand_out` give batches to the listeners that are served."""
        self._hand_out = hand_out

    def new_listener_id(self) -> str:
        """An id under which nobody listens yet."""
        return new_id("sub", self._clock)

    def join(self, listener: Listener, wake: Callable[[], None]) -> None:
        """Takes a listener into the hub; `wake` is called when something begins to wait for it.

        Raises:
            InvalidInput: somebody listens under this id already.
        """
        self.hub.join(listener)
        self._wakes[listener.id] = wake

    def leave(self, listener_id: str) -> None:
        """Forgets a listener."""
        self.hub.leave(listener_id)
        self._wakes.pop(listener_id, None)

    async def missed(
        self,
        listener: Listener,
        patterns: tuple[str, ...],
        after_id: int,
        lagged: Lagged | None = None,
    ) -> AsyncIterator[Event | Gap]:
        """From the outbox: up to what the hub has handed on, or up to what was missed.

        A part that is kept no more is said first.
        """
        until = max(self.last_id, lagged.last_missed_id if lagged else 0)
        oldest = await self._database.read(lambda c: Outbox(c, self._now()).oldest_id())
        if oldest > after_id + 1:
            yield Gap(after_id=after_id, before_id=oldest)
        while after_id < until and (entries := await self._after(after_id)):
            after_id = entries[-1].id
            for entry in entries:
                event = self._event(entry)
                if event.id <= until and _hears(listener, patterns, event):
                    yield event

    def _hand_on(self, events: Sequence[Event]) -> None:
        for turns, some in groupby(events, key=lambda event: self._turns.get(event.topic)):
            told = list(some)
            if turns is not None:
                self._turned += len(told)
                for event in told:
                    for turn in turns:
                        turn(event)
            fresh = self.hub.publish(*told)
            for handout in fresh.handouts:
                self._hand_out(handout)
            for listener_id in fresh.woken:
                self._wakes[listener_id]()

    async def _fresh(self) -> Sequence[Entry]:
        seen = self._peek(self.last_id)
        return await self._after(self.last_id) if seen is None else seen

    async def _after(self, last_id: int) -> list[Entry]:
        found = await self._database.read(
            lambda c: Outbox(c, self._now()).after(last_id, limit=_BATCH)
        )
        return list(found)

    def _event(self, entry: Entry) -> Event:
        return Event(
            id=entry.id,
            topic=entry.topic,
            key=entry.key,
            body=entry.payload,
            at=entry.at,
            household_id=entry.household_id,
            owner_id=entry.owner_id,
            is_state=self._is_state(entry.topic),
        )

    def _now(self) -> datetime:
        return self._clock.now()


def _nobody_is_served(handout: Handout) -> None:
    raise AssertionError(handout)


def _hears(listener: Listener, patterns: tuple[str, ...], event: Event) -> bool:
    return (
        any(covers(pattern, event.topic) for pattern in patterns)
        and listener.may_hear(event.topic)
        and is_meant_for(event, listener)
    )
