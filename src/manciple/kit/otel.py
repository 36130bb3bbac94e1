"""Spans for OpenTelemetry; loaded only where traces are wanted, since it needs the extra `otel`."""

from collections.abc import Mapping

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from manciple.kit.trace_context import HEADER

_PROPAGATOR = TraceContextTextMapPropagator()
_PLAIN = (str, bool, int, float)


class OtelSpan:
    """A span of OpenTelemetry."""

    def __init__(self, span: Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """Its place in its trace."""
        found = self._span.get_span_context()
        return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"

    def end(self, facts: Mapping[str, object], *, error: str | None) -> None:
        """Closes it, with what is plain of the facts."""
        for name, value in facts.items():
            if isinstance(value, _PLAIN):
                self._span.set_attribute(f"manciple.{name}", value)
        if error is not None:
            self._span.set_status(Status(StatusCode.ERROR, error))
        self._span.end()


class OtelRecorder:
    """Records with a provider of OpenTelemetry."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("manciple")

    def begin(self, name: str, parent: str | None) -> OtelSpan:
        """A span that begins now."""
        context = Context() if parent is None else _PROPAGATOR.extract({HEADER: parent}, Context())
        return OtelSpan(self._tracer.start_span(name, context))

    def close(self) -> None:
        """Sends what is left, and stops."""
        self._provider.shutdown()


def otlp_recorder(url: str, *, service: str) -> OtelRecorder:
    """Sends spans to `url` by OTLP over HTTP, many at a time and in the background."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    return OtelRecorder(provider)
