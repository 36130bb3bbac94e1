"""Load curves replayed through the autoscaler: how much too little and too much it keeps.

The machine is simulated, the autoscaler is the one that runs. An instance is ready 3 s after it is
wanted, its figures are 2 s old, and it bears 100 calls at a time, of 50 ms and 5 ms of processor
time each. Needed is what keeps every instance at its targets. `short` is the share of the needed
instance-seconds that were missing, `longest` the longest time with too few; `over` is what was kept
beyond the needed, as a share of it. `fixed` is the same with as many instances as the peak needs.
"""

import argparse
import math
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from manciple.platform.mesh.autoscaler import Autoscaler, Bounds, Targets, Usage

START_S = 3.0
LOOK_S = 2.0
CAPACITY = 100
CALL_S = 0.05
CPU_S = 0.005
MEMORY = 0.3
TARGETS = Targets()
# Above all curves' peaks, so that what is seen is the rule and not its limit.
BOUNDS = Bounds(least=1, most=20)

Curve = Callable[[float], float]


@dataclass(frozen=True)
class Trace:
    """Calls a second over time."""

    name: str
    length_s: float
    rate: Curve


@dataclass(frozen=True)
class Result:
    """Shares, seconds and counts of one replay."""

    peak: int
    short: float
    longest_short_s: float
    over: float
    fixed_over: float
    changes: int


TRACES = (
    Trace("steady", 3600, lambda _: 200),
    Trace("step up by 4", 1800, lambda t: 100 if t < 600 else 400),
    Trace("step down to 1/4", 1800, lambda t: 400 if t < 600 else 100),
    Trace("ramp of 10 min", 1800, lambda t: 100 + 900 * min(max(t - 300, 0) / 600, 1)),
    Trace("spike of 30 s", 1800, lambda t: 1000 if 600 <= t < 630 else 100),
    Trace("bursts each minute", 1800, lambda t: 600 if t % 60 < 15 else 100),
    Trace("a day in 2 h", 7200, lambda t: 450 - 350 * math.cos(t / 7200 * 2 * math.pi)),
)


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(
        f"{'curve':<20}{'peak':>6}{'short':>8}{'longest':>9}{'over':>8}{'fixed':>8}{'changes':>9}"
    )
    for trace in TRACES:
        got = replay(trace)
        print(
            f"{trace.name:<20}{got.peak:>6}{got.short:>8.1%}{got.longest_short_s:>7.0f} s"
            f"{got.over:>8.0%}{got.fixed_over:>8.0%}{got.changes:>9}"
        )
    return 0


def replay(trace: Trace) -> Result:
    autoscaler = Autoscaler(BOUNDS, TARGETS)
    wanted = ready = needed(trace.rate(0.0))
    starting: deque[float] = deque()
    peak = max(needed(trace.rate(float(t))) for t in range(int(trace.length_s)))
    short = over = demand = fixed = longest_s = current_s = 0.0
    changes = 0
    for second in range(int(trace.length_s)):
        now_s = float(second)
        while starting and starting[0] <= now_s:
            starting.popleft()
            ready += 1
        if second % LOOK_S == 0:
            before = wanted
            usage = used(trace.rate(max(now_s - LOOK_S, 0.0)), ready)
            wanted = autoscaler.decide(wanted, usage, now_s)
            changes += wanted != before
            starting.extend(now_s + START_S for _ in range(wanted - ready - len(starting)))
            ready = min(ready, wanted)
        need = needed(trace.rate(now_s))
        short += max(0, need - ready)
        over += max(0, ready - need)
        demand += need
        fixed += peak - need
        current_s = current_s + 1 if ready < need else 0.0
        longest_s = max(longest_s, current_s)
    return Result(
        peak=peak,
        short=short / demand,
        longest_short_s=longest_s,
        over=over / demand,
        fixed_over=fixed / demand,
        changes=changes,
    )


def needed(rate: float) -> int:
    """The fewest instances that are within their targets at so many calls a second."""
    by_cpu = rate * CPU_S / TARGETS.cpu
    by_calls = rate * CALL_S / CAPACITY / TARGETS.in_flight
    return max(1, math.ceil(max(by_cpu, by_calls) - 1e-9))


def used(rate: float, ready: int) -> Usage:
    """What the instances say of themselves; no processor gives more than all of it."""
    return Usage(
        cpu=min(rate * CPU_S / ready, 1.0),
        memory=MEMORY,
        in_flight=min(rate * CALL_S / ready / CAPACITY, 1.0),
    )


if __name__ == "__main__":
    sys.exit(main())
