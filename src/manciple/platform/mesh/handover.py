"""Listening sockets handed from process to process, so that no port ever closes.

An instance shares the socket of its service with whoever reaches a file in the run directory: a
new supervisor, after the one that bound it has died.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

# One that is only slow keeps its life and its port by it; one that hangs costs the wait.
_FETCH_S = 5.0


@contextlib.asynccontextmanager
async def handing_over(path: Path, bound: socket.socket) -> AsyncIterator[None]:
    """Whoever connects to `path` during the block receives a copy of `bound`."""
    loop = asyncio.get_running_loop()
    # Its own copy: that of the server is closed when the instance stops listening.
    with bound.dup() as copy, socket.socket(socket.AF_UNIX) as door:
        _listen(door, path)
        serving = asyncio.create_task(_serve(loop, door, copy))
        try:
            yield
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            _clear(path)


def fetched(path: Path) -> socket.socket | None:
    """The socket that the instance behind `path` listens on; None if it does not answer.

    Blocks for some seconds at most.
    """
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(_FETCH_S)
        try:
            asking.connect(str(path))
            _, fds, _, _ = socket.recv_fds(asking, 1, 1)
        except OSError:
            return None
    if not fds:
        return None
    bound = socket.socket(fileno=fds[0])
    bound.setblocking(False)
    return bound


async def _serve(
    loop: asyncio.AbstractEventLoop, door: socket.socket, bound: socket.socket
) -> None:
    while True:
        asking, _ = await loop.sock_accept(door)
        # Whoever went away meanwhile needs nothing.
        with asking, contextlib.suppress(OSError):
            socket.send_fds(asking, [b"."], [bound.fileno()])


def _listen(door: socket.socket, path: Path) -> None:
    _clear(path)
    door.bind(str(path))
    door.listen()
    door.setblocking(False)


def _clear(path: Path) -> None:
    path.unlink(missing_ok=True)
