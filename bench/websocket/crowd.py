"""Many clients on one thread: they shake hands, subscribe, and count what they are sent."""

import socket
import time

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_WANTED = b'{"type":"subscribe","channels":["list.*"]}'
SUBSCRIBE = b"\x81" + bytes([0x80 | len(_WANTED)]) + b"\0\0\0\0" + _WANTED
_QUIET_S = 0.5
_BUFFER_BYTES = 1 << 20
_AT_ONCE = 200
_PATIENCE_S = 20.0
# Far shorter than an event takes on its way to a crowd.
_NAP_S = 50e-6


class Crowd:
    """So many clients of one server; what comes is read by `take` and `listen`.

    They are read in turn, and nobody waits at a poll: the kernel would tell it of every message on
    the server's core, which on a network no server pays for.
    """

    def __init__(self, port: int, size: int) -> None:
        self.size = size
        self._sockets: list[socket.socket] = []
        self._buffer = bytearray(_BUFFER_BYTES)
        for start in range(0, size, _AT_ONCE):
            some = [self._connect(port) for _ in range(min(_AT_ONCE, size - start))]
            for each in some:
                while b"\r\n\r\n" not in each.recv(4096):
                    pass
                each.sendall(SUBSCRIBE)
                each.setblocking(False)
                self._sockets.append(each)
        self.settle()

    def _connect(self, port: int) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", port), timeout=30)
        made.sendall(HANDSHAKE)
        return made

    def settle(self) -> int:
        """Reads until nothing comes any more; how many bytes that were."""
        got, quiet_since = 0, time.perf_counter()
        while time.perf_counter() - quiet_since < _QUIET_S:
            time.sleep(_QUIET_S / 10)
            for each in self._sockets:
                if some := self._read_now(each, _BUFFER_BYTES):
                    got += some
                    quiet_since = time.perf_counter()
        return got

    def take(self, size_bytes: int, arrivals: list[float] | None = None) -> None:
        """Reads so much from each client; when all of it had come to each, if asked."""
        for each in self._sockets:
            left = size_bytes
            while left:
                left -= self._read(each, left)
            if arrivals is not None:
                arrivals.append(time.perf_counter())

    def listen(self, size_bytes: int) -> list[bytes]:
        """So much of what each client is sent."""
        heard = []
        for each in self._sockets:
            pieces = b""
            while len(pieces) < size_bytes:
                got = self._read(each, size_bytes - len(pieces))
                pieces += self._buffer[:got]
            heard.append(pieces)
        return heard

    def _read(self, one: socket.socket, most_bytes: int) -> int:
        """Waits until something comes to a client, and reads it into the buffer."""
        give_up_s = 0.0
        while not (got := self._read_now(one, most_bytes)):
            give_up_s = give_up_s or time.perf_counter() + _PATIENCE_S
            if time.perf_counter() > give_up_s:
                raise TimeoutError(f"Nothing came for {_PATIENCE_S} s")
            time.sleep(_NAP_S)
        return got

    def _read_now(self, one: socket.socket, most_bytes: int) -> int:
        """The same, if anything has come."""
        try:
            got = one.recv_into(self._buffer, min(most_bytes, _BUFFER_BYTES))
        except BlockingIOError:
            return 0
        if not got:
            raise ConnectionError("The server has closed a client")
        return got

    def close(self) -> None:
        for each in self._sockets:
            each.close()


def connected(port: int) -> socket.socket:
    """One client after its handshake."""
    made = socket.create_connection(("127.0.0.1", port), timeout=30)
    made.sendall(HANDSHAKE)
    while b"\r\n\r\n" not in made.recv(4096):
        pass
    return made
