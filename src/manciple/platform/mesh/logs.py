"""The log files of services: instances append to them; here they are turned over and read.

Instances hold the files themselves and not pipes, so that they go on if the supervisor dies.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TextIO

# 10 MB hold a day of a busy house; with three older ones a service takes at most 40 MB.
MAX_BYTES = 10_000_000
OLDER_FILES = 3
_MAX_LINE_BYTES = 1 << 20


def opened(path: Path) -> int:
    """A descriptor that appends to the log, made readable by its owner only; close it.

    Its folder is made anew if somebody tidied it away: no service stays down for want of a log.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def turn_over(path: Path, *, max_bytes: int = MAX_BYTES, older: int = OLDER_FILES) -> bool:
    """Whether the log was too long and set aside; whoever writes to it must open it anew."""
    try:
        if path.stat().st_size <= max_bytes:
            return False
    except OSError:
        return False
    names = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, older + 1))]
    for newer, elder in reversed(list(pairwise(names))):
        if newer.exists():
            newer.replace(elder)
    return True


def last_lines(path: Path, count: int, *, older: int = OLDER_FILES) -> list[str]:
    """The last lines of a log, older files included; fewer if there are not so many."""
    found: list[str] = []
    for number in range(older + 1):
        part = path.with_name(f"{path.name}.{number}") if number else path
        if len(found) >= count or not part.is_file():
            break
        with part.open(encoding="utf-8", errors="replace") as lines:
            wanted = deque(lines, maxlen=count - len(found))
        found = [line.rstrip("\n") for line in wanted] + found
    return found


def reopen(path: Path, streams: Iterable[TextIO]) -> None:
    """The streams go on in the file of that name, which is a new one by now."""
    fd = opened(path)
    try:
        for stream in streams:
            stream.flush()
            os.dup2(fd, stream.fileno())
    finally:
        os.close(fd)


class Follower:
    """Reads what is added to a log, across its turning over. Use from its present end on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb") if path.exists() else None
        self._rest = b""
        if self._file is not None:
            self._file.seek(0, os.SEEK_END)

    def news(self) -> Iterator[str]:
        """The whole lines that were added since it was last asked."""
        if self._file is None and self._path.exists():
            self._file = self._path.open("rb")
        while self._file is not None:
            yield from self._lines(self._file.read(_MAX_LINE_BYTES))
            if not self._is_set_aside():
                return
            yield from self._lines(self._file.read())
            self._file.close()
            self._file = self._path.open("rb") if self._path.exists() else None

    def close(self) -> None:
        """Lets the file go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _lines(self, added: bytes) -> Iterator[str]:
        *whole, self._rest = (self._rest + added).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")

    def _is_set_aside(self) -> bool:
        if self._file is None:
            return False
        try:
            now = self._path.stat()
        except OSError:
            return False
        mine = os.fstat(self._file.fileno())
        return (mine.st_dev, mine.st_ino) != (now.st_dev, now.st_ino)
