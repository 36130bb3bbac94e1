"""How this process is: measured by itself, for its lease."""

import time
from collections.abc import Callable

import psutil

from manciple.kit.clock import Clock
from manciple.platform.mesh.registry import Vitals


class VitalSigns:
    """Measures this process; `in_flight` tells how many calls or sockets it has now.

    The share of a processor is that since the last measuring.
    """

    def __init__(self, clock: Clock, in_flight: Callable[[], int] = lambda: 0) -> None:
        self._clock = clock
        self._in_flight = in_flight
        self._process = psutil.Process()
        self._cpu_s, self._at_s = time.process_time(), clock.monotonic()

    def measure(self, *, loop_lag_s: float = 0.0, response_s: float | None = None) -> Vitals:
        """How the process is now."""
        cpu_s, at_s = time.process_time(), self._clock.monotonic()
        passed_s = at_s - self._at_s
        share = (cpu_s - self._cpu_s) / passed_s if passed_s > 0 else 0.0
        self._cpu_s, self._at_s = cpu_s, at_s
        return Vitals(
            cpu_share=round(max(share, 0.0), 4),
            memory_bytes=self._process.memory_info().rss,
            in_flight=self._in_flight(),
            open_files=self._process.num_fds(),
            loop_lag_s=round(loop_lag_s, 6),
            response_s=response_s,
        )
