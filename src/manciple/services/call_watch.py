"""Watches calls for the wire: counts them, and logs what nobody foresaw."""

import structlog

from manciple.services.metrics import DOORS

_log = structlog.get_logger(__name__)


class CallWatch:
    """The wire's observer in a running house."""

    def ended(self, path: str, kind: str, *, code: str, duration_s: float) -> None:
        """Counts one call."""
        del kind, duration_s
        DOORS.call_done(path, code)

    def crashed(self, path: str, error: BaseException, *, reference: str) -> None:
        """Logs a failure with its trace, under the reference that the client was given."""
        _log.error("rpc.call.crashed", path=path, reference=reference, exc_info=error)
