"""Where traces are recorded, if anywhere: one recorder for the process, set at its start.

Without one nothing is made and nothing is loaded.
"""

from collections.abc import Mapping
from typing import Protocol

from manciple.kit import trace_context


class OpenSpan(Protocol):
    """A span under way."""

    @property
    def traceparent(self) -> str:
        """What those who work for it are told."""
        ...

    def end(self, facts: Mapping[str, object], *, error: str | None) -> None:
        """It is over; `error` is the type of what was raised."""
        ...


class Recorder(Protocol):
    """Who records spans."""

    def begin(self, name: str, parent: str | None) -> OpenSpan:
        """A span that begins now, below the `traceparent` of another or of a trace of its own."""
        ...

    def close(self) -> None:
        """Sends what was not sent yet."""
        ...


_recorder: Recorder | None = None


def record_with(recorder: Recorder | None) -> None:
    """From now on `recorder` records every span of this process; None records none."""
    global _recorder  # noqa: PLW0603 - as with logs: a process has one place for its traces
    _recorder = recorder


def is_on() -> bool:
    """Whether anybody records."""
    return _recorder is not None


def begin(name: str) -> OpenSpan | None:
    """A span of the work under way; None where nobody records."""
    if _recorder is None:
        return None
    return _recorder.begin(name, trace_context.carried())


def close() -> None:
    """Ends recording; what was recorded is sent."""
    recorder = _recorder
    record_with(None)
    if recorder is not None:
        recorder.close()
