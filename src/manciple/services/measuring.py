"""What processes and the house use just now, asked of the system. No judgment here."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import psutil

from manciple.api.monitor_reports import HouseSample, ProcessSample
from manciple.kit.clock import Clock
from manciple.platform.db.changes import log_of
from manciple.platform.mesh.registry import Entry

THIS = "serve"


class Measuring:
    """Measures processes by their numbers; a share of a core is that since the last look."""

    def __init__(self, clock: Clock, database: Path) -> None:
        self._clock = clock
        self._database = database
        self._processes: dict[str, psutil.Process] = {}
        self._cpu: dict[str, tuple[float, float]] = {}

    def instances(self, entries: Iterable[Entry], *, lag_s: float) -> list[ProcessSample]:
        """Every instance that lives, or, where there are none, this process under `THIS`."""
        samples = []
        found = {entry.id: (entry.pid, entry.service, entry.vitals.loop_lag_s) for entry in entries}
        for name, (pid, service, loop_lag_s) in (
            found or {THIS: (os.getpid(), THIS, lag_s)}
        ).items():
            sample = self._sample(name, pid, service=service, loop_lag_s=loop_lag_s)
            if sample is not None:
                samples.append(sample)
        known = {sample.instance for sample in samples}
        for gone in self._processes.keys() - known:
            del self._processes[gone]
            self._cpu.pop(gone, None)
        return samples

    def house(self) -> HouseSample:
        """The database's files and the disk that they are on."""
        usage = shutil.disk_usage(self._database.parent)
        return HouseSample(
            at=self._clock.now(),
            database_bytes=_size(self._database),
            wal_bytes=_size(log_of(self._database)),
            disk_free_bytes=usage.free,
            disk_total_bytes=usage.total,
        )

    def _sample(
        self, name: str, pid: int, *, service: str, loop_lag_s: float
    ) -> ProcessSample | None:
        """One process; None if it has gone meanwhile."""
        try:
            process = self._processes.get(name)
            if process is None or process.pid != pid:
                process = self._processes[name] = psutil.Process(pid)
                self._cpu.pop(name, None)
            with process.oneshot():
                times = process.cpu_times()
                memory_bytes = process.memory_info().rss
                open_files = process.num_fds() if hasattr(process, "num_fds") else 0
        except psutil.Error:
            self._processes.pop(name, None)
            return None
        return ProcessSample(
            at=self._clock.now(),
            instance=name,
            service=service,
            memory_bytes=memory_bytes,
            cpu_share=self._share(name, times.user + times.system),
            open_files=open_files,
            loop_lag_s=loop_lag_s,
        )

    def _share(self, name: str, cpu_s: float) -> float:
        now_s = self._clock.monotonic()
        before_cpu_s, before_s = self._cpu.get(name, (cpu_s, now_s))
        self._cpu[name] = cpu_s, now_s
        passed_s = now_s - before_s
        return round(max(0.0, cpu_s - before_cpu_s) / passed_s, 4) if passed_s > 0 else 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
