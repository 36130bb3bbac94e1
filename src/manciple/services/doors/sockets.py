"""Listening sockets, bound before anything else so that a taken port is said at once."""

import errno
import socket

from manciple.kit.errors import Refused

# A system's integer.
_MOST_MS = 2**31 - 1


def listen(
    host: str,
    port: int,
    *,
    variable: str,
    backlog: int,
    command: str = "serve",
    write_timeout_s: float = 0,
) -> socket.socket:
    """A socket that listens on `host:port`; port 0 takes a free one.

    `variable` sets the port of the `command`, for the advice if it is taken. A connection whose
    client makes no room for what waits for it in `write_timeout_s` is cut by the system; 0 leaves
    it open.

    Raises:
        Refused: the address cannot be had; the sentence says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections have it from the socket that took them, whatever speaks on them. Linux alone
        # counts a client that reads nothing, too, and not only one that is out of reach.
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            timeout_ms = min(round(write_timeout_s * 1000), _MOST_MS)
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, timeout_ms)
        bound.bind((host, port))
        bound.listen(backlog)
    except OSError as error:
        bound.close()
        raise Refused(
            _advice(host, port, f"{variable}={port + 1} manciple {command}", error)
        ) from error
    bound.setblocking(False)
    return bound


def port_of(bound: socket.socket) -> int:
    """The port that a socket really has."""
    port: int = bound.getsockname()[1]
    return port


def _advice(host: str, port: int, otherwise: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} is taken by another program; stop that one, or choose another port: "
            f"{otherwise} (0 takes any free one)"
        )
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than this user has; choose one above 1023"
    return f"cannot listen on {host}:{port}: {error.strerror or error}"
