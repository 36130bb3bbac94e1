"""uvicorn's HTTP protocol with a short way for answers that are at hand.

The ordinary way makes an ASGI scope, a task, an event and two writes for each request; at the
rates of cached searches that is most of their cost. Whatever the short way does not answer is
handed to uvicorn as if it had come just now. A head that came before is not even parsed again.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from manciple.platform.rpc.at_once import Plain
from manciple.services.doors.front_door import EVENT_PATHS, FrontDoor
from manciple.services.doors.known_heads import END, Known

_BEFORE = b'{"result":{"data":'
_AFTER = b"}}"
_WRAP_BYTES = len(_BEFORE) + len(_AFTER)
# Bytes of a head, of trailers or of a chunk's extension, beyond what one read brings. Browsers and
# proxies send some 8 kB; the parser itself takes whatever comes.
_MOST_HEAD_BYTES = 64 * 1024


class MalformedHead(Exception):
    """A head that names no host, or several."""


class DoorProtocol(HttpToolsProtocol):
    """One connection of a door; its application is a `FrontDoor`."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        app: Any = self.config.app
        self._door: FrontDoor = app
        self._plain: Plain | None = None
        self._held: list[bytes] = []
        # Bytes that the parser took and made nothing whole of yet.
        self._loose_bytes = 0
        self._running: RequestResponseCycle | None = None
        # Between two requests the parser holds nothing, so it may be passed by.
        self._is_between = True
        # Requests that began in the bytes being read, and the last one that was answered at once.
        self._begun = 0
        self._answered: Known | None = None
        self._peer = ""
        self._answered_s = 0.0
        self._idle_timer: asyncio.TimerHandle | None = None
        # Since when a head is awaited or trickles in; None while a request is being answered.
        self._head_since_s: float | None = None
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has connected, and has so long to say what it wants."""
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        self._head_since_s = self._door.now()
        self._look_at_head()

    def data_received(self, data: bytes) -> None:
        """Answers what begins with known heads; feeds the parser with the rest.

        What is held and not whole yet goes the ordinary way.
        """
        was_between = self._is_between
        if was_between:
            data = self._answer_known(data)
            if not data:
                return
        self._begun, self._answered = 0, None
        self._loose_bytes += len(data)
        super().data_received(data)
        if self._loose_bytes > _MOST_HEAD_BYTES + len(data) and not self.transport.is_closing():
            self._refuse_head()
            return
        if self._plain is not None:
            self._plain = None
            if not self.transport.is_closing():
                self._hand_over()
        elif self._answered is not None and was_between and self._begun == 1 and self._is_between:
            self._door.heads.keep(data, self._answered)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        for timer in (self._idle_timer, self._head_timer):
            if timer is not None:
                timer.cancel()
        self._plain = None
        self._tell_of_loss()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins; its scope is made only if it goes the ordinary way."""
        self.url = b""
        self.headers = []
        self._is_between = False
        self._begun += 1
        self._loose_bytes = 0
        self._head_since_s = self._door.now()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keeps one header; what comes behind a body is none."""
        if self._head_since_s is not None:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Holds the request if it may be answered at once."""
        self._head_since_s = None
        self._loose_bytes = 0
        self._check_host()
        at_once = self._door.at_once
        if at_once is not None and self._is_plain():
            quick = at_once.find(self.parser.get_method(), self.url)
            if quick is not None:
                self._plain = at_once.read(quick, self.url, dict(self.headers))
        if self._plain is None:
            self._begin()

    def handle_websocket_upgrade(self) -> None:
        """Hands the connection to the event sockets, if it asks for one of theirs."""
        events = self._door.events
        is_theirs = self.url.partition(b"?")[0] in EVENT_PATHS and _is_handshake(self.headers)
        if events is None or not is_theirs:
            super().handle_websocket_upgrade()
            return
        self.connections.discard(self)
        # Nothing may hold on to this object: thousands of sockets stay open for days.
        if self._head_timer is not None:
            self._head_timer.cancel()
        lines = [b"%b: %b\r\n" % header for header in self.headers]
        request = b"GET %b HTTP/1.1\r\n%b\r\n" % (self.url, b"".join(lines))
        protocol = events.protocol()
        self.transport.set_protocol(protocol)
        protocol.connection_made(self.transport)
        _feed(protocol, request)

    def on_body(self, body: bytes) -> None:
        """Takes a piece of the body."""
        self._loose_bytes = 0
        if self._plain is None:
            super().on_body(body)
        else:
            self._held.append(body)

    def on_message_complete(self) -> None:
        """The request is whole: answers it, or hands it over."""
        plain, self._plain = self._plain, None
        self._is_between = True
        self._loose_bytes = 0
        if plain is None:
            super().on_message_complete()
            return
        known = self._door.known(plain)
        if self._answer(known, b"".join(self._held)):
            self._held.clear()
            self._answered = known
        else:
            self._hand_over()
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Remembers which request is being answered, while others may wait behind it."""
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _tell_of_loss(self) -> None:
        """Tells the request that is being answered; uvicorn tells the one that came last.

        Else its answer would be written to a transport that is no more, which is an error.
        """
        running, self._running = self._running, None
        if running is not None and not running.response_complete:
            running.disconnected = True
            running.message_event.set()
        self.pipeline.clear()

    def _check_host(self) -> None:
        """Returns if it is plain which host the request is for.

        Raises:
            MalformedHead: it is not; the parser turns the request away.
        """
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            raise MalformedHead

    def _refuse_head(self) -> None:
        """Ends the connection of a client whose head does not end."""
        headers = (*self.server_state.default_headers, (b"connection", b"close"))
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        start = b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
        self.transport.write(start + lines + b"content-length: 0\r\n\r\n")
        self.transport.close()

    def _is_plain(self) -> bool:
        """Whether nothing about the connection asks for the ordinary way."""
        parser = self.parser
        return (
            self._is_free()
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not parser.should_upgrade()
        )

    def _is_free(self) -> bool:
        """Whether an answer may be written now."""
        cycle = self.cycle
        return (
            (cycle is None or cycle.response_complete)
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _answer_known(self, data: bytes) -> bytes:
        """Answers the requests whose heads are known; what is left of the bytes."""
        known_head = self._door.heads.get
        at = 0
        while at < len(data) and self._is_free():
            body_at = data.find(END, at) + len(END)
            known = known_head(data[at:body_at])
            if known is None:
                break
            end = body_at + known.plain.body_bytes
            if end > len(data) or not self._answer(known, data[body_at:end]):
                break
            at = end
        return data[at:] if at else data

    def _answer(self, known: Known, body: bytes) -> bool:
        """Whether the request was answered here."""
        door = self._door
        began_s = door.now()
        at_once = door.at_once
        if at_once is None:
            return False
        answer = at_once.answer(known.plain, body, peer=self._peer)
        if answer is None:
            return False
        more_head, output = answer
        head = door.head_at_once(self.server_state.default_headers)
        length = b"%d\r\n%b\r\n" % (len(output) + _WRAP_BYTES, more_head)
        self.transport.write(b"".join((head, length, _BEFORE, output, _AFTER)))
        self.server_state.total_requests += 1
        self._answered_s = began_s
        self._unset_keepalive_if_required()
        if self._idle_timer is None:
            self._idle_timer = self.loop.call_later(self.timeout_keep_alive, self._look_if_idle)
        door.answered(known, began_s=began_s)
        return True

    def _look_if_idle(self) -> None:
        """Closes the connection after a rest; one timer serves many answers."""
        self._idle_timer = None
        is_busy = self.cycle is not None and not self.cycle.response_complete
        rest_s = self._answered_s + self.timeout_keep_alive - self._door.now()
        if self.timeout_keep_alive_task is not None or is_busy:
            return
        if rest_s > 0:
            self._idle_timer = self.loop.call_later(rest_s, self._look_if_idle)
        else:
            self.timeout_keep_alive_handler()

    def _look_at_head(self) -> None:
        """Closes the connection of a client that trickles; one timer serves many requests."""
        timeout_s = self._door.head_timeout_s
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        rest_s = timeout_s
        if self._head_since_s is not None:
            rest_s = self._head_since_s + timeout_s - self._door.now()
        if rest_s <= 0:
            self.transport.close()
        else:
            self._head_timer = self.loop.call_later(rest_s, self._look_at_head)

    def _begin(self) -> None:
        """Makes the scope that `on_message_begin` left out, and goes on as uvicorn does."""
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.url = url
        for name, value in headers:
            super().on_header(name, value)
        super().on_headers_complete()

    def _hand_over(self) -> None:
        held, self._held = self._held, []
        self._begin()
        for body in held:
            super().on_body(body)


def _is_handshake(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether these may open a WebSocket; what may not is refused the ordinary way."""
    found = dict(headers)
    return found.get(b"sec-websocket-version") == b"13" and b"sec-websocket-key" in found


def _feed(protocol: asyncio.BufferedProtocol, data: bytes) -> None:
    """Gives a protocol bytes as if they had just arrived."""
    while data:
        room = protocol.get_buffer(len(data))
        taken = min(len(room), len(data))  # type: ignore[arg-type]  # a writable buffer has a length
        memoryview(room)[:taken] = data[:taken]
        protocol.buffer_updated(taken)
        data = data[taken:]
