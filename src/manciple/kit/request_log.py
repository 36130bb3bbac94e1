"""One line for each request, written many at a time so that a busy door does not wait.

A line that is not yet written when the process is killed hard is lost; a graceful stop loses none.
Lines are put together by hand from parts that repeat: 0.5 µs each, where a log library takes 30.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from manciple.kit.clock import Clock

# Longer than any path of ours; a stranger must not fill the disk with one request.
MAX_PATH = 200
# Requests that are told apart without building their part of the line anew.
_MAX_KINDS = 512


class RequestLog:
    """Collects lines and hands them to `write` together, at most `flush_s` late."""

    def __init__(
        self, write: Callable[[str], object], *, clock: Clock, flush_s: float, as_json: bool
    ) -> None:
        self._write = write
        self._clock = clock
        self._flush_s = flush_s
        self._form = _JsonLine if as_json else _TextLine
        self._middles: dict[tuple[str, str, int], str] = {}
        # Flat, for a row of its own for each request is work for the garbage collector: when each
        # ended and how long it took, in seconds of the clock, and beside them the lines' middles.
        self._times_s: list[float] = []
        self._lines: list[str] = []

    def middle(self, method: str, path: str, *, status: int) -> str:
        """The part of the line that all requests of a kind share.

        `path` must have no query string, where secrets may stand.
        """
        key = (method, path, status)
        middle = self._middles.get(key)
        if middle is None:
            middle = self._form.middle(method, path, status)
            if len(method) + len(path) <= MAX_PATH:
                if len(self._middles) >= _MAX_KINDS:
                    self._middles.clear()
                self._middles[key] = middle
        return middle

    def note(self, middle: str, *, ended_s: float, took_s: float) -> None:
        """Keeps one line; called in the loop, once for each request. `ended_s` is the clock's."""
        if not self._lines:
            asyncio.get_running_loop().call_later(self._flush_s, self.flush)
        self._times_s += (ended_s, took_s)
        self._lines.append(middle)

    def flush(self) -> None:
        """Writes what waits."""
        times_s, self._times_s = self._times_s, []
        lines, self._lines = self._lines, []
        if not lines:
            return
        form = self._form
        zero_s = self._clock.now().timestamp() - self._clock.monotonic()
        # Many lines of one flush begin in the same millisecond and took as long as others.
        starts: dict[int, str] = {}
        ends: dict[int, str] = {}
        parts: list[str] = []
        for ended_s, took_s, middle in zip(times_s[::2], times_s[1::2], lines, strict=True):
            at_ms = int((zero_s + ended_s) * 1e3)
            took_us = int(took_s * 1e6 + 0.5)
            start, end = starts.get(at_ms), ends.get(took_us)
            if start is None:
                start = starts[at_ms] = form.start(at_ms)
            if end is None:
                end = ends[took_us] = form.end(took_us)
            parts += (start, middle, end)
        self._write("".join(parts))


class _JsonLine:
    """A line for programs."""

    @staticmethod
    def start(at_ms: int) -> str:
        return f'{{"at":"{_instant(at_ms)}.{at_ms % 1000:03}Z","level":"info","event":"request",'

    @staticmethod
    def middle(method: str, path: str, status: int) -> str:
        return f'"method":{_quoted(method)},"path":{_quoted(path)},"status":{status},"ms":'

    @staticmethod
    def end(took_us: int) -> str:
        return f"{took_us / 1e3:.3f}}}\n"


class _TextLine:
    """A line for people."""

    @staticmethod
    def start(at_ms: int) -> str:
        return f"{_instant(at_ms)[11:]} "

    @staticmethod
    def middle(method: str, path: str, status: int) -> str:
        return f"{_shown(method)} {_shown(path)} {status} "

    @staticmethod
    def end(took_us: int) -> str:
        return f"{took_us / 1e3:.1f} ms\n"


def _instant(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms // 1000, tz=UTC):%Y-%m-%dT%H:%M:%S}"


def _quoted(text: str) -> str:
    return msgspec.json.encode(_shown(text)).decode()


def _shown(text: str) -> str:
    """The text on one line and of bounded length, whatever a stranger sent."""
    text = text if len(text) <= MAX_PATH else text[:MAX_PATH] + "…"
    return text if text.isprintable() else ascii(text)
