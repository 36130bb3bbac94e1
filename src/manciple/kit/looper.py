"""A duty that repeats in the background until it is told to stop."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

import structlog

from manciple.kit.clock import Clock

_log = structlog.get_logger(__name__)


class Looper:
    """Calls `duty`, waits `every_s`, and again. One failure is logged and ends nothing.

    Use as `async with Looper(...)`: at the end of the block a duty under way is cancelled and
    waited for.
    """

    def __init__(
        self, name: str, duty: Callable[[], Awaitable[object]], *, every_s: float, clock: Clock
    ) -> None:
        self.name = name
        self.turns = 0
        self.failures = 0
        self._duty = duty
        self._every_s = every_s
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name=self.name)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await self.turn()
            await self._clock.sleep(self._every_s)

    async def turn(self) -> None:
        """Does the duty once."""
        self.turns += 1
        try:
            await self._duty()
        # house: catches - the loop's own door: the next turn may succeed
        except Exception as error:  # noqa: BLE001 - as above
            self.failures += 1
            _log.warning("looper.turn.failed", duty=self.name, error=repr(error))
