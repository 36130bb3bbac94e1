"""Instances that go on without a supervisor: seen, and ended when nobody is to take them over."""

import select
import signal
from collections.abc import Sequence

from manciple.kit.clock import Clock, SystemClock
from manciple.platform.mesh.process import Process
from manciple.platform.mesh.run_directory import RunDirectory

_POLL_S = 0.05


def orphans(run: RunDirectory) -> list[Process]:
    """The processes that were started and still live; close them."""
    found = (Process.find(one.pid, one.started_s) for one in run.records())
    return [process for process in found if process is not None]


def end_orphans(run: RunDirectory, *, grace_s: float, clock: Clock | None = None) -> int:
    """Ends them, gracefully for `grace_s`; how many they were. Blocks.

    Raises:
        Refused: a supervisor watches over them.
    """
    if not run.path.is_dir():
        return 0
    clock = clock or SystemClock()
    with run.locked():
        left = orphans(run)
        for process in left:
            # A stopped one hears nothing else.
            process.signal(signal.SIGTERM)
            process.signal(signal.SIGCONT)
        _wait(left, grace_s, clock)
        for process in left:
            process.kill()
        _wait(left, grace_s, clock)
        for record in run.records():
            run.forget(record.id)
        for process in left:
            process.close()
        run.clear()
    return len(left)


def _wait(processes: Sequence[Process], for_s: float, clock: Clock) -> None:
    until_s = clock.monotonic() + for_s
    while any(one.is_running() for one in processes) and clock.monotonic() < until_s:
        select.select((), (), (), _POLL_S)
