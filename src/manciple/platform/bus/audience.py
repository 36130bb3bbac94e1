"""All who listen at the event sockets: who may stay, and each event made into bytes once."""

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from typing import Protocol

from manciple.kit.clock import Clock
from manciple.kit.errors import Refused
from manciple.kit.fan_out import FanOut
from manciple.platform.bus import frames
from manciple.platform.bus.endings import Ending
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.guests import Admit, Guest, Render, SocketSettings
from manciple.platform.bus.hub import Handout
from manciple.platform.bus.news import Batch, Event

# Frames of the latest events, for those who do not share a batch.
_KEPT_FRAMES = 4096
# How often a drained house looks whether its clients have gone.
_POLL_S = 0.01


class Member(Protocol):
    """A client, as far as the audience must know it."""

    @property
    def user_id(self) -> str | None:
        """Whose connection it is; None before sign-in."""
        ...

    def wake(self) -> None:
        """Something waits to be written."""
        ...

    def flush(self) -> None:
        """Writes what waits, as far as the client reads it."""
        ...

    def look_alive(self) -> None:
        """Asks for a sign of life; one that gave none since it was last asked is closed."""
        ...

    def write(self, framed: bytes) -> None:
        """Sends whole frames."""
        ...

    def fall_behind(self, rest: bytes) -> None:
        """Takes what the system had no room for; nothing is written directly until it has gone."""
        ...

    def close(self, why: Ending) -> None:
        """Ends the connection, saying why."""
        ...

    def abort(self) -> None:
        """Ends the connection at once."""
        ...


class Audience:
    """All clients of the event sockets of one process, within the limits of the house."""

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        *,
        admit: Admit,
        render: Render,
        settings: SocketSettings,
        fan_out: FanOut | None = None,
    ) -> None:
        self.exchange = exchange
        self.clock = clock
        self.admit = admit
        self.settings = settings
        self.ended: Counter[Ending] = Counter()
        self.written_bytes = 0
        self._render = render
        self._fan_out = fan_out or FanOut()
        self._open: set[Member] = set()
        self._clients: dict[str, Member] = {}
        self._of_each: Counter[str] = Counter()
        self._dirty: list[Member] = []
        self._frames: OrderedDict[tuple[int, bool], bytes] = OrderedDict()
        self._is_draining = False
        exchange.serve_with(self.hand_out)

    def __len__(self) -> int:
        return len(self._clients)

    @property
    def connections(self) -> int:
        """How many are open, those too that are not let in yet."""
        return len(self._open)

    def open(self, client: Member) -> Ending | None:
        """Counts a new connection; why it cannot stay, or None where there is room."""
        if self._is_draining:
            return Ending.DRAINING
        if len(self._open) >= self.settings.max_connections:
            return Ending.FULL
        self._open.add(client)
        return None

    def closed(self, client: Member) -> None:
        """Forgets a connection."""
        self._open.discard(client)

    def enter(self, client: Member, guest: Guest) -> None:
        """Takes a client in as who it is.

        Raises:
            Refused: its principal, or its address, has too many connections already.
        """
        who = _counted_by(guest)
        most = self.settings.max_per_principal
        if guest.listener.user_id is None:
            most = self.settings.max_per_address
        if self._of_each[who] >= most:
            raise Refused("You have too many connections open")
        self._of_each[who] += 1
        self._clients[guest.listener.id] = client
        self.exchange.join(guest.listener, client.wake)
        self.exchange.hub.subscribe(guest.listener.id, guest.channels)

    def leave(self, guest: Guest) -> None:
        """Forgets who a client is."""
        who = _counted_by(guest)
        self._of_each[who] -= 1
        if not self._of_each[who]:
            del self._of_each[who]
        self._clients.pop(guest.listener.id, None)
        self.exchange.leave(guest.listener.id)

    def wake(self, client: Member) -> None:
        """Writes to the client at the end of this tick, together with all others."""
        if not self._dirty:
            asyncio.get_running_loop().call_soon(self._flush)
        self._dirty.append(client)

    def hand_out(self, handout: Handout) -> None:
        """Writes a batch to everybody who is served.

        Who cannot take all of it is behind, and a failure is told by its transport.
        """
        framed = self.framed(handout.batch, as_cloud_event=handout.dialect == frames.CLOUD_EVENTS)
        short = self._fan_out.send(handout.row, framed)
        self.written_bytes += len(framed) * len(handout.row)
        if short:
            self._left_behind(handout, framed, short)

    def _left_behind(self, handout: Handout, framed: bytes, short: Mapping[int, int]) -> None:
        behind = {handout.row[place]: taken for place, taken in short.items()}
        for handle, id_ in handout.ids(behind).items():
            self._clients[id_].fall_behind(framed[behind[handle] :])

    def frame(self, event: Event, *, as_cloud_event: bool) -> bytes:
        """The frame of an event, made once."""
        slot = (event.id, as_cloud_event)
        made = self._frames.get(slot)
        if made is None:
            made = frames.text_frame(self._message(event, as_cloud_event=as_cloud_event))
            self._frames[slot] = made
            if len(self._frames) > _KEPT_FRAMES:
                self._frames.popitem(last=False)
        return made

    def framed(self, batch: Batch, *, as_cloud_event: bool) -> bytes:
        """All frames of a batch, made once for everybody who shares it."""
        kind = frames.CLOUD_EVENTS if as_cloud_event else ""
        made = batch.made.get(kind)
        if made is None:
            made = self.frames(batch.events, as_cloud_event=as_cloud_event)
            batch.made[kind] = made
        return made

    def frames(self, events: Iterable[Event], *, as_cloud_event: bool) -> bytes:
        """The frames of events, one behind the other."""
        return b"".join(self.frame(event, as_cloud_event=as_cloud_event) for event in events)

    async def run(self) -> None:
        """Asks silent clients for signs of life, until cancelled."""
        while True:
            await self.clock.sleep(self.settings.ping_s)
            self.look_alive()

    def look_alive(self) -> None:
        """Asks every client for a sign of life; who gave none since the last time is closed."""
        for client in list(self._open):
            client.look_alive()

    async def drain(self, patience_s: float) -> None:
        """Tells every client to come again elsewhere, and closes who has not gone in time."""
        self._is_draining = True
        farewell = frames.text_frame(frames.reconnect(self.settings.reconnect_ms))
        for client in list(self._open):
            client.write(farewell)
            client.close(Ending.DRAINING)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while self._open:  # noqa: ASYNC110 - the clients' ends ring no bell
                    await asyncio.sleep(_POLL_S)
        for client in list(self._open):
            client.abort()

    def close_of(self, user_id: str) -> int:
        """Closes every connection of somebody whose sign-in has ended; how many there were."""
        theirs = [c for c in self._clients.values() if c.user_id == user_id]
        for client in theirs:
            client.close(Ending.REVOKED)
        return len(theirs)

    def _message(self, event: Event, *, as_cloud_event: bool) -> bytes:
        facts = self._render(event)
        if as_cloud_event:
            return frames.cloud_event(
                event_id=event.id, topic=event.topic, key=event.key, at=event.at, facts=facts
            )
        return frames.event(event_id=event.id, topic=event.topic, at=event.at, facts=facts)

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, []
        for client in dirty:
            client.flush()


def _counted_by(guest: Guest) -> str:
    user_id = guest.listener.user_id
    return f"address {guest.address}" if user_id is None else f"user {user_id}"
