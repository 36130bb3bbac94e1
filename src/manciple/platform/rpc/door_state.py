"""What is open at a door right now: calls, streams and sockets."""

import asyncio
from typing import Protocol


class OpenSocket(Protocol):
    """A WebSocket whose client can be told of a restart."""

    async def ask_to_reconnect(self) -> None:
        """Tells the client to open another socket and to leave this one."""
        ...

    async def close(self) -> None:
        """Ends the connection."""
        ...


class DoorState:
    """Live counters of the doors that share it, and the sockets to tell of a restart."""

    def __init__(self) -> None:
        self.calls = 0
        self.subscriptions = 0
        self.closing = asyncio.Event()
        self._sockets: set[OpenSocket] = set()
        self._announcing: set[asyncio.Future[None]] = set()

    def enter(self, socket: OpenSocket) -> None:
        """Counts a socket in."""
        self._sockets.add(socket)

    def leave(self, socket: OpenSocket) -> None:
        """Counts a socket out."""
        self._sockets.discard(socket)

    @property
    def sockets(self) -> int:
        """How many sockets are open."""
        return len(self._sockets)

    @property
    def streams(self) -> int:
        """How many sockets and streams of events are open, or a little more."""
        return len(self._sockets) + self.subscriptions

    @property
    def is_idle(self) -> bool:
        """Whether nothing is open."""
        return not (self.calls or self._sockets)

    async def broadcast_reconnect(self) -> None:
        """Returns when every socket was asked to reconnect."""
        asked = [socket.ask_to_reconnect() for socket in self._sockets]
        await asyncio.gather(*asked, return_exceptions=True)

    async def close_sockets(self) -> None:
        """Returns when every socket was closed."""
        closed = [socket.close() for socket in self._sockets]
        await asyncio.gather(*closed, return_exceptions=True)

    def announce_soon(self) -> None:
        """Asks every socket to reconnect, once what is being answered now has been written."""
        asyncio.get_running_loop().call_soon(self._announce)

    def _announce(self) -> None:
        announcing = asyncio.ensure_future(self.broadcast_reconnect())
        self._announcing.add(announcing)
        announcing.add_done_callback(self._announcing.discard)
