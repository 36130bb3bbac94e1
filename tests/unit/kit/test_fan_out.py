"""The same bytes to many sockets, by one system call or by many: none is missed or told twice."""

import ctypes
import errno
import socket
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.fan_out import FanOut, write_each
from manciple.kit.send_ring import ENTER, SendRing, system_call

Send = Callable[["array[int]", bytes], dict[int, int]]
NEWS = bytes(range(256))
FULL, CLOSED, OPEN = "full", "closed", "open"


def ring(call: Callable[[], Callable[..., int]] = system_call) -> SendRing:
    try:
        return SendRing(call())
    except OSError as error:
        pytest.skip(f"no ring here: {error}")


@pytest.fixture(params=["one by one", "all at once"])
def send(request: pytest.FixtureRequest) -> Send:
    return write_each if request.param == "one by one" else ring().send


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    with ExitStack() as stack:
        yield [pair(stack) for _ in range(20)]


def pair(stack: ExitStack) -> tuple[socket.socket, socket.socket]:
    left, right = map(stack.enter_context, socket.socketpair())
    left.setblocking(False)
    right.setblocking(False)
    return left, right


def row_of(pairs: list[tuple[socket.socket, socket.socket]]) -> "array[int]":
    return array("i", [left.fileno() for left, _ in pairs])


def heard(right: socket.socket) -> bytes:
    found = b""
    while True:
        try:
            some = right.recv(1 << 20)
        except BlockingIOError:
            return found
        found += some
        if not some:
            return found


def fill(left: socket.socket) -> int:
    total = 0
    for size in (1 << 12, 1):
        try:
            while True:
                total += left.send(b"-" * size)
        except BlockingIOError:
            continue
    return total


def test_every_socket_takes_everything_in_order(
    send: Send, pairs: list[tuple[socket.socket, socket.socket]]
) -> None:
    # Far more than a ring has room for, over and over.
    row = row_of(pairs) * 60
    for number in range(20):
        news = NEWS[:7] + bytes([number])
        assert send(row, news) == {}
        assert [heard(right) for _, right in pairs] == [news * 60] * len(pairs)


def test_an_empty_row_is_nothing_to_do(send: Send) -> None:
    assert send(array("i"), NEWS) == {}


@given(states=st.lists(st.sampled_from((FULL, CLOSED, OPEN)), min_size=1, max_size=30))
def test_who_fails_or_is_full_stops_no_other(states: list[str]) -> None:
    for send in (write_each, ring().send):
        with ExitStack() as stack:
            pairs = [pair(stack) for _ in states]
            before = [0] * len(states)
            for at, (left, right) in enumerate(pairs):
                if states[at] == FULL:
                    before[at] = fill(left)
                elif states[at] == CLOSED:
                    right.close()
            short = send(row_of(pairs), NEWS)
            assert short == {at: 0 for at, state in enumerate(states) if state != OPEN}
            for state, (_, right), old in zip(states, pairs, before, strict=True):
                if state != CLOSED:
                    assert heard(right)[old:] == (NEWS if state == OPEN else b"")


class Stingy:
    """A kernel that takes three requests, then has no memory for more, then all it can want."""

    def __init__(self) -> None:
        self._call = system_call()
        self._answers = [errno.EINTR, 0, errno.ENOMEM]

    def __call__(self, number: int, *rest: object) -> int:
        if number != ENTER or not self._answers:
            return self._call(number, *rest)
        code = self._answers.pop(0)
        if not code:
            fd, _, *others = rest
            return self._call(number, fd, 3, *others)
        ctypes.set_errno(code)
        return -1


def test_what_the_kernel_does_not_take_is_told_and_later_rows_are_whole(
    pairs: list[tuple[socket.socket, socket.socket]],
) -> None:
    one = ring(Stingy)
    assert one.send(row_of(pairs), NEWS) == dict.fromkeys(range(3, len(pairs)), 0)
    assert [heard(right) for _, right in pairs[:4]] == [NEWS, NEWS, NEWS, b""]
    assert one.send(row_of(pairs), b"later") == {}
    assert [heard(right) for _, right in pairs] == [b"later"] * len(pairs)


def test_where_a_ring_is_forbidden_each_is_written(
    pairs: list[tuple[socket.socket, socket.socket]],
) -> None:
    asked = []

    def forbidden() -> SendRing:
        asked.append(1)
        raise PermissionError(errno.EPERM, "not allowed")

    fan_out = FanOut(forbidden, many=2)
    row = row_of(pairs)
    for _ in range(2):
        assert fan_out.send(row, NEWS) == {}
    assert asked == [1]
