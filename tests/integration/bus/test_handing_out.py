"""One batch for many sockets: who cannot take it is behind with just the rest, nobody else is."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from manciple.grocery.stores.opening import open_database_in_memory
from manciple.kit.clock import SystemClock
from manciple.kit.fan_out import FanOut
from manciple.platform.bus.audience import Audience
from manciple.platform.bus.endings import Ending
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.guests import Credentials, Guest, SocketSettings
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.news import Event, Listener

CLOCK = SystemClock()
NEWS = b'{"text":"' + b"x" * 1000 + b'"}'


class Reader:
    """One end of a socket; knows what its other end could not be sent."""

    user_id = None

    def __init__(self, left: socket.socket, right: socket.socket) -> None:
        self.left, self.right = left, right
        self.left.setblocking(False)
        self.right.setblocking(False)
        self.behind: list[bytes] = []

    def heard(self) -> bytes:
        """All that has come."""
        found = b""
        while True:
            try:
                found += self.right.recv(1 << 20)
            except BlockingIOError:
                return found

    def fill(self) -> int:
        """Leaves room for less than one message; how many bytes it took."""
        total = 0
        for size in (1 << 16, 1 << 10, 64):
            try:
                while True:
                    total += os.write(self.left.fileno(), b"-" * size)
            except BlockingIOError:
                continue
        return total

    def fall_behind(self, rest: bytes) -> None:
        self.behind.append(rest)

    def wake(self) -> None: ...

    def flush(self) -> None: ...

    def look_alive(self) -> None: ...

    def write(self, framed: bytes) -> None: ...

    def close(self, why: Ending) -> None: ...

    def abort(self) -> None: ...


async def nobody(_: Credentials) -> Guest:
    raise AssertionError


@pytest.fixture
def readers() -> Iterator[list[Reader]]:
    with ExitStack() as stack:
        pairs = [socket.socketpair() for _ in range(5)]
        yield [Reader(*map(stack.enter_context, pair)) for pair in pairs]


@pytest.mark.parametrize("many", [1, 1000])
@pytest.mark.parametrize("failing", [(), (0,), (2,), (4,), (1, 2), (0, 1, 2, 3, 4)])
async def test_a_socket_that_fails_or_is_full_stops_no_other(
    readers: list[Reader], failing: tuple[int, ...], many: int
) -> None:
    exchange = Exchange(open_database_in_memory(), CLOCK, Hub(), has_changed=lambda: False)
    audience = Audience(
        exchange,
        CLOCK,
        admit=nobody,
        render=lambda event: event.body,
        settings=SocketSettings(),
        fan_out=FanOut(many=many),
    )
    for number, reader in enumerate(readers):
        listener = Listener(id=str(number))
        audience.enter(reader, Guest(listener=listener, channels=("*",)))
        assert exchange.hub.serve(listener.id, reader.left.fileno())
    filled = {number: readers[number].fill() for number in failing if number % 2 == 0}
    for number in failing:
        if number % 2:
            readers[number].right.close()
    said = Event(id=1, topic="list.item_added", key="l", body=NEWS, at=CLOCK.now())
    handouts = exchange.hub.publish(said).handouts
    for handout in handouts:
        audience.hand_out(handout)
    frame = audience.frame(said, as_cloud_event=False)
    for number, reader in enumerate(readers):
        if number not in failing:
            assert (reader.heard(), reader.behind) == (frame, [])
        elif number in filled:
            heard = reader.heard()[filled[number] :]
            assert heard + b"".join(reader.behind) == frame
            assert reader.behind
        else:
            assert reader.behind == [frame]
    assert sum(len(handout.row) for handout in handouts) == len(readers)
