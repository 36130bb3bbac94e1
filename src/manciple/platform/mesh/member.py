"""An instance's own part in the mesh: it registers, keeps its lease alive, and hears signals.

SIGUSR1 asks it to take no new work, SIGHUP to open its log file anew; SIGTERM, which asks for a
graceful end, is for whoever hosts the service.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import msgspec
import structlog

from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError
from manciple.platform.mesh.fleet import NOTICE_S, Phase
from manciple.platform.mesh.logs import reopen
from manciple.platform.mesh.process import began_s
from manciple.platform.mesh.registry import Entry, Registry
from manciple.platform.mesh.vitals import VitalSigns

# All instances of a machine renew at the same moments: each commit wakes every one of them.
_TOO_SOON = 0.1
# While it drains, whoever waits for it to be idle must hear of that soon.
_DRAIN_BEAT_S = 0.1

_log = structlog.get_logger(__name__)


class Member:
    """This process as an instance of a service: `entry` tells where and what it is."""

    def __init__(
        self, registry: Registry, clock: Clock, entry: Entry, *, signs: VitalSigns
    ) -> None:
        self.phase = Phase.STARTING
        self._registry = registry
        self._clock = clock
        self._entry = entry
        self._signs = signs
        self._changed = asyncio.Event()

    @contextlib.asynccontextmanager
    async def joined(self) -> AsyncIterator[None]:
        """Registered, its lease kept alive, for the time of the block; then it leaves."""
        await self._register()
        beating = asyncio.create_task(self._beat(), name="mesh-lease")
        try:
            yield
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating
            # A database that cannot be written now forgets us when the lease is over.
            with contextlib.suppress(MancipleError):
                await self._registry.leave(self._entry.id)

    def enter(self, phase: Phase) -> None:
        """From now on it is in this phase; the registry hears at once."""
        self.phase = phase
        self._changed.set()

    async def deregister(self) -> None:
        """Returns when callers have had time to notice that it takes no more work."""
        self.enter(Phase.DRAINING)
        with contextlib.suppress(MancipleError):
            await self._registry.drain(self._entry.id)
        await self._clock.sleep(NOTICE_S)

    async def _register(self) -> None:
        entry = msgspec.structs.replace(self._entry, phase=self.phase, vitals=self._signs.measure())
        await self._registry.register(entry)

    async def _beat(self) -> None:
        while True:
            every_s = self._registry.renew_every_s
            if self.phase is Phase.DRAINING:
                every_s = _DRAIN_BEAT_S
            lag_s = await self._rest(until_next(every_s, self._clock.monotonic()))
            # house: catches - the loop's own door: the next renewal may succeed
            try:
                vitals = self._signs.measure(loop_lag_s=lag_s)
                is_kept = await self._registry.renew(
                    self._entry.id, phase=self.phase, vitals=vitals
                )
                if not is_kept:
                    _log.warning("mesh.lease.lost", instance=self._entry.id)
                    await self._register()
            except Exception as error:  # noqa: BLE001 - as above
                _log.warning("mesh.lease.not_renewed", error=repr(error))

    async def _rest(self, for_s: float) -> float:
        """Returns after a rest or a change of phase, with how much later than it asked for."""
        began = self._clock.monotonic()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), for_s)
        self._changed.clear()
        return max(0.0, self._clock.monotonic() - began - for_s)


def until_next(every_s: float, now_s: float) -> float:
    """Seconds until the next of the moments that all on this machine share, `every_s` apart.

    One that is all but now is left out: it was just used, by a timer that rang a little early.
    """
    rest_s = every_s - now_s % every_s
    return rest_s if rest_s > every_s * _TOO_SOON else rest_s + every_s


def this_process() -> tuple[int, float]:
    """The number of this process, and when it began."""
    pid = os.getpid()
    return pid, began_s(pid) or 0.0


@contextlib.contextmanager
def signals_heard(on_drain: Callable[[], object], log: Path) -> Iterator[None]:
    """The supervisor's signals are heard for the time of the block."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, on_drain)
    loop.add_signal_handler(signal.SIGHUP, reopen, log, (sys.stdout, sys.stderr))
    try:
        yield
    finally:
        # Not their defaults again, which would end a process that is about to end well.
        for number in (signal.SIGUSR1, signal.SIGHUP):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
