"""The monitor: measures every few seconds, keeps an hour of it, and says what is too much."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from manciple.api.monitor_reports import (
    HouseSample,
    MonitorHistory,
    MonitorNow,
    Pressure,
    ProcessSample,
    ProcessState,
    Threshold,
    ThresholdName,
)
from manciple.kit.alarm import Alarm
from manciple.kit.clock import Clock
from manciple.kit.trend import Trend, trend
from manciple.platform.mesh.registry import Entry
from manciple.services.settings_of_services import MemoryMonitorSettings

HOUSE = "house"
_MB = 1_000_000
_HOUR_S = 3600.0
# More instances than a mesh on one machine has.
_MOST_INSTANCES = 64

# With when it was taken, by the clock that nobody sets back: that would hide a leak for as long.
_Kept = tuple[float, ProcessSample]

Tell = Callable[[Pressure, bool], Awaitable[None]]
"""Hears that a threshold is passed (True), or that this is over (False)."""


class Measures(Protocol):
    """Who measures; processes are those of the entries, or this one."""

    def instances(self, entries: Iterable[Entry], *, lag_s: float) -> list[ProcessSample]:
        """One sample of every process that lives."""
        ...

    def house(self) -> HouseSample:
        """The database's files and the disk."""
        ...


class Monitor:
    """Looks at all instances in `entries`, or at this process; `turn` is called again and again.

    `tell` hears of thresholds; `mark_leaking` of instances that leak, each once.
    """

    def __init__(
        self,
        clock: Clock,
        measuring: Measures,
        settings: MemoryMonitorSettings,
        *,
        find_entries: Callable[[], Awaitable[Sequence[Entry]]],
        tell: Tell,
        mark_leaking: Callable[[str], Awaitable[object]],
    ) -> None:
        self._clock = clock
        self._measuring = measuring
        self._settings = settings
        self._find_entries = find_entries
        self._tell = tell
        self._mark_leaking = mark_leaking
        self._most = max(2, int(_HOUR_S / settings.every_s))
        self._house: deque[HouseSample] = deque(maxlen=self._most)
        self._kept: dict[str, deque[_Kept]] = {}
        self._leaking: set[str] = set()
        self._alarms: dict[tuple[ThresholdName, str], Alarm] = {}
        self._pressures: dict[tuple[ThresholdName, str], Pressure] = {}
        self._due_s: float | None = None

    async def turn(self) -> None:
        """Measures once, judges, and tells what changed.

        Raises:
            Unavailable: the database cannot say who runs, or take the news.
        """
        now_s = self._clock.monotonic()
        lag_s = max(0.0, now_s - self._due_s) if self._due_s is not None else 0.0
        entries = await self._find_entries()
        samples = self._measuring.instances(entries, lag_s=round(lag_s, 6))
        house = self._measuring.house()
        self._house.append(house)
        self._keep(samples)
        for sample in samples:
            await self._judge(sample)
        await self._look("wal", HOUSE, house.wal_bytes / _MB)
        used = 1 - house.disk_free_bytes / max(1, house.disk_total_bytes)
        await self._look("disk", HOUSE, round(used, 4))
        self._due_s = self._clock.monotonic() + self._settings.every_s

    def current(self) -> MonitorNow:
        """Everything as it was last measured."""
        states = [self._state(kept) for kept in self._kept.values()]
        return MonitorNow(
            house=self._house[-1] if self._house else None,
            processes=tuple(states),
            pressures=tuple(self._pressures.values()),
        )

    def history(self, instance: str | None, *, minutes: float) -> MonitorHistory:
        """What was measured in the last minutes, of one instance or of all."""
        since = self._clock.now() - timedelta(minutes=minutes)
        kept = [self._kept.get(instance, ())] if instance is not None else self._kept.values()
        samples = [one for each in kept for _, one in each if one.at >= since]
        return MonitorHistory(
            house=tuple(one for one in self._house if one.at >= since),
            processes=tuple(sorted(samples, key=lambda one: (one.at, one.instance))),
        )

    def thresholds(self) -> tuple[Threshold, ...]:
        """What counts as too much."""
        units = {"cpu": "share of a core", "openFiles": "files", "loopLag": "s", "disk": "share"}
        return tuple(
            Threshold(name=name, value=mark, unit=units.get(name, "MB"))
            for name, mark in self._marks().items()
        )

    async def _judge(self, sample: ProcessSample) -> None:
        name = sample.instance
        await self._look("memory", name, sample.memory_bytes / _MB)
        await self._look("cpu", name, sample.cpu_share)
        await self._look("openFiles", name, sample.open_files)
        await self._look("loopLag", name, sample.loop_lag_s)
        grown = self._growth(self._kept[name]).grown(self._settings.leak_window_s) / _MB
        await self._look("leak", name, round(grown, 3))
        if ("leak", name) in self._pressures and name not in self._leaking:
            self._leaking.add(name)
            await self._mark_leaking(name)

    async def _look(self, name: ThresholdName, instance: str, value: float) -> None:
        key = name, instance
        alarm = self._alarms.get(key)
        if alarm is None:
            alarm = self._alarms[key] = Alarm(self._marks()[name])
        has_changed = alarm.look(value)
        before = self._pressures.get(key)
        since = before.since if before is not None else self._clock.now()
        pressure = Pressure(
            name=name, instance=instance, value=value, threshold=alarm.mark, since=since
        )
        if alarm.is_raised:
            self._pressures[key] = pressure
        else:
            self._pressures.pop(key, None)
        if has_changed:
            await self._tell(pressure, alarm.is_raised)

    def _marks(self) -> dict[ThresholdName, float]:
        own = self._settings
        return {
            "memory": float(own.memory_mb),
            "cpu": own.cpu_share,
            "openFiles": float(own.open_files),
            "loopLag": own.loop_lag_s,
            "wal": float(own.wal_mb),
            "disk": own.disk_share,
            "leak": float(own.leak_mb),
        }

    def _keep(self, samples: Iterable[ProcessSample]) -> None:
        named = {sample.instance: sample for sample in samples}
        for gone in self._kept.keys() - named:
            del self._kept[gone]
            self._leaking.discard(gone)
            for book in (self._alarms, self._pressures):
                for key in [key for key in book if key[1] == gone]:
                    del book[key]
        now_s = self._clock.monotonic()
        for name, sample in list(named.items())[:_MOST_INSTANCES]:
            self._kept.setdefault(name, deque(maxlen=self._most)).append((now_s, sample))

    def _growth(self, kept: Sequence[_Kept]) -> Trend:
        """The trend within the window; none until the window is full."""
        newest_s, window_s = kept[-1][0], self._settings.leak_window_s
        points = [(s, float(one.memory_bytes)) for s, one in kept if s >= newest_s - window_s]
        # Looks come a little late: a short window that should hold eight of them holds seven.
        enough_s = min(window_s * 0.9, window_s - 2 * self._settings.every_s)
        is_full = newest_s - points[0][0] >= enough_s
        return trend(points) if is_full else Trend(0.0, 0.0)

    def _state(self, kept: Sequence[_Kept]) -> ProcessState:
        _, sample = kept[-1]
        return ProcessState(
            sample=sample,
            growth_bytes_per_hour=int(self._growth(kept).grown(_HOUR_S)),
            is_leaking=sample.instance in self._leaking,
        )
