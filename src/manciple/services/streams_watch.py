"""Connections that stay open, so that they end as soon as what let them in is revoked."""

import asyncio
from collections.abc import Collection

import msgspec
from starlette.types import Message, Receive, Send

from manciple.grocery.domain.events import MEMBER_CHANGE, MemberNews
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.news import Event
from manciple.platform.security.visits import Visit

# Of the private range: the client must sign in anew before it comes back.
SIGNED_OUT = 4401
# The client may come back at once, with the sign-in that it has.
COME_AGAIN = 4403


class OpenStream:
    """One connection of a visit."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.close_code = SIGNED_OUT
        self.ended = asyncio.Event()

    async def receive_from(self, receive: Receive) -> Message:
        """The client's next message; a farewell once the visit has ended."""
        coming = asyncio.ensure_future(receive())
        ending = asyncio.ensure_future(self.ended.wait())
        try:
            await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                return coming.result()
            return {"type": "http.disconnect"}
        finally:
            coming.cancel()
            ending.cancel()


class OpenStreams:
    """All such connections of this process."""

    def __init__(self) -> None:
        self._streams: set[OpenStream] = set()

    def __len__(self) -> int:
        return len(self._streams)

    def enter(self, visit: Visit) -> OpenStream:
        """Takes a connection in; the visit may still learn whose it is."""
        stream = OpenStream(visit)
        self._streams.add(stream)
        return stream

    def leave(self, stream: OpenStream) -> None:
        """Lets a connection go."""
        self._streams.discard(stream)

    def end(self, credential_ids: Collection[str]) -> None:
        """Ends the connections that came by these sessions or tokens."""
        for stream in self._streams:
            if stream.visit.credential_id in credential_ids:
                stream.ended.set()

    def end_of(self, user_id: str) -> None:
        """Ends the connections of somebody who may hear less than before."""
        for stream in self._streams:
            if stream.visit.principal.user_id == user_id:
                stream.close_code = COME_AGAIN
                stream.ended.set()

    def end_expired(self, now_s: float) -> None:
        """Ends the connections whose session or token has run out."""
        for stream in self._streams:
            expires_at_s = stream.visit.expires_at_s
            if expires_at_s is not None and expires_at_s <= now_s:
                stream.ended.set()


def follow_moves(exchange: Exchange, streams: OpenStreams) -> None:
    """Lets people hear a household from where they joined it, and no more from where they left.

    The streams of who left are ended; they come again.
    """

    def turn(event: Event) -> None:
        news = msgspec.json.decode(event.body, type=MemberNews)
        is_in = news.role is not None
        exchange.hub.move(news.member_id, news.household_id, is_in=is_in)
        if not is_in:
            streams.end_of(news.member_id)

    exchange.on_turn(MEMBER_CHANGE, turn)


class SocketEnd:
    """Closes one WebSocket when its visit ends, and says nothing on it any more."""

    def __init__(self, stream: OpenStream, send: Send) -> None:
        self._stream = stream
        self._send = send
        self._is_over = False

    async def send(self, message: Message) -> None:
        """Passes a message on, unless the visit has ended."""
        if not self._is_over:
            self._is_over = message["type"] == "websocket.close"
            await self._send(message)

    async def wait(self) -> None:
        """Returns when the visit has ended and the client was told."""
        await self._stream.ended.wait()
        if not self._is_over:
            self._is_over = True
            await self._send({"type": "websocket.close", "code": self._stream.close_code})
