"""Watches calls for the wire: counts them, and logs and keeps what nobody foresaw."""

import structlog

from manciple.platform.rpc.procedure import Kind
from manciple.services.error_book import ErrorBook
from manciple.services.metrics import DOORS

_log = structlog.get_logger(__name__)


class CallWatch:
    """The wire's observer in a running house; `book` keeps what went wrong."""

    def __init__(self, book: ErrorBook | None = None) -> None:
        self._book = book

    def ended(self, path: str, kind: str, *, code: str, duration_s: float) -> None:
        """Counts one call; how long somebody listened says nothing of our speed."""
        took_s = None if kind == Kind.SUBSCRIPTION else duration_s
        DOORS.call_done(path, code, took_s=took_s)

    def crashed(self, path: str, error: BaseException, *, reference: str) -> None:
        """Logs a failure with its trace, under the reference that the client was given."""
        _log.error("rpc.call.crashed", path=path, reference=reference, exc_info=error)
        if self._book is not None:
            self._book.note(path, error, reference=reference)
