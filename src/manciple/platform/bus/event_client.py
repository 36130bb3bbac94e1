"""One client of the event sockets: what it says is done, what waits for it is written.

A skin over picows. A client that keeps up is served: the audience writes to its socket. One whose
socket is full is behind: what it hears waits in the hub, bounded, until it has read.
"""

import asyncio
import os
from collections import deque
from dataclasses import replace
from urllib.parse import urlsplit

from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest

from manciple.kit.errors import InvalidInput, MancipleError, TooMany
from manciple.kit.ids import new_id
from manciple.platform.bus import frames
from manciple.platform.bus.audience import Audience
from manciple.platform.bus.endings import CODES, Ending
from manciple.platform.bus.guests import Allowance, Credentials, Guest
from manciple.platform.bus.news import Gap

_PER_TAKE = 256
_WAITING_MESSAGES = 32
# Time for a client to read why it was closed; closing with its input unread would be a reset.
_FAREWELL_S = 1.0


class EventClient(WSListener):
    """One client; nothing here waits for it. A task runs only while its messages are done."""

    __slots__ = (
        "_allowance",
        "_as_cloud_events",
        "_door",
        "_fd",
        "_guest",
        "_has_spoken",
        "_is_catching_up",
        "_is_closing",
        "_is_paused",
        "_raw",
        "_said",
        "_task",
        "_transport",
        "id",
    )

    def __init__(self, door: Audience, *, as_cloud_events: bool) -> None:
        self._door = door
        self._as_cloud_events = as_cloud_events
        self.id = new_id("ws", door.clock)
        self._transport: WSTransport | None = None
        self._raw: asyncio.Transport | None = None
        self._fd = -1
        self._guest: Guest | None = None
        self._said: deque[bytes] | None = None
        self._task: asyncio.Task[None] | None = None
        self._allowance: Allowance | None = None
        self._is_paused = False
        self._is_catching_up = False
        self._is_closing = False
        self._has_spoken = True

    @property
    def user_id(self) -> str | None:
        """Whose connection it is; None before sign-in."""
        return self._guest.listener.user_id if self._guest else None

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The handshake is done."""
        self._transport = transport
        self._raw = transport.underlying_transport
        # Told at once when anything waits in the transport, so that nobody writes past it.
        self._raw.set_write_buffer_limits(0)
        if self._raw.get_extra_info("sslcontext") is None:
            self._fd = self._raw.get_extra_info("socket").fileno()
        refusal = self._door.open(self)
        if refusal is not None:
            self.close(refusal)
            return
        self._begin()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The client is gone."""
        del transport
        self._is_closing = True
        self._door.closed(self)
        if self._task is not None:
            self._task.cancel()
        self._leave()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """One frame of the client; whole text messages within limits, or the end."""
        self._has_spoken = True
        if frame.msg_type == WSMsgType.CLOSE:
            if not self._is_closing:
                transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif self._is_closing:
            return
        elif frame.msg_type == WSMsgType.TEXT and frame.fin:
            self._hear(frame.get_payload_as_bytes())
        elif frame.msg_type not in (WSMsgType.PING, WSMsgType.PONG):
            self.close(Ending.UNSUPPORTED)

    def pause_writing(self) -> None:
        """The client reads too slowly."""
        self._is_paused = True
        if self._guest is not None:
            self._door.exchange.hub.hold(self.id)

    def resume_writing(self) -> None:
        """The client has read."""
        self._is_paused = False
        self.wake()

    def wake(self) -> None:
        """Something waits to be written."""
        self._door.wake(self)

    def look_alive(self) -> None:
        """Asks for a sign of life; one that gave none since it was last asked is closed."""
        if not self._has_spoken:
            self.close(Ending.SILENT)
        elif self._transport is not None:
            self._has_spoken = False
            self._transport.send_ping()

    def write(self, framed: bytes) -> None:
        """Sends whole frames: at once if nothing waits, since the loop's own way costs twice."""
        raw = self._raw
        if raw is None or raw.is_closing() or self._is_closing:
            return
        self._door.written_bytes += len(framed)
        if self._fd >= 0 and not self._is_paused:
            try:
                sent = os.write(self._fd, framed)
            except OSError:
                sent = 0
            if sent == len(framed):
                return
            framed = framed[sent:]
        self.fall_behind(framed)

    def fall_behind(self, rest: bytes) -> None:
        """Leaves what the system had no room for to the transport, and holds what comes."""
        if self._guest is not None:
            self._door.exchange.hub.hold(self.id)
        if self._raw is not None:
            self._raw.write(rest)

    def close(self, why: Ending) -> None:
        """Ends the connection, saying why; the client gets a moment to read it."""
        if self._transport is None or self._raw is None or self._is_closing:
            return
        self._is_closing = True
        self._leave()
        self._door.ended[why] += 1
        self._transport.send_close(CODES[why])
        if self._raw.can_write_eof() and not self._raw.is_closing():
            self._raw.write_eof()
        asyncio.get_running_loop().call_later(_FAREWELL_S, self.abort)

    def abort(self) -> None:
        """Ends the connection at once."""
        if self._raw is not None:
            self._raw.abort()

    def flush(self) -> None:
        """Writes what waits, as far as the client reads it."""
        if self._guest is None or self._is_catching_up or self._is_full:
            return
        door = self._door
        hub = door.exchange.hub
        batch = hub.take_batch(self.id)
        if batch is not None:
            self.write(door.framed(batch, as_cloud_event=self._as_cloud_events))
            self._be_served()
            return
        lagged, events = hub.take(self.id, most=_PER_TAKE)
        told = frames.text_frame(frames.lagged(lagged)) if lagged else b""
        told += self._door.frames(events, as_cloud_event=self._as_cloud_events)
        if told:
            self.write(told)
        if len(events) == _PER_TAKE:
            self.wake()
        else:
            self._be_served()

    @property
    def _is_full(self) -> bool:
        return self._is_paused or self._raw is None or self._is_closing

    def _be_served(self) -> None:
        """Gets what it hears at once from now on, unless it is behind."""
        if self._fd >= 0 and not self._is_full and not self._is_catching_up:
            self._door.exchange.hub.serve(self.id, self._fd)

    def _leave(self) -> None:
        if self._guest is not None:
            self._door.leave(self._guest)
            self._guest = None

    def _hear(self, message: bytes) -> None:
        door = self._door
        if self._allowance is None:
            self._allowance = Allowance(door.settings.messages_per_s, door.clock)
        if self._said is None:
            self._said = deque()
        if not self._allowance.take(door.clock.monotonic()) or len(self._said) >= _WAITING_MESSAGES:
            self.close(Ending.FLOOD)
            return
        self._said.append(message)
        self._begin()

    def _begin(self) -> None:
        """Has what the client said done, unless that is under way."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._serve())

    async def _serve(self) -> None:
        """Lets the client in, then does what it says, one message after the other."""
        try:
            if self._guest is None:
                await self._sign_in(self._credentials())
            while self._said:
                try:
                    await self._do(frames.read(self._said.popleft()))
                except (InvalidInput, TooMany) as error:
                    self._tell(frames.refusal(str(error)))
        except MancipleError as error:
            self._tell(frames.refusal(str(error)))
            self.close(Ending.REFUSED)
        finally:
            self._said = None
            self._task = None

    def _credentials(self) -> Credentials:
        if self._transport is None or self._raw is None:
            return Credentials()
        request = self._transport.request
        peer = self._raw.get_extra_info("peername")
        return Credentials(
            headers=headers_of(request),
            path=urlsplit(request.path.decode("latin-1")).path,
            host=peer[0] if peer else "",
        )

    async def _sign_in(self, credentials: Credentials) -> None:
        guest = await self._door.admit(credentials)
        dialect = frames.CLOUD_EVENTS if self._as_cloud_events else ""
        guest = replace(guest, listener=replace(guest.listener, id=self.id, dialect=dialect))
        self._leave()
        if self._is_closing:
            return
        self._door.enter(self, guest)
        self._guest = guest
        channels = sorted(self._door.exchange.hub.patterns(self.id))
        self._tell(frames.welcome(self.id, channels=channels, is_signed_in=guest.is_signed_in))
        self._be_served()

    async def _do(self, said: frames.Said) -> None:
        if self._guest is None:
            return
        hub = self._door.exchange.hub
        match said:
            case frames.Ping():
                self._tell(frames.pong())
            case frames.Authenticate(token=token, ticket=ticket):
                await self._sign_in(replace(self._credentials(), token=token, ticket=ticket))
            case frames.Unsubscribe(channels=channels):
                hub.unsubscribe(self.id, channels)
                self._tell(frames.unsubscribed(sorted(hub.patterns(self.id))))
            case frames.Subscribe(channels=channels, last_event_id=last_id):
                after_id = None if last_id is None else _event_id(last_id)
                hub.subscribe(self.id, channels)
                self._tell(frames.subscribed(sorted(hub.patterns(self.id))))
                if after_id is not None:
                    await self._catch_up(tuple(channels), after_id)

    async def _catch_up(self, channels: tuple[str, ...], after_id: int) -> None:
        """Tells what came after an event; live events wait meanwhile.

        None comes twice: the hub has only what was handed on after the channels were added, and
        the outbox is read up to just there.
        """
        guest = self._guest
        if guest is None:
            return
        self._is_catching_up = True
        self._door.exchange.hub.hold(self.id)
        try:
            async for told in self._door.exchange.missed(guest.listener, channels, after_id):
                if isinstance(told, Gap):
                    self._tell(frames.gap(told))
                    continue
                self.write(self._door.frame(told, as_cloud_event=self._as_cloud_events))
                while self._is_full and not self._is_closing:  # noqa: ASYNC110 - no bell of ours
                    await asyncio.sleep(0.01)
        finally:
            self._is_catching_up = False
            self.wake()

    def _tell(self, message: bytes) -> None:
        self.write(frames.text_frame(message))


def headers_of(request: WSUpgradeRequest) -> dict[str, str]:
    """The headers of a handshake by lower-case name."""
    return {name.lower(): value for name, value in request.headers.items()}


def _event_id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - 64 bits
        raise InvalidInput.at("lastEventId", f"{text[:40]!r} is no id of an event")
    return int(text)
