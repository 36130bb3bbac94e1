"""What is promised within two seconds, measured on machines that stand still now and then."""

import time
from collections.abc import Awaitable, Callable

# What is promised.
IN_TIME_S = 2.0
# A promise that the house breaks it breaks each time; a machine that stands still, once.
_TRIES = 5


class Since:
    """The time since `begin`, which is called when the waiting begins."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    def begin(self) -> None:
        self._began_s = time.monotonic()

    def is_in_time(self) -> bool:
        return time.monotonic() - self._began_s < IN_TIME_S


def once_in_time(happens: Callable[[Since], object]) -> bool:
    """Whether what happens between `begin` and the end does so in time, in one of some tries."""
    for _ in range(_TRIES):
        since = Since()
        happens(since)
        if since.is_in_time():
            return True
    return False


async def comes_in_time(happens: Callable[[Since], Awaitable[object]]) -> bool:
    """The same of what is awaited."""
    for _ in range(_TRIES):
        since = Since()
        await happens(since)
        if since.is_in_time():
            return True
    return False
