"""A process of the machine, known by its number and by when it began.

A number alone is not enough: once a process is gone its number may be given to another, and
killing that one would be a disaster.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil

# Where a process of Linux tells of itself; other systems are asked through psutil.
_PROC = Path("/proc")
# Counted behind the command's name, which may hold spaces: the state, and ticks since boot.
_STATE, _BEGAN = 0, 19
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def began_s(pid: int) -> float | None:
    """When a process began, None if there is none such (or a dead one not yet buried).

    On Linux in seconds since the machine started, which no change of the wall clock moves;
    elsewhere since 1970. Only good to compare with another answer on the same machine.
    """
    if not _PROC.is_dir():
        return _began_elsewhere(pid)
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    facts = text.rpartition(")")[2].split()
    return None if facts[_STATE] in "ZX" else int(facts[_BEGAN]) / _TICKS_A_SECOND


def _began_elsewhere(pid: int) -> float | None:
    try:
        process = psutil.Process(pid)
        is_dead = process.status() == psutil.STATUS_ZOMBIE
        return None if is_dead else process.create_time()
    except psutil.Error:
        return None


class Process:
    """One living process, held fast so that signals never reach another; `close` lets it go."""

    def __init__(self, pid: int, started_s: float) -> None:
        self.pid = pid
        self.started_s = started_s
        self._fd: int | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @classmethod
    def find(cls, pid: int, started_s: float | None = None) -> "Process | None":
        """The living process of that number that began then; None if there is none."""
        fd = _held(pid)
        found = began_s(pid)
        if found is None or (started_s is not None and found != started_s):
            if fd is not None:
                os.close(fd)
            return None
        process = cls(pid, found)
        process._fd = fd
        return process

    def is_running(self) -> bool:
        """Whether it still lives; a dead one that nobody buried does not."""
        return began_s(self.pid) == self.started_s

    def signal(self, number: signal.Signals) -> bool:
        """Sends a signal; False if the process is gone."""
        try:
            if self._fd is not None:
                signal.pidfd_send_signal(self._fd, number)
            elif self.is_running():
                os.kill(self.pid, number)
            else:
                return False
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Ends it at once, with the processes it began itself if it leads a group."""
        if self.is_running():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if os.getpgid(self.pid) == self.pid:
                    os.killpg(self.pid, signal.SIGKILL)
        self.signal(signal.SIGKILL)

    def on_end(self, call: Callable[[], None]) -> None:
        """Calls once it has ended, where the system tells; elsewhere ask `is_running`."""
        if self._fd is not None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._fd, call)

    def close(self) -> None:
        """Lets it go, dead or alive; may be repeated."""
        fd, self._fd = self._fd, None
        if fd is not None:
            if self._loop is not None:
                self._loop.remove_reader(fd)
            os.close(fd)


def _held(pid: int) -> int | None:
    """A handle that stays with this very process; None where there is no such thing."""
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
