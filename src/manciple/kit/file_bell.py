"""Rings when a file was written, by any process: Linux tells, so that nobody has to ask.

Other systems have no inotify; `open` says so, and whoever waits asks by itself, as before.
"""

import asyncio
import contextlib
import ctypes
import os
from collections.abc import Callable, Sequence
from pathlib import Path

_IN_MODIFY = 0x0002
_IN_CREATE = 0x0100
_IN_ONLYDIR = 0x01000000
_NONBLOCK_AND_CLOEXEC = os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0)
# Room for hundreds of events of our longest name.
_READ_BYTES = 64 * 1024
_HEAD_BYTES = 16


class FileBell:
    """Calls `ring` soon after `path` was written, in the running loop; close it when done.

    What was written may show only a little later than the kernel tells (a database marks a commit
    as whole after its last write), so `ring` is called again after each of `later` seconds.
    """

    def __init__(self, path: Path, *, later: Sequence[float] = ()) -> None:
        self._path = path
        self._name = os.fsencode(path.name)
        self.ring: Callable[[], None] = lambda: None
        self._later = tuple(later)
        self._fd: int | None = None
        self._timers: list[asyncio.TimerHandle] = []

    def open(self) -> bool:
        """Whether the kernel will tell; the file itself may be missing yet, its folder may not."""
        watching = _watching(self._path.parent)
        if watching is None:
            return False
        self._fd = watching
        asyncio.get_running_loop().add_reader(watching, self._heard)
        return True

    def close(self) -> None:
        """Rings no more."""
        self._cancel()
        if self._fd is not None:
            asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            self._fd = None

    def _heard(self) -> None:
        told = b""
        if self._fd is not None:
            with contextlib.suppress(BlockingIOError):
                told = os.read(self._fd, _READ_BYTES)
        if not tells_of(told, self._name):
            return
        self._cancel()
        self.ring()
        loop = asyncio.get_running_loop()
        self._timers = [loop.call_later(rest_s, self.ring) for rest_s in self._later]

    def _cancel(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()


def tells_of(told: bytes, name: bytes) -> bool:
    """Whether any of the kernel's events is about the file of that name."""
    at = 0
    while at + _HEAD_BYTES <= len(told):
        length = int.from_bytes(told[at + 12 : at + _HEAD_BYTES], "little")
        if told[at + _HEAD_BYTES : at + _HEAD_BYTES + length].rstrip(b"\0") == name:
            return True
        at += _HEAD_BYTES + length
    return False


def _watching(folder: Path) -> int | None:
    """A file descriptor of inotify that watches a folder; None where there is no such thing."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        start, add = library.inotify_init1, library.inotify_add_watch
    except (OSError, AttributeError, TypeError):
        return None
    watching: int = start(_NONBLOCK_AND_CLOEXEC)
    if watching < 0:
        return None
    if add(watching, os.fsencode(folder), _IN_MODIFY | _IN_CREATE | _IN_ONLYDIR) < 0:
        os.close(watching)
        return None
    return watching
