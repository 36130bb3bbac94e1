"""Event sockets: thousands of clients on one loop, each event made into bytes once.

A skin over picows: what waits for a client is written once a tick, in one write; a client whose
own buffer is full is left out until it has read, and its queue in the hub is bounded.
"""

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest

from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, MancipleError, Refused, TooMany
from manciple.kit.ids import new_id
from manciple.platform.bus import frames
from manciple.platform.bus.exchange import Exchange, Gap
from manciple.platform.bus.hub import Event, Listener

# A client that has not read this much is not written to until it has.
_FULL_BUFFER_BYTES = 256 << 10
# Frames of the latest events; a burst of states is made into bytes once for all clients.
_KEPT_FRAMES = 4096
_PER_TAKE = 256
_WAITING_MESSAGES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a client brings: headers in lower case, and what its `auth` message says."""

    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = "/ws"
    token: str | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who a client is: what it may hear, and what it hears without asking."""

    listener: Listener
    channels: tuple[str, ...] = ()
    is_signed_in: bool = False


Admit = Callable[[Credentials], Awaitable[Guest]]
Render = Callable[[Event], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketSettings:
    """Limits of the event sockets.

    `max_connections` is the specification's 500; a client beyond it is told to try again later.
    A client may say `messages_per_s` on average, and ten times that at once.
    """

    max_connections: int = 500
    max_per_principal: int = 50
    messages_per_s: float = 20.0
    reconnect_ms: int = 1000
    origins: frozenset[str] = frozenset()


class EventSockets:
    """All clients of one door."""

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        *,
        admit: Admit,
        render: Render,
        settings: SocketSettings,
    ) -> None:
        self.exchange = exchange
        self.clock = clock
        self.admit = admit
        self.settings = settings
        self._render = render
        self._clients: dict[str, EventClient] = {}
        self._of_principal: Counter[str] = Counter()
        self._dirty: dict[str, EventClient] = {}
        self._frames: OrderedDict[tuple[int, bool], bytes] = OrderedDict()
        self._is_draining = False

    def __len__(self) -> int:
        return len(self._clients)

    def listener(self, request: WSUpgradeRequest) -> "EventClient":
        """What speaks with the client of an upgrade; a refusal is told after the handshake."""
        return EventClient(self, request)

    def refusal(self) -> WSCloseCode | None:
        """Why no more clients are taken now; None where there is room."""
        if self._is_draining:
            return WSCloseCode.SERVICE_RESTART
        is_full = len(self._clients) >= self.settings.max_connections
        return WSCloseCode.TRY_AGAIN_LATER if is_full else None

    def enter(self, client: "EventClient", guest: Guest) -> None:
        """Takes a client in.

        Raises:
            Refused: its principal has too many connections already.
        """
        who = guest.listener.user_id
        if who is not None:
            if self._of_principal[who] >= self.settings.max_per_principal:
                raise Refused("You have too many connections open")
            self._of_principal[who] += 1
        self._clients[guest.listener.id] = client
        self.exchange.join(guest.listener, lambda: self.wake(client))
        self.exchange.hub.subscribe(guest.listener.id, guest.channels)

    def leave(self, guest: Guest) -> None:
        """Forgets a client."""
        who = guest.listener.user_id
        if who is not None:
            self._of_principal[who] -= 1
            if not self._of_principal[who]:
                del self._of_principal[who]
        self._clients.pop(guest.listener.id, None)
        self._dirty.pop(guest.listener.id, None)
        self.exchange.leave(guest.listener.id)

    def wake(self, client: "EventClient") -> None:
        """Writes to the client at the end of this tick, together with all others."""
        if not self._dirty:
            asyncio.get_running_loop().call_soon(self._flush)
        self._dirty[client.id] = client

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

    async def drain(self, patience_s: float) -> None:
        """Tells every client to come again elsewhere, and closes who has not gone in time."""
        self._is_draining = True
        farewell = frames.text_frame(frames.reconnect(self.settings.reconnect_ms))
        for client in list(self._clients.values()):
            client.write(farewell)
            client.close(WSCloseCode.SERVICE_RESTART)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while self._clients:  # noqa: ASYNC110 - the clients' ends ring no bell
                    await asyncio.sleep(0.01)

    def close_of(self, user_id: str) -> int:
        """Closes every connection of somebody whose sign-in has ended; how many there were."""
        theirs = [c for c in self._clients.values() if c.user_id == user_id]
        for client in theirs:
            client.close(WSCloseCode.POLICY_VIOLATION)
        return len(theirs)

    def _message(self, event: Event, *, as_cloud_event: bool) -> bytes:
        facts = self._render(event)
        if as_cloud_event:
            return frames.cloud_event(
                event_id=event.id, topic=event.topic, key=event.key, at=event.at, facts=facts
            )
        return frames.event(event_id=event.id, topic=event.topic, at=event.at, facts=facts)

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, {}
        for client in dirty.values():
            client.flush()


