"""What the memory monitor reports, as a client sees it."""

from datetime import datetime
from typing import Literal, Protocol

from manciple.platform.rpc.procedure import Wire

ThresholdName = Literal["memory", "cpu", "openFiles", "loopLag", "wal", "disk", "leak"]


class ProcessSample(Wire, frozen=True, kw_only=True):
    """One process at one time. `cpuShare` 1.0 is a whole core; `loopLagS` is seconds."""

    at: datetime
    instance: str
    service: str
    memory_bytes: int
    cpu_share: float
    open_files: int
    loop_lag_s: float


class HouseSample(Wire, frozen=True, kw_only=True):
    """The database's files, and the disk that they are on."""

    at: datetime
    database_bytes: int
    wal_bytes: int
    disk_free_bytes: int
    disk_total_bytes: int


class ProcessState(Wire, frozen=True, kw_only=True):
    """One process now. `growthBytesPerHour` is what its memory really grows by, 0 if it wavers.

    `isLeaking` once it was found to leak: in the mesh it is then replaced.
    """

    sample: ProcessSample
    growth_bytes_per_hour: int
    is_leaking: bool


class Pressure(Wire, frozen=True, kw_only=True):
    """A threshold that is passed now, by which instance (or the house), and since when."""

    name: ThresholdName
    instance: str
    value: float
    threshold: float
    since: datetime


class MonitorNow(Wire, frozen=True, kw_only=True):
    """Everything as it was last measured; before that, nothing."""

    house: HouseSample | None
    processes: tuple[ProcessState, ...]
    pressures: tuple[Pressure, ...]


class MonitorHistory(Wire, frozen=True, kw_only=True):
    """What was measured, oldest first."""

    house: tuple[HouseSample, ...]
    processes: tuple[ProcessSample, ...]


class Threshold(Wire, frozen=True, kw_only=True):
    """What counts as too much, in its `unit`; it is over again a tenth below."""

    name: ThresholdName
    value: float
    unit: str


class MonitorDesk(Protocol):
    """Who measures: the monitor in a running house, a fake in tests."""

    def current(self) -> MonitorNow:
        """Everything as it was last measured."""
        ...

    def history(self, instance: str | None, *, minutes: float) -> MonitorHistory:
        """What was measured in the last minutes."""
        ...

    def thresholds(self) -> tuple[Threshold, ...]:
        """What counts as too much."""
        ...
