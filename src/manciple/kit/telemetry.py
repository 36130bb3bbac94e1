"""What the house tells of its work: logs, spans and metrics.

Names are `room.thing.happened`. Never pass tokens, cookies, passwords, addresses or page bodies.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TextIO

import structlog
from prometheus_client import Histogram
from structlog.typing import FilteringBoundLogger, Processor

from manciple.kit import trace_context, tracing
from manciple.kit.clock import SystemClock

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "console", "json"]

# From a cached answer (50 µs) to the longest that a caller waits (30 s).
_BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30)
_CLOCK = SystemClock()
_SPANS = Histogram(
    "manciple_span_duration_seconds",
    "How long named pieces of work took.",
    ("span", "outcome"),
    buckets=_BUCKETS_S,
)
_log: FilteringBoundLogger = structlog.get_logger("manciple.span")


def start_logging(level: Level, style: Format, *, to: TextIO | None = None) -> bool:
    """From now on lines of `level` and above go to `to` (standard error); True if they are JSON."""
    stream = to or sys.stderr
    is_json = style == "json" or (style == "auto" and not stream.isatty())
    lowest = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            *_last_steps(is_json=is_json, in_color=stream.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    _adopt_library_logs(lowest)
    return is_json


@contextmanager
def span(name: str, **facts: object) -> Iterator[None]:
    """Measures a block: a histogram by `name`, and a debug line with `facts` at its end.

    An exception passes through and is noted by its type only; whoever catches it logs it.
    """
    began = _CLOCK.monotonic()
    outcome = "ok"
    try:
        with traced(name, **facts):
            yield
    # house: catches - only notes the type and raises it again
    except BaseException as error:
        outcome = "error"
        facts["error"] = type(error).__name__
        raise
    finally:
        duration_s = _CLOCK.monotonic() - began
        _SPANS.labels(name, outcome).observe(duration_s)
        _log.debug(name, outcome=outcome, duration_s=round(duration_s, 6), **facts)


@contextmanager
def traced(name: str, **facts: object) -> Iterator[None]:
    """A block as a span of the trace under way, and nothing else; for work of microseconds.

    Whatever the block asks of others belongs below that span. Where nobody records traces nothing
    is made.
    """
    opened = tracing.begin(name)
    if opened is None:
        yield
        return
    error: str | None = None
    try:
        with trace_context.carrying(opened.traceparent):
            yield
    # house: catches - only notes the type and raises it again
    except BaseException as raised:
        error = type(raised).__name__
        raise
    finally:
        opened.end(facts, error=error)


def _last_steps(*, is_json: bool, in_color: bool) -> list[Processor]:
    if is_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=in_color)]


class _Adopted(logging.Handler):
    """Turns the lines of libraries that log the standard way into ours."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        exc_info = record.exc_info if record.exc_info and record.exc_info[0] else None
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=exc_info)


def _adopt_library_logs(lowest: int) -> None:
    # Libraries' own chatter below warnings tells nothing of the house.
    logging.basicConfig(handlers=[_Adopted()], level=max(lowest, logging.WARNING), force=True)
