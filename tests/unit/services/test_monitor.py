"""The monitor's judgment, on figures that a test makes up."""

from collections.abc import Iterable, Sequence

import pytest

from manciple.api.monitor_reports import HouseSample, Pressure, ProcessSample
from manciple.platform.mesh.registry import Entry
from manciple.services.monitor import HOUSE, Monitor
from manciple.services.settings_of_services import MemoryMonitorSettings
from tests.fakes import FakeClock

MB = 1_000_000


class Figures:
    """What is measured, as the test sets it."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.memory_mb: dict[str, float] = {"pricing-1": 100.0}
        self.wal_mb = 1.0
        self.lags: list[float] = []

    def instances(self, entries: Iterable[Entry], *, lag_s: float) -> list[ProcessSample]:
        del entries
        self.lags.append(lag_s)
        return [
            ProcessSample(
                at=self.clock.now(),
                instance=name,
                service=name,
                memory_bytes=int(memory * MB),
                cpu_share=0.1,
                open_files=20,
                loop_lag_s=0.0,
            )
            for name, memory in self.memory_mb.items()
        ]

    def house(self) -> HouseSample:
        return HouseSample(
            at=self.clock.now(),
            database_bytes=5 * MB,
            wal_bytes=int(self.wal_mb * MB),
            disk_free_bytes=90 * MB,
            disk_total_bytes=100 * MB,
        )


class Desk:
    """A monitor with its figures, and what it told."""

    def __init__(self, settings: MemoryMonitorSettings | None = None) -> None:
        self.clock = FakeClock()
        self.figures = Figures(self.clock)
        self.told: list[tuple[str, str, bool]] = []
        self.marked: list[str] = []
        self.monitor = Monitor(
            self.clock,
            self.figures,
            settings or MemoryMonitorSettings(),
            find_entries=self._nobody,
            tell=self._tell,
            mark_leaking=self._mark,
        )

    async def turns(self, count: int, *, grow_mb: float = 0.0, every_s: float = 5.0) -> None:
        for _ in range(count):
            await self.monitor.turn()
            self.clock.turn(every_s)
            for name in self.figures.memory_mb:
                self.figures.memory_mb[name] += grow_mb

    async def _nobody(self) -> Sequence[Entry]:
        return ()

    async def _tell(self, pressure: Pressure, is_raised: bool) -> None:  # noqa: FBT001 - as it is called
        self.told.append((pressure.name, pressure.instance, is_raised))

    async def _mark(self, instance: str) -> None:
        self.marked.append(instance)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_quiet_house_tells_nothing(desk: Desk) -> None:
    await desk.turns(300)
    now = desk.monitor.current()
    assert (desk.told, desk.marked, now.pressures) == ([], [], ())
    assert [state.is_leaking for state in now.processes] == [False]


async def test_too_much_is_told_once_and_again_when_it_is_over(desk: Desk) -> None:
    desk.figures.wal_mb = 300.0
    await desk.turns(10)
    assert desk.told == [("wal", HOUSE, True)]
    (pressure,) = desk.monitor.current().pressures
    assert (pressure.name, pressure.threshold, pressure.value) == ("wal", 256.0, 300.0)
    desk.figures.wal_mb = 250.0
    await desk.turns(10)
    desk.figures.wal_mb = 1.0
    await desk.turns(10)
    assert desk.told == [("wal", HOUSE, True), ("wal", HOUSE, False)]


async def test_steady_growth_marks_a_leak_once(desk: Desk) -> None:
    await desk.turns(200, grow_mb=1.0)
    assert desk.marked == ["pricing-1"]
    (state,) = desk.monitor.current().processes
    assert state.is_leaking
    assert state.growth_bytes_per_hour == pytest.approx(720 * MB, rel=0.01)
    assert ("leak", "pricing-1", True) in desk.told


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_leak_is_seen_though_the_clock_was_turned(desk: Desk, hours: int) -> None:
    await desk.turns(60, grow_mb=1.0)
    desk.clock.set_wall(hours * 3600)
    await desk.turns(70, grow_mb=1.0)
    assert desk.marked == ["pricing-1"]


async def test_a_leak_shows_in_a_short_window_though_looks_come_a_little_late() -> None:
    desk = Desk(MemoryMonitorSettings(every_s=1, leak_window_s=8, leak_mb=60))
    await desk.turns(12, grow_mb=20.0, every_s=1.02)
    assert desk.marked == ["pricing-1"]


async def test_growth_that_ends_is_no_leak(desk: Desk) -> None:
    await desk.turns(30, grow_mb=3.0)
    await desk.turns(200)
    assert desk.marked == []


async def test_nobody_leaks_before_the_window_is_full(desk: Desk) -> None:
    await desk.turns(60, grow_mb=2.0)
    assert desk.marked == []


async def test_who_is_gone_is_forgotten_with_its_alarms(desk: Desk) -> None:
    desk.figures.memory_mb["pricing-1"] = 900.0
    await desk.turns(3)
    assert desk.told == [("memory", "pricing-1", True)]
    desk.figures.memory_mb = {"pricing-2": 100.0}
    await desk.turns(1)
    now = desk.monitor.current()
    assert ([one.sample.instance for one in now.processes], now.pressures) == (["pricing-2"], ())


async def test_an_hour_is_kept_and_asked_for_by_minutes(desk: Desk) -> None:
    await desk.turns(800)
    hour = desk.monitor.history(None, minutes=60)
    assert (len(hour.processes), len(hour.house)) == (720, 720)
    assert len(desk.monitor.history("pricing-1", minutes=1).processes) == 12
    assert desk.monitor.history("nobody", minutes=1).processes == ()


async def test_a_late_turn_is_a_late_loop(desk: Desk) -> None:
    await desk.turns(2)
    desk.clock.turn(2.0)
    await desk.turns(1)
    assert desk.figures.lags == pytest.approx([0.0, 0.0, 2.0])


def test_every_threshold_has_its_unit(desk: Desk) -> None:
    units = {each.name: each.unit for each in desk.monitor.thresholds()}
    assert units["memory"] == units["wal"] == units["leak"] == "MB"
    assert (units["loopLag"], units["cpu"]) == ("s", "share of a core")
