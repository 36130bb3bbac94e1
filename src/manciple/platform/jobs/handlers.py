"""What a handler of jobs is given, and what it may answer; a worker runs it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from manciple.platform.jobs.endings import Effect
from manciple.platform.jobs.job import Job


class GiveUp(Exception):
    """Raised by a handler whose job can never succeed: it is dead at once."""


class Running(msgspec.Struct, eq=False):
    """A job in a handler's hands; how far it is gets written with the next renewal.

    `began_s` is by the loop's clock, `task` what works on it.
    """

    job: Job
    began_s: float = 0.0
    progress_thousandths: int = 0
    progress_note: str | None = None
    has_news: bool = False
    is_late: bool = False
    task: asyncio.Task[None] | None = None

    def note(self, progress_thousandths: int, text: str | None = None) -> None:
        """Tells how far the job is, from 0 to 1000."""
        self.progress_thousandths, self.progress_note = progress_thousandths, text
        self.has_news = True


class Result(msgspec.Struct, frozen=True):
    """What a job gives that changes nothing: kept with its end, many in one statement."""

    value: Any


Handler = Callable[[Running], Awaitable[Effect | Result | None]]