class EventClient(WSListener):
    """One client; nothing here waits for it."""

    def __init__(self, door: EventSockets, request: WSUpgradeRequest) -> None:
        self._door = door
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = urlsplit(request.path.decode("latin-1")).path
        self._brought = Credentials(headers=headers, path=path)
        self.as_cloud_events = frames.CLOUD_EVENTS in _protocols(headers)
        self.id = new_id("ws", door.clock)
        self._transport: WSTransport | None = None
        self._guest: Guest | None = None
        self._said: asyncio.Queue[bytes] = asyncio.Queue(_WAITING_MESSAGES)
        self._serving: asyncio.Task[None] | None = None
        self._is_paused = False
        self._is_catching_up = False
        self._allowance = door.settings.messages_per_s * 10
        self._allowed_at_s = door.clock.monotonic()

    @property
    def user_id(self) -> str | None:
        """Whose connection it is; None before sign-in."""
        return self._guest.listener.user_id if self._guest else None

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The handshake is done."""
        self._transport = transport
        refusal = self._door.refusal()
        if refusal is not None:
            self.close(refusal)
            return
        self._serving = asyncio.get_running_loop().create_task(self._serve())

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The client is gone."""
        del transport
        if self._serving is not None:
            self._serving.cancel()
        if self._guest is not None:
            self._door.leave(self._guest)
            self._guest = None

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """One frame of the client; whole text messages within limits, or the end."""
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT and frame.fin:
            self._hear(frame.get_payload_as_bytes())
        elif frame.msg_type not in (WSMsgType.PING, WSMsgType.PONG):
            self.close(WSCloseCode.UNSUPPORTED_DATA)

    def pause_writing(self) -> None:
        """The client reads too slowly."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """The client has read."""
        self._is_paused = False
        if self._guest is not None:
            self._door.wake(self)

    def write(self, framed: bytes) -> None:
        """Sends whole frames."""
        if self._transport is not None and not self._transport.is_disconnected:
            self._transport.underlying_transport.write(framed)

    def close(self, code: WSCloseCode) -> None:
        """Ends the connection, saying why."""
        if self._transport is not None:
            self._transport.send_close(code)
            self._transport.disconnect()

    def flush(self) -> None:
        """Writes what waits, as far as the client reads it."""
        if self._guest is None or self._is_catching_up or self._is_full:
            return
        lagged, events = self._door.exchange.hub.take(self.id, most=_PER_TAKE)
        parts = [frames.text_frame(frames.lagged(lagged))] if lagged else []
        parts += (self._door.frame(each, as_cloud_event=self.as_cloud_events) for each in events)
        if parts:
            self.write(b"".join(parts))
        if len(events) == _PER_TAKE:
            self._door.wake(self)

    @property
    def _is_full(self) -> bool:
        if self._is_paused or self._transport is None:
            return True
        waiting: int = self._transport.underlying_transport.get_write_buffer_size()
        return waiting > _FULL_BUFFER_BYTES

    def _hear(self, message: bytes) -> None:
        if not self._may_speak():
            self.close(WSCloseCode.POLICY_VIOLATION)
            return
        try:
            self._said.put_nowait(message)
        except asyncio.QueueFull:
            self.close(WSCloseCode.POLICY_VIOLATION)

    def _may_speak(self) -> bool:
        """A bucket that refills: bursts are fine, a flood is not."""
        rate, now_s = self._door.settings.messages_per_s, self._door.clock.monotonic()
        self._allowance = min(rate * 10, self._allowance + (now_s - self._allowed_at_s) * rate)
        self._allowed_at_s = now_s
        self._allowance -= 1
        return self._allowance >= 0

    async def _serve(self) -> None:
        """Lets the client in, then does what it says, one message after the other."""
        try:
            await self._sign_in(self._brought)
            while True:
                message = await self._said.get()
                try:
                    await self._do(frames.read(message))
                except (InvalidInput, TooMany) as error:
                    self._tell(frames.refusal(str(error)))
        except MancipleError as error:
            self._tell(frames.refusal(str(error)))
            self.close(WSCloseCode.POLICY_VIOLATION)

    async def _sign_in(self, credentials: Credentials) -> None:
        guest = await self._door.admit(credentials)
        guest = replace(guest, listener=replace(guest.listener, id=self.id))
        if self._guest is not None:
            self._door.leave(self._guest)
            self._guest = None
        self._door.enter(self, guest)
        self._guest = guest
        channels = sorted(self._door.exchange.hub.patterns(self.id))
        self._tell(frames.welcome(self.id, channels=channels, is_signed_in=guest.is_signed_in))

    async def _do(self, said: frames.Said) -> None:
        hub = self._door.exchange.hub
        match said:
            case frames.Ping():
                self._tell(frames.pong())
            case frames.Authenticate(token=token, ticket=ticket):
                await self._sign_in(replace(self._brought, token=token, ticket=ticket))
            case frames.Unsubscribe(channels=channels):
                hub.unsubscribe(self.id, channels)
                self._tell(frames.unsubscribed(sorted(hub.patterns(self.id))))
            case frames.Subscribe(channels=channels, last_event_id=last_id):
                hub.subscribe(self.id, channels)
                self._tell(frames.subscribed(sorted(hub.patterns(self.id))))
                if last_id is not None:
                    await self._catch_up(tuple(channels), _event_id(last_id))

    async def _catch_up(self, channels: tuple[str, ...], after_id: int) -> None:
        """Tells what came after an event; live events wait meanwhile.

        None comes twice: the hub has only what was handed on after the channels were added, and
        the outbox is read up to just there.
        """
        guest = self._guest
        if guest is None:
            return
        self._is_catching_up = True
        try:
            async for told in self._door.exchange.missed(guest.listener, channels, after_id):
                if isinstance(told, Gap):
                    self._tell(frames.gap(told))
                    continue
                self.write(self._door.frame(told, as_cloud_event=self.as_cloud_events))
                while self._is_full:  # noqa: ASYNC110 - the transport rings no bell of ours
                    await asyncio.sleep(0.01)
        finally:
            self._is_catching_up = False
            self._door.wake(self)

    def _tell(self, message: bytes) -> None:
        self.write(frames.text_frame(message))


def _protocols(headers: Mapping[str, str]) -> set[str]:
    return {name.strip() for name in headers.get("sec-websocket-protocol", "").split(",")}


def _event_id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - 64 bits
        raise InvalidInput.at("lastEventId", f"{text[:40]!r} is no id of an event")
    return int(text)
