"""Prometheus metrics of the doors. Every label has a bounded set of values."""

from collections.abc import Mapping

from prometheus_client import REGISTRY, Counter, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# From a cached answer (50 µs) to the longest that a caller waits (30 s).
_BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_REQUESTS = Histogram(
    "http_server_request_duration_seconds",
    "How long requests took, by method, route and status.",
    ("method", "route", "status"),
    buckets=_BUCKETS_S,
)
_CALLS = Counter("manciple_calls", "Calls of procedures, by path and code.", ("path", "code"))
_requests: dict[tuple[str, str, int], Histogram] = {}


def request_done(method: str, route: str, *, status: int, duration_s: float) -> None:
    """Counts one request; `route` must be one of a bounded set."""
    key = (method, route, status)
    child = _requests.get(key)
    if child is None:
        known = method if method in _METHODS else "other"
        child = _requests[known, route, status] = _REQUESTS.labels(known, route, str(status))
    child.observe(duration_s)


def call_done(path: str, code: str) -> None:
    """Counts one call; `path` must be that of a registered procedure, or `unknown`."""
    _CALLS.labels(path, code).inc()


def calls_so_far() -> Mapping[str, int]:
    """Calls of each procedure since the process started, whatever their outcome."""
    sums: dict[str, int] = {}
    for metric in _CALLS.collect():
        for sample in metric.samples:
            if sample.name == "manciple_calls_total":
                path = sample.labels["path"]
                sums[path] = sums.get(path, 0) + int(sample.value)
    return sums


def exposition() -> bytes:
    """All metrics of this process as Prometheus reads them."""
    return generate_latest(REGISTRY)
