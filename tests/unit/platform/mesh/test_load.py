from datetime import timedelta

import pytest

from manciple.platform.mesh.autoscaler import Usage
from manciple.platform.mesh.load import SLOW_START_S, usage_of
from manciple.platform.mesh.registry import Entry, Vitals
from tests.fakes import FakeClock

NOW = FakeClock().now()
MEMORY_BYTES = 1000


def ready_since(age_s: float, *, cpu: float, in_flight: int = 0) -> Entry:
    since = NOW - timedelta(seconds=age_s)
    return Entry(
        id="a",
        service="api",
        address="",
        pid=1,
        started_s=0,
        since_at=since,
        vitals=Vitals(cpu_share=cpu, memory_bytes=500, in_flight=in_flight),
    )


def usage(*ready: Entry) -> Usage | None:
    return usage_of(ready, memory_bytes=MEMORY_BYTES, now=NOW)


def cpu(*ready: Entry) -> float:
    found = usage(*ready)
    assert found is not None
    return found.cpu


def test_nothing_is_known_of_nobody() -> None:
    assert usage() is None


def test_of_those_that_have_just_begun_only_the_processor_is_not_looked_at() -> None:
    found = usage(ready_since(0, cpu=1, in_flight=90), ready_since(SLOW_START_S - 0.1, cpu=1))
    assert found == Usage(cpu=0, memory=0.5, in_flight=0.45)


def test_afterwards_each_share_is_the_mean() -> None:
    found = usage(ready_since(SLOW_START_S, cpu=0.2, in_flight=10), ready_since(99, cpu=0.4))
    assert found == Usage(cpu=(0.2 + 0.4) / 2, memory=0.5, in_flight=0.05)


def test_a_young_one_counts_for_no_more_than_the_older_ones() -> None:
    assert cpu(ready_since(99, cpu=0.3), ready_since(1, cpu=1.0)) == pytest.approx(0.3)
    assert cpu(ready_since(99, cpu=0.8), ready_since(1, cpu=0.2)) == pytest.approx(0.5)


def test_a_clock_that_was_turned_back_blinds_nobody() -> None:
    assert cpu(ready_since(-3600, cpu=0.9)) == pytest.approx(0.9)
