"""One trace from a client's call to the event that tells of it, over every hop between."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from manciple.kit import trace_context, tracing
from manciple.kit.otel import OtelRecorder
from manciple.services import nlp_queue
from manciple.services.settings import Settings
from tests.fake_shop import a_fake_shop, whole_market
from tests.integration.mesh.neighborhood import (
    a_mesh,
    an_api,
    as_client,
    pricing_in,
    service_in,
    settings_in,
)

CLIENTS_SPAN = "00f067aa0ba902b7"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALL = {
    "service": "walmart-nlp-queue",
    "path": "groceryNLPQueue.processQuery",
    "input": {"query": "add two gallons of milk"},
}


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Everything that is recorded while the test runs."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.record_with(OtelRecorder(provider))
    yield exporter
    tracing.close()


async def handed_on(spans: InMemorySpanExporter) -> dict[str, list[ReadableSpan]]:
    """The spans by their names, once the result of the sentence was handed on."""
    async with asyncio.timeout(300):
        while True:
            found: dict[str, list[ReadableSpan]] = {}
            for span in spans.get_finished_spans():
                found.setdefault(span.name, []).append(span)
            if len(found.get("events.hand_on", ())) >= 2 and "jobs.run" in found:
                return found
            await asyncio.sleep(0.05)


async def test_one_trace_leads_over_proxy_queue_and_worker_to_the_event(
    tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    settings = settings_in(tmp_path)
    async with (
        a_mesh(settings) as registry,
        an_api(settings) as house,
        service_in(registry, settings, tmp_path, service=nlp_queue.SERVICE),
    ):
        handing_on = asyncio.create_task(house.exchange.run())
        with trace_context.carrying(f"00-{TRACE}-{CLIENTS_SPAN}-01"):
            await as_client(house).request("mesh.request", CALL)
        found = await handed_on(spans)
        handing_on.cancel()
    steps = {
        name: [span for span in found[name] if span.context.trace_id == int(TRACE, 16)]
        for name in ("rpc.call", "mesh.call", "jobs.run", "events.hand_on")
    }
    assert all(steps.values())
    outer, inner = sorted(steps["rpc.call"], key=lambda span: span.start_time or 0)
    (hop,), (job,) = steps["mesh.call"], steps["jobs.run"]
    parents = [span.parent.span_id if span.parent else None for span in (outer, hop, inner, job)]
    assert parents == [
        int(CLIENTS_SPAN, 16),
        outer.context.span_id,
        hop.context.span_id,
        inner.context.span_id,
    ]
    below = {span.parent.span_id for span in steps["events.hand_on"] if span.parent}
    assert job.context.span_id in below


async def test_a_call_that_travels_is_seen_on_both_sides(
    tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    async with a_fake_shop(whole_market()) as (_, port):
        settings = settings_in(tmp_path, pages_url=f"http://127.0.0.1:{port}")
        async with (
            a_mesh(settings) as registry,
            an_api(settings) as house,
            pricing_in(registry, settings, tmp_path),
        ):
            (product,) = await house.stores.read(lambda tx: tx.products.page(limit=1))
            call = as_client(house).walmart_price.current
            await call(product_id=product.product_id, refresh="now")
    found = {span.context.span_id: span for span in spans.get_finished_spans()}
    (hop,) = [span for span in found.values() if span.name == "mesh.call"]
    (there,) = [
        one for one in found.values() if one.parent and one.parent.span_id == hop.context.span_id
    ]
    assert hop.parent is not None
    here = found[hop.parent.span_id]
    assert (here.name, here.parent, there.name) == ("rpc.call", None, "rpc.call")


async def test_a_failure_is_seen_in_its_span_by_its_kind_only(
    tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    async with an_api(settings_in(tmp_path)) as house:
        with pytest.raises(Exception, match="No product"):
            await as_client(house).walmart_price.current(product_id="hunter2", refresh="never")
    (span,) = [one for one in spans.get_finished_spans() if one.name == "rpc.call"]
    assert span.status.description == "NotFound"
    assert "hunter2" not in span.to_json()


def test_without_traces_nothing_of_opentelemetry_is_loaded() -> None:
    script = (
        "import sys, manciple.services.host, manciple.services.wiring; "
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], timeout=300, check=False)
    assert done.returncode == 0
    assert Settings().traces.url == ""
