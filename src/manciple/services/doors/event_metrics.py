"""Prometheus metrics of the event sockets and the hub; every label has few values."""

from collections.abc import Iterator

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from manciple.platform.bus.audience import Audience
from manciple.platform.bus.endings import Ending


class EventMetrics(Collector):
    """What the sockets of this process do; `audience` is set once there are any."""

    def __init__(self) -> None:
        self.audience: Audience | None = None

    def collect(self) -> Iterator[Metric]:
        """The figures as Prometheus families."""
        if self.audience is None:
            return
        yield from _gauges(self.audience)
        yield from _counters(self.audience)
        ended = CounterMetricFamily(
            "manciple_events_connections_ended",
            "Connections that the house ended or turned away, by reason.",
            labels=("reason",),
        )
        for reason in Ending:
            ended.add_metric((reason.value,), self.audience.ended[reason])
        yield ended


def _gauges(audience: Audience) -> Iterator[Metric]:
    waiting, most = audience.exchange.hub.depths()
    for name, text, value in (
        ("connections", "Open connections of the event sockets.", audience.connections),
        ("listeners", "Who listens: sockets and subscriptions.", len(audience.exchange.hub)),
        ("waiting", "Events that wait for listeners who are behind.", waiting),
        ("waiting_most", "Events that wait for the listener furthest behind.", most),
    ):
        yield GaugeMetricFamily(f"manciple_events_{name}", text, value=value)


def _counters(audience: Audience) -> Iterator[Metric]:
    figures = audience.exchange.hub.figures
    for name, text, value in (
        ("delivered", "Events given to listeners, counted for each.", figures.delivered),
        ("coalesced", "Events that a newer state replaced for a listener.", figures.coalesced),
        ("lagged", "Events let go for listeners who were too slow.", figures.lagged),
        ("written_bytes", "Bytes written to event sockets.", audience.written_bytes),
    ):
        yield CounterMetricFamily(f"manciple_events_{name}", text, value=value)


EVENTS = EventMetrics()
REGISTRY.register(EVENTS)
