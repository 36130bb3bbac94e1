"""One line for each request, written many at a time so that a busy door does not wait.

A line that is not yet written when the process is killed hard is lost; a graceful stop loses none.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import msgspec

from manciple.kit.clock import Clock

# Longer than any path of ours; a stranger must not fill the disk with one request.
MAX_PATH = 200


class RequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one request was; `path` has no query string, where secrets may stand."""

    at: datetime
    level: str = "info"
    event: str = "request"
    method: str
    path: str
    status: int
    ms: float


class RequestLog:
    """Collects lines and hands them to `write` together, at most `flush_s` late."""

    def __init__(
        self, write: Callable[[str], object], *, clock: Clock, flush_s: float, as_json: bool
    ) -> None:
        self._write = write
        self._clock = clock
        self._flush_s = flush_s
        self._render = _as_json if as_json else _as_text
        self._waiting: list[tuple[float, str, str, int, float]] = []

    def note(self, method: str, path: str, *, status: int, duration_s: float) -> None:
        """Keeps one line; called in the loop, once for each request."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(self._flush_s, self.flush)
        ended_s = self._clock.monotonic()
        self._waiting.append((ended_s, method, path, status, duration_s))

    def flush(self) -> None:
        """Writes what waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        now, now_s = self._clock.now(), self._clock.monotonic()
        lines = []
        for ended_s, method, path, status, duration_s in waiting:
            at = datetime.fromtimestamp(now.timestamp() - (now_s - ended_s), tz=now.tzinfo)
            line = RequestLine(
                at=at,
                method=method,
                path=_shown(path),
                status=status,
                ms=round(duration_s * 1e3, 3),
            )
            lines.append(self._render(line))
        self._write("".join(lines))


def _shown(path: str) -> str:
    """The path on one line and of bounded length, whatever a stranger sent."""
    path = path if len(path) <= MAX_PATH else path[:MAX_PATH] + "…"
    return path if path.isprintable() else ascii(path)


def _as_json(line: RequestLine) -> str:
    return msgspec.json.encode(line).decode() + "\n"


def _as_text(line: RequestLine) -> str:
    return f"{line.at:%H:%M:%S} {line.method} {line.path} {line.status} {line.ms:.1f} ms\n"
