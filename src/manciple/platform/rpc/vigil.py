"""Keeps watch over one HTTP request: late bodies are given up, and calls whose client left."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Self

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Most calls end sooner and never pay for a task that listens for the client's leaving.
GRACE_S = 0.02


async def until_gone(receive: Receive) -> None:
    """Returns when the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Vigil:
    """A context around one request's work, on the task that does it.

    Costs one timer. While the body is being read it guards the deadline; after
    `listen` it waits for the client to leave, and then cancels the task.
    """

    __slots__ = (
        "_body_timeout_s",
        "_has_woken",
        "_receive",
        "_task",
        "_timer",
        "_watcher",
        "has_left",
        "is_late",
        "is_reading",
    )

    def __init__(self, receive: Receive, body_timeout_s: float) -> None:
        self._receive = receive
        self._body_timeout_s = body_timeout_s
        self._watcher: asyncio.Task[None] | None = None
        self._task: asyncio.Task[object] | None = None
        self._has_woken = False
        self.is_reading = True
        self.is_late = False
        self.has_left = False

    def __enter__(self) -> Self:
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(GRACE_S, self._wake)
        return self

    def __exit__(self, *_: object) -> None:
        self._task = None
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()

    def listen(self) -> None:
        """From now on the connection is read only to see it close."""
        self.is_reading = False
        if self._has_woken:
            self._timer.cancel()
            self._watch()

    def forgive(self) -> bool:
        """Whether the cancellation that was just caught was this vigil's; it is then undone."""
        if not (self.is_late or self.has_left):
            return False
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        return True

    def _wake(self) -> None:
        self._has_woken = True
        if self.is_reading:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._body_timeout_s, self._expire)
        else:
            self._watch()

    def _watch(self) -> None:
        self._watcher = asyncio.ensure_future(until_gone(self._receive))
        self._watcher.add_done_callback(self._gone)

    def _expire(self) -> None:
        if self._task is not None:
            self.is_late = True
            self._task.cancel()

    def _gone(self, watcher: "asyncio.Task[None]") -> None:
        if self._task is not None and not watcher.cancelled():
            self.has_left = True
            self._task.cancel()
