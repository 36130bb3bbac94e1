"""Prometheus metrics of the doors. Every label has a bounded set of values.

Requests and calls are counted in plain dictionaries on the event loop and turned into Prometheus
families when they are scraped: 1 µs each, where the library's own objects take 8. Who answers
most often keeps a `Meter`, which costs one append.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from manciple.kit.breaker import State
from manciple.platform.rpc.codes import OK

if TYPE_CHECKING:
    from manciple.grocery.connectors.targets import TargetState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# From a cached answer (50 µs) to the longest that a caller waits (30 s).
BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30)
CALL_DURATIONS = "manciple_call_duration_seconds"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


# Durations that wait to be counted together: 32 KB of them.
_MAX_WAITING = 4096


class Meter:
    """Requests of one kind to one procedure that succeeded; they are counted many at a time."""

    __slots__ = ("_histograms", "_waiting", "path", "requests")

    def __init__(self, path: str, *histograms: list[float]) -> None:
        self.path = path
        self.requests = 0
        self._histograms = histograms
        self._waiting: list[float] = []

    def add(self, took_s: float) -> None:
        """Counts one request."""
        self._waiting.append(took_s)
        if len(self._waiting) >= _MAX_WAITING:
            self.settle()

    def settle(self) -> None:
        """Sorts what waits into its buckets."""
        waiting, self._waiting = sorted(self._waiting), []
        ends = [bisect_right(waiting, bound) for bound in BUCKETS_S]
        found = [end - below for below, end in pairwise([0, *ends, len(waiting)])]
        for histogram in self._histograms:
            for nth, count in enumerate([*found, sum(waiting)]):
                histogram[nth] += count
        self.requests += len(waiting)


class DoorMetrics(Collector):
    """Counts of one process; written on the event loop only, read by whoever scrapes."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], list[float]] = {}
        self._calls: dict[tuple[str, str], int] = {}
        self._durations: dict[str, list[float]] = {}
        self._meters: dict[tuple[str, str, str], Meter] = {}

    def request_done(self, method: str, route: str, *, status: int, took_s: float) -> None:
        """Counts one request; `route` must be one of a bounded set."""
        counts = self._counts(method, route, status)
        counts[bisect_left(BUCKETS_S, took_s)] += 1
        counts[-1] += took_s

    def call_done(self, path: str, code: str, *, took_s: float | None) -> None:
        """Counts one call; `path` must be that of a registered procedure, or `unknown`."""
        key = (path, code)
        self._calls[key] = self._calls.get(key, 0) + 1
        if took_s is None:
            return
        histogram = self._histogram(path)
        histogram[bisect_left(BUCKETS_S, took_s)] += 1
        histogram[-1] += took_s

    def meter(self, method: str, route: str, *, path: str) -> Meter:
        """What counts requests that are one call each, of the procedure at `path`, and succeed."""
        key = (method, route, path)
        meter = self._meters.get(key)
        if meter is None:
            meter = self._meters[key] = Meter(
                path, self._counts(method, route, 200), self._histogram(path)
            )
        return meter

    def calls_so_far(self) -> Mapping[str, int]:
        """Calls of each procedure since the process started, whatever their outcome."""
        sums: dict[str, int] = {}
        for (path, _), count in self._all_calls().items():
            sums[path] = sums.get(path, 0) + count
        return sums

    def collect(self) -> Iterator[Metric]:
        """The counts as Prometheus families."""
        all_calls = self._all_calls()
        requests = HistogramMetricFamily(
            "http_server_request_duration_seconds",
            "How long requests took, by method, route and status.",
            labels=("method", "route", "status"),
        )
        bounds = [str(float(bound)) for bound in BUCKETS_S] + ["+Inf"]
        for (method, route, status), (*counts, sum_s) in list(self._requests.items()):
            buckets = list(zip(bounds, accumulate(counts), strict=True))
            requests.add_metric((method, route, str(status)), buckets, sum_s)
        yield requests
        calls = CounterMetricFamily(
            "manciple_calls", "Calls of procedures, by path and code.", labels=("path", "code")
        )
        for labels, count in all_calls.items():
            calls.add_metric(labels, count)
        yield calls
        durations = HistogramMetricFamily(
            CALL_DURATIONS, "How long calls of procedures took, by path.", labels=("path",)
        )
        for path, (*counts, sum_s) in list(self._durations.items()):
            if any(counts):
                buckets = list(zip(bounds, accumulate(counts), strict=True))
                durations.add_metric((path,), buckets, sum_s)
        yield durations

    def _histogram(self, path: str) -> list[float]:
        return self._durations.setdefault(path, [0] * (len(BUCKETS_S) + 2))

    def _counts(self, method: str, route: str, status: int) -> list[float]:
        counts = self._requests.get((method, route, status))
        if counts is None:
            known = (method if method in _METHODS else "other", route, status)
            # One for each bucket, one for all slower ones, and the sum of seconds.
            counts = self._requests.setdefault(known, [0] * (len(BUCKETS_S) + 2))
        return counts

    def _all_calls(self) -> dict[tuple[str, str], int]:
        """Calls by path and code, those of the meters with them, which are settled by this."""
        calls = dict(self._calls)
        for meter in self._meters.values():
            meter.settle()
            if meter.requests:
                calls[meter.path, OK] = calls.get((meter.path, OK), 0) + meter.requests
        return calls


class TargetMetrics(Collector):
    """How the places outside do; their names are bounded by the settings."""

    def __init__(self) -> None:
        self.states: Callable[[], Sequence[TargetState]] = lambda: ()

    def collect(self) -> Iterator[Metric]:
        """The figures as Prometheus families."""
        calls = CounterMetricFamily(
            "manciple_target_calls", "Requests to places outside.", labels=("target",)
        )
        failures = CounterMetricFamily(
            "manciple_target_failures", "Requests that the target failed.", labels=("target",)
        )
        is_open = GaugeMetricFamily(
            "manciple_target_breaker_open", "1 while nobody asks the target.", labels=("target",)
        )
        waits = GaugeMetricFamily(
            "manciple_target_wait_seconds", "Until the target is asked again.", labels=("target",)
        )
        for one in self.states():
            calls.add_metric((one.name,), one.calls)
            failures.add_metric((one.name,), one.failures)
            is_open.add_metric((one.name,), float(one.breaker is State.OPEN))
            waits.add_metric((one.name,), one.wait_s)
        yield waits
        yield calls
        yield failures
        yield is_open


DOORS = DoorMetrics()
TARGETS = TargetMetrics()
REGISTRY.register(DOORS)
REGISTRY.register(TARGETS)


def exposition() -> bytes:
    """All metrics of this process as Prometheus reads them."""
    return generate_latest(REGISTRY)
