"""One line for each request, written many at a time so that a busy door does not wait.

A line that is not yet written when the process is killed hard is lost; a graceful stop loses none.
Lines are put together by hand: 2 µs each, where a log library takes 30.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from manciple.kit.clock import Clock

# Longer than any path of ours; a stranger must not fill the disk with one request.
MAX_PATH = 200


class RequestLog:
    """Collects lines and hands them to `write` together, at most `flush_s` late."""

    def __init__(
        self, write: Callable[[str], object], *, clock: Clock, flush_s: float, as_json: bool
    ) -> None:
        self._write = write
        self._clock = clock
        self._flush_s = flush_s
        self._line = _json_line if as_json else _text_line
        self._waiting: list[tuple[float, str, str, int, float]] = []

    def note(self, method: str, path: str, *, status: int, ended_s: float, took_s: float) -> None:
        """Keeps one line; called in the loop, once for each request.

        `path` must have no query string, where secrets may stand; `ended_s` is the clock's.
        """
        if not self._waiting:
            asyncio.get_running_loop().call_later(self._flush_s, self.flush)
        self._waiting.append((ended_s, method, path, status, took_s))

    def flush(self) -> None:
        """Writes what waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        line = self._line
        zero = self._clock.now().timestamp() - self._clock.monotonic()
        self._write(
            "".join(
                [
                    line(zero + ended_s, method, path, status, took_s * 1e3)
                    for ended_s, method, path, status, took_s in waiting
                ]
            )
        )


def _json_line(at: float, method: str, path: str, status: int, ms: float) -> str:
    second = int(at)
    return (
        f'{{"at":"{_day_and_time(second)}.{int((at - second) * 1000):03}Z","level":"info",'
        f'"event":"request","method":{_quoted(method)},"path":{_quoted(path)},'
        f'"status":{status},"ms":{ms:.3f}}}\n'
    )


def _text_line(at: float, method: str, path: str, status: int, ms: float) -> str:
    time = _day_and_time(int(at))[11:]
    return f"{time} {_shown(method)} {_shown(path)} {status} {ms:.1f} ms\n"


@lru_cache(maxsize=8)
def _day_and_time(second: int) -> str:
    return f"{datetime.fromtimestamp(second, tz=UTC):%Y-%m-%dT%H:%M:%S}"


@lru_cache(maxsize=512)
def _quoted(text: str) -> str:
    return msgspec.json.encode(_shown(text)).decode()


@lru_cache(maxsize=512)
def _shown(text: str) -> str:
    """The text on one line and of bounded length, whatever a stranger sent."""
    text = text if len(text) <= MAX_PATH else text[:MAX_PATH] + "…"
    return text if text.isprintable() else ascii(text)
