"""Counts that Prometheus can read, with labels that strangers cannot grow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import HistogramMetricFamily, Metric

from manciple.services.doors.front_door import ROUTES, route_of
from manciple.services.metrics import DoorMetrics


def family(metrics: DoorMetrics, name: str) -> Metric:
    (found,) = [each for each in metrics.collect() if each.name == name]
    return found


def test_a_request_falls_into_its_bucket_and_all_above() -> None:
    metrics = DoorMetrics()
    for took_s in (0.0005, 0.003, 100.0):
        metrics.request_done("GET", "/trpc", status=200, took_s=took_s)
    requests = family(metrics, "http_server_request_duration_seconds")
    assert isinstance(requests, HistogramMetricFamily)
    values = {
        each.labels.get("le", each.name.rpartition("_")[2]): each.value for each in requests.samples
    }
    assert (values["0.0005"], values["0.0025"], values["0.005"], values["30.0"]) == (1, 1, 2, 2)
    assert (values["+Inf"], values["count"], values["sum"]) == (3, 3, 100.0035)


def test_calls_are_counted_by_path_and_code() -> None:
    metrics = DoorMetrics()
    for code in ("OK", "OK", "NOT_FOUND"):
        metrics.call_done("a.b", code, took_s=0.002)
    assert metrics.calls_so_far() == {"a.b": 3}
    samples = {
        each.labels["code"]: each.value for each in family(metrics, "manciple_calls").samples
    }
    assert samples == {"OK": 2, "NOT_FOUND": 1}


@given(st.lists(st.floats(min_value=0, max_value=100)))
def test_a_meter_counts_like_one_request_after_the_other(durations_s: list[float]) -> None:
    singly, together = DoorMetrics(), DoorMetrics()
    meter = together.meter("POST", "/trpc", path="a.b")
    singly.request_done("POST", "/trpc", status=200, took_s=0.5)
    together.request_done("POST", "/trpc", status=200, took_s=0.5)
    for took_s in durations_s:
        singly.request_done("POST", "/trpc", status=200, took_s=took_s)
        meter.add(took_s)
    name = "http_server_request_duration_seconds"
    one, other = family(singly, name), family(together, name)
    assert [each.labels for each in one.samples] == [each.labels for each in other.samples]
    assert [each.value for each in one.samples] == pytest.approx(
        [each.value for each in other.samples]
    )
    assert together.calls_so_far() == ({"a.b": len(durations_s)} if durations_s else {})


def test_a_meter_keeps_a_bounded_number_of_durations() -> None:
    metrics = DoorMetrics()
    meter = metrics.meter("POST", "/trpc", path="a.b")
    for _ in range(5000):
        meter.add(0.001)
    assert meter.requests == 4096
    assert metrics.calls_so_far() == {"a.b": 5000}


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=30))))
def test_no_stranger_can_grow_the_labels(requests: list[tuple[str, str]]) -> None:
    metrics = DoorMetrics()
    for method, path in requests:
        metrics.request_done(method, route_of("/" + path), status=404, took_s=0.001)
    seen = {
        (each.labels["method"], each.labels["route"])
        for each in family(metrics, "http_server_request_duration_seconds").samples
    }
    assert {route for _, route in seen} <= {f"/{route}" for route in ROUTES} | {"/", "other"}
    assert len({method for method, _ in seen}) <= 8
