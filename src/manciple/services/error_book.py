"""The newest failures that nobody foresaw, with the references that clients were given.

Only what cannot hold a secret is kept: which procedure, what kind of error, where in our code.
Texts of errors are in the log of the process, under the same reference.
"""

import traceback
from collections import deque
from datetime import datetime
from pathlib import Path

import msgspec

from manciple.kit.clock import Clock

MAX_KEPT = 100
_OURS = "manciple"


class NotedError(msgspec.Struct, frozen=True, kw_only=True):
    """One failure; `where` is the last line of our own that it went through."""

    reference: str
    at: datetime
    path: str
    kind: str
    where: str


class ErrorBook:
    """What went wrong in this process, the newest of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._notes: deque[NotedError] = deque(maxlen=MAX_KEPT)

    def note(self, path: str, error: BaseException, *, reference: str) -> None:
        """Keeps one failure, and forgets the oldest where there are too many."""
        self._notes.append(
            NotedError(
                reference=reference,
                at=self._clock.now(),
                path=path,
                kind=type(error).__name__,
                where=where(error),
            )
        )

    def newest(self) -> tuple[NotedError, ...]:
        """All that is kept, the newest first."""
        return tuple(reversed(self._notes))


def where(error: BaseException) -> str:
    """File, line and function of the last step in our own code; empty where there is none."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        parts = Path(frame.filename).parts
        if _OURS in parts:
            at = len(parts) - 1 - parts[::-1].index(_OURS)
            return f"{'/'.join(parts[at:])}:{frame.lineno} in {frame.name}"
    return ""
