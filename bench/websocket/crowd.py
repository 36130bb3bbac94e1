"""Many clients on one thread: they shake hands, subscribe, and count what they are sent."""

import select
import socket
import time

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_WANTED = b'{"type":"subscribe","channels":["list.*"]}'
SUBSCRIBE = b"\x81" + bytes([0x80 | len(_WANTED)]) + b"\0\0\0\0" + _WANTED
_QUIET_S = 1.0
_AT_ONCE = 200


class Crowd:
    """So many clients of one server; what comes is read by `wait` and `listen`."""

    def __init__(self, port: int, size: int) -> None:
        self.size = size
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._buffer = bytearray(1 << 20)
        for start in range(0, size, _AT_ONCE):
            some = [self._connect(port) for _ in range(min(_AT_ONCE, size - start))]
            for each in some:
                while b"\r\n\r\n" not in each.recv(4096):
                    pass
                each.sendall(SUBSCRIBE)
                each.setblocking(False)
                self._sockets[each.fileno()] = each
                self._poll.register(each, select.EPOLLIN)
        self.settle()

    def _connect(self, port: int) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", port), timeout=30)
        made.sendall(HANDSHAKE)
        return made

    def settle(self) -> int:
        """Reads until nothing comes any more; how many bytes that were."""
        got = 0
        while self._poll.poll(_QUIET_S):
            got += self.wait(1)
        return got

    def wait(self, size_bytes: int, arrivals: list[float] | None = None) -> int:
        """Reads until so much has come to all together; when each piece came, if asked."""
        got = 0
        while got < size_bytes:
            ready = self._poll.poll(20)
            if not ready:
                raise TimeoutError(f"{got} of {size_bytes} bytes came")
            for fd, _ in ready:
                got += self._sockets[fd].recv_into(self._buffer)
                if arrivals is not None:
                    arrivals.append(time.perf_counter())
        return got

    def listen(self, frame_bytes: int, count: int) -> list[bytes]:
        """All that each client is sent, as `count` frames of one length."""
        heard: dict[int, list[bytes]] = {fd: [] for fd in self._sockets}
        left = frame_bytes * count * self.size
        while left > 0:
            for fd, _ in self._poll.poll(20):
                heard[fd].append(self._sockets[fd].recv(1 << 20))
                left -= len(heard[fd][-1])
        return [b"".join(pieces) for pieces in heard.values()]

    def close(self) -> None:
        for each in self._sockets.values():
            each.close()
        self._poll.close()


def connected(port: int) -> socket.socket:
    """One client after its handshake."""
    made = socket.create_connection(("127.0.0.1", port), timeout=30)
    made.sendall(HANDSHAKE)
    while b"\r\n\r\n" not in made.recv(4096):
        pass
    return made
