"""What the registry promises, be its database a file or in memory."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from manciple.grocery.stores.opening import open_database, open_database_in_memory
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.registry import Entry, Registry, Vitals
from tests.fakes import FakeClock

PRICING = "walmart-pricing"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["file", "memory"])
async def registry(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock
) -> AsyncIterator[Registry]:
    is_file = request.param == "file"
    database = open_database(tmp_path / "x.db") if is_file else open_database_in_memory()
    yield Registry(database, clock, ttl_s=6.0)
    await database.close()


def entry(id_: str = "pricing-1", **facts: object) -> Entry:
    now = FakeClock().now()
    given = {"service": PRICING, "address": f"unix:/run/{id_}.sock", "pid": 7, "started_s": 1.5}
    given |= {"since_at": now, "phase": Phase.READY}
    return Entry(id=id_, **(given | facts))  # type: ignore[arg-type]  # a test's shorthand


async def ids(registry: Registry) -> list[str]:
    return [one.id for one in await registry.discover(PRICING)]


async def test_what_registers_is_found_with_all_that_it_said(
    registry: Registry, clock: FakeClock
) -> None:
    vitals = Vitals(cpu_share=0.5, memory_bytes=5 << 30, in_flight=3, open_files=9, response_s=0.2)
    said = entry(generation=2, weight=3, capacity=150, vitals=vitals)
    await registry.register(said)

    (found,) = await registry.discover(PRICING)
    assert (found.beat_s, found.until_s) == (clock.monotonic(), clock.monotonic() + 6)
    instants = {name: getattr(said, name) for name in ("since_at", "beat_s", "until_s")}
    facts = {name: getattr(found, name) for name in Entry.__struct_fields__}
    assert Entry(**(facts | instants)) == said


async def test_a_lease_that_is_not_renewed_is_over(registry: Registry, clock: FakeClock) -> None:
    await registry.register(entry())
    clock.turn(5.9)
    assert await ids(registry) == ["pricing-1"]
    clock.turn(0.1)
    assert await ids(registry) == []
    assert await registry.expire() == 1
    assert await registry.entries() == ()


async def test_a_lease_from_before_the_machine_started_does_not_count(
    registry: Registry, clock: FakeClock
) -> None:
    clock.turn(1_000_000)
    await registry.register(entry())
    # The clock of the machine begins at nothing again; the one on the wall goes on.
    clock.turn(-999_999)
    assert await ids(registry) == []
    assert await registry.expire() == 1


@pytest.mark.parametrize("hours", [1, -1])
async def test_no_turning_of_the_clock_ends_or_lengthens_a_lease(
    registry: Registry, clock: FakeClock, hours: int
) -> None:
    await registry.register(entry())
    clock.set_wall(hours * 3600)
    clock.turn(5.9)
    assert await ids(registry) == ["pricing-1"]
    clock.turn(0.1)
    assert await ids(registry) == []


async def test_a_renewed_lease_goes_on(registry: Registry, clock: FakeClock) -> None:
    await registry.register(entry())
    for _ in range(5):
        clock.turn(registry.renew_every_s)
        assert await registry.renew("pricing-1", phase=Phase.READY, vitals=Vitals(in_flight=1))
        assert await registry.expire() == 0
    (found,) = await registry.discover(PRICING)
    assert found.vitals.in_flight == 1
    assert found.since_at == clock.now() - timedelta(seconds=10)


async def test_whoever_lost_its_lease_is_told_so(registry: Registry, clock: FakeClock) -> None:
    await registry.register(entry())
    clock.turn(3600)
    await registry.expire()
    assert not await registry.renew("pricing-1", phase=Phase.READY, vitals=Vitals())
    await registry.register(entry())
    assert await ids(registry) == ["pricing-1"]


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.DRAINING, Phase.STOPPING])
async def test_only_the_ready_are_discovered(registry: Registry, phase: Phase) -> None:
    await registry.register(entry("a", phase=phase))
    await registry.register(entry("b"))
    await registry.register(entry("c", service="walmart-websocket"))
    assert await ids(registry) == ["b"]
    assert [one.id for one in await registry.entries()] == ["a", "b", "c"]


async def test_one_that_was_told_to_drain_cannot_call_itself_ready(
    registry: Registry, clock: FakeClock
) -> None:
    await registry.register(entry())
    assert await registry.drain("pricing-1")
    since_at = clock.now()
    clock.turn(1)
    assert await registry.renew("pricing-1", phase=Phase.READY, vitals=Vitals(in_flight=2))
    (one,) = await registry.entries()
    assert (one.phase, one.since_at, one.vitals.in_flight) == (Phase.DRAINING, since_at, 2)
    assert await ids(registry) == []


async def test_the_instant_of_a_phase_is_when_it_began(
    registry: Registry, clock: FakeClock
) -> None:
    await registry.register(entry(phase=Phase.STARTING))
    clock.turn(2)
    await registry.renew("pricing-1", phase=Phase.READY, vitals=Vitals())
    clock.turn(2)
    await registry.renew("pricing-1", phase=Phase.READY, vitals=Vitals())
    (one,) = await registry.entries()
    assert one.since_at == clock.now() - timedelta(seconds=2)


async def test_leaving_is_for_good_and_marks_are_kept(registry: Registry) -> None:
    await registry.register(entry())
    assert await registry.mark_leaking("pricing-1")
    assert (await registry.entries())[0].is_leaking
    await registry.leave("pricing-1")
    assert await registry.entries() == ()
    assert not await registry.mark_leaking("pricing-1")
    assert not await registry.drain("pricing-1")


async def test_a_watcher_hears_of_every_change_once(registry: Registry, clock: FakeClock) -> None:
    news = registry.watch(PRICING)
    assert await anext(news) == ()
    await registry.register(entry())
    assert [one.id for one in await anext(news)] == ["pricing-1"]
    # Nothing changes until the lease is over; the watcher's own waiting turns the clock.
    began_s = clock.monotonic()
    assert await anext(news) == ()
    assert clock.monotonic() - began_s == pytest.approx(6.0, abs=0.3)
