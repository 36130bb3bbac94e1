from datetime import UTC, datetime
from pathlib import Path

from manciple.grocery.stores.opening import open_database
from manciple.kit.clock import SystemClock
from manciple.platform.bus.audience import Audience
from manciple.platform.bus.endings import CODES, Ending
from manciple.platform.bus.exchange import Exchange
from manciple.platform.bus.guests import Credentials, Guest, SocketSettings
from manciple.platform.bus.hub import Hub
from manciple.platform.bus.news import Event, Listener
from manciple.services.doors.event_metrics import EventMetrics

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


async def admit(_credentials: Credentials) -> Guest:
    raise NotImplementedError


def figures(metrics: EventMetrics) -> dict[str, float]:
    """Every sample by its name and its label."""
    return {
        sample.name.removeprefix("manciple_events_") + "".join(sample.labels.values()): sample.value
        for family in metrics.collect()
        for sample in family.samples
    }


async def test_the_hub_and_the_sockets_say_how_they_do(tmp_path: Path) -> None:
    database = open_database(tmp_path / "events.db")
    exchange = Exchange(database, SystemClock(), Hub(max_waiting=2), has_changed=lambda: False)
    metrics = EventMetrics()
    assert figures(metrics) == {}
    metrics.audience = audience = Audience(
        exchange,
        SystemClock(),
        admit=admit,
        render=lambda event: event.body,
        settings=SocketSettings(),
    )
    for id_ in ("slow", "fast"):
        exchange.join(Listener(id=id_), lambda: None)
        exchange.hub.subscribe(id_, ["*"])
    exchange.hub.serve("fast", 1)
    for number in range(1, 4):
        facts = {"id": number, "topic": "list.created", "key": "k", "body": b"{}", "at": NOON}
        exchange.hub.publish(Event(**facts))  # type: ignore[arg-type]  # a test's shorthand
    audience.ended[Ending.SILENT] += 1
    found = figures(metrics)
    await database.close()

    assert (found["listeners"], found["connections"]) == (2, 0)
    assert (found["waiting"], found["waiting_most"]) == (2, 2)
    assert (found["delivered_total"], found["lagged_total"]) == (3, 1)
    assert found["connections_ended_totalsilent"] == 1
    assert {name for name in found if "ended" in name} == {
        f"connections_ended_total{reason}" for reason in Ending
    }


def test_every_ending_has_a_close_code() -> None:
    assert set(CODES) == set(Ending)
