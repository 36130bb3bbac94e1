"""Who watches calls: metrics and logs hang on here, and the wire knows neither."""

import logging
from typing import Protocol

UNKNOWN = "unknown"
"""Stands for every path without a procedure, so that labels stay bounded."""

_log = logging.getLogger(__name__)


class Observer(Protocol):
    """Told of every call when it is over. Must be quick, and must not raise."""

    def ended(self, path: str, kind: str, *, code: str, duration_s: float) -> None:
        """A call ended; `code` is `OK` or the name of a wire code."""
        ...

    def crashed(self, path: str, error: BaseException, *, reference: str) -> None:
        """A call failed in a way nobody foresaw; the client was told only the reference."""
        ...


class LogCrashes:
    """Writes unforeseen failures to the standard log, and nothing else."""

    def ended(self, path: str, kind: str, *, code: str, duration_s: float) -> None:
        """Nothing: calls are not logged one by one here."""

    def crashed(self, path: str, error: BaseException, *, reference: str) -> None:
        """Logs the failure with its trace, under the reference that the client was given."""
        _log.error("rpc.call.crashed path=%s reference=%s", path, reference, exc_info=error)
