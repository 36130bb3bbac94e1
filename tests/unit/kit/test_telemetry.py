"""Logs that machines can read, and spans that are measured."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from prometheus_client import REGISTRY

from manciple.kit.telemetry import span, start_logging


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    start_logging("debug", "json", to=stream)
    yield stream
    structlog.reset_defaults()
    logging.root.handlers[:], logging.root.level = handlers, level


def test_a_span_is_logged_and_measured(lines: io.StringIO) -> None:
    with span("test.span.done", product_id="p1"):
        pass
    line = json.loads(lines.getvalue())
    assert (line["event"], line["product_id"], line["outcome"]) == ("test.span.done", "p1", "ok")
    labels = {"span": "test.span.done", "outcome": "ok"}
    assert REGISTRY.get_sample_value("manciple_span_duration_seconds_count", labels) == 1


def test_a_span_lets_its_exception_through_and_notes_its_kind(lines: io.StringIO) -> None:
    with pytest.raises(LookupError), span("test.span.failed"):
        raise LookupError("secret text")
    line = json.loads(lines.getvalue())
    assert (line["outcome"], line["error"]) == ("error", "LookupError")
    assert "secret text" not in lines.getvalue()


def test_lines_of_libraries_become_ours(lines: io.StringIO) -> None:
    logging.getLogger("somebody.else").warning("a %s", "warning")
    line = json.loads(lines.getvalue())
    assert (line["event"], line["level"], line["logger"]) == (
        "a warning",
        "warning",
        "somebody.else",
    )


def test_lines_below_the_level_are_not_written() -> None:
    stream = io.StringIO()
    start_logging("warning", "console", to=stream)
    structlog.get_logger().info("not this")
    structlog.get_logger().warning("but this")
    structlog.reset_defaults()
    assert "not this" not in stream.getvalue()
    assert "but this" in stream.getvalue()
