"""Keeps watch over HTTP requests: late bodies are given up, and calls whose client left.

One timer serves all requests of a door. A timer and a listening task for each request would
cost more than a cached answer does.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Most calls end within a round or two and never pay for a task that listens.
ROUND_S = 0.02


async def until_gone(receive: Receive) -> None:
    """Returns when the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Watchman:
    """Makes rounds over the requests of one door while there are any."""

    def __init__(self, body_timeout_s: float) -> None:
        self.body_timeout_rounds = max(1, round(body_timeout_s / ROUND_S))
        self._on_watch: set[Vigil] = set()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, vigil: "Vigil") -> None:
        """Looks after a request from the next round on."""
        self._on_watch.add(vigil)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(ROUND_S, self._round)

    def remove(self, vigil: "Vigil") -> None:
        """Looks after a request no more."""
        self._on_watch.discard(vigil)

    def _round(self) -> None:
        self._timer = None
        if self._on_watch:
            self._timer = asyncio.get_running_loop().call_later(ROUND_S, self._round)
        for vigil in tuple(self._on_watch):
            vigil.look()


class Vigil:
    """A watch over one request, begun on the task that does its work.

    While the body is being read it guards the deadline; after `listen` it waits for the client
    to leave, and then cancels the task. `end` must be called on that task.
    """

    __slots__ = (
        "_is_reading",
        "_receive",
        "_rounds",
        "_task",
        "_watcher",
        "_watchman",
        "has_left",
        "is_late",
    )

    def __init__(self, watchman: Watchman, receive: Receive, *, is_reading: bool = True) -> None:
        self._watchman = watchman
        self._receive = receive
        self._is_reading = is_reading
        self._rounds = 0
        self._task = asyncio.current_task()
        self._watcher: asyncio.Task[None] | None = None
        self.is_late = False
        self.has_left = False
        watchman.add(self)

    def listen(self) -> None:
        """From now on the connection is read only to see it close."""
        self._is_reading = False
        self._rounds = 0

    def end(self) -> None:
        """Nothing is cancelled any more."""
        self._task = None
        self._watchman.remove(self)
        if self._watcher is not None:
            self._watcher.cancel()

    def forgive(self) -> bool:
        """Whether the cancellation that was just caught was this vigil's; it is then undone."""
        if not (self.is_late or self.has_left):
            return False
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        return True

    def look(self) -> None:
        """One round of the watchman."""
        self._rounds += 1
        if self._task is None:
            return
        if self._is_reading:
            if self._rounds > self._watchman.body_timeout_rounds and not self.is_late:
                self.is_late = True
                self._task.cancel()
        elif self._watcher is None and self._rounds > 1:
            self._watcher = asyncio.ensure_future(until_gone(self._receive))
            self._watcher.add_done_callback(self._gone)

    def _gone(self, watcher: "asyncio.Task[None]") -> None:
        if self._task is not None and not watcher.cancelled():
            self.has_left = True
            self._task.cancel()
