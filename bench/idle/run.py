"""What an idle house costs: memory and processor, all in one process and as six.

    python -m bench.idle.run

Each is started twice on a house of its own, the first time to make it. Once the second start is
ready nobody asks anything for half a minute. RSS is what each process holds, shared pages counted
every time; PSS divides those. Processor is user and system time, as a share of one core.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil
import requests

SERVE_MOST_MB, SIX_MOST_MB = 150.0, 450.0
SIX_MOST_CPU = 0.02
SERVE_READY_S, SIX_READY_S = 1.5, 5.0
READY_WAIT_S = 60.0
MB = 1e6

Figures = Mapping[str, tuple[float, float, float]]
"""RSS and PSS in MB, and the share of a core, by process."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle-s", type=float, default=30.0)
    parser.add_argument("--settle-s", type=float, default=8.0)
    given = parser.parse_args()
    is_fine = True
    for name, arguments, ready, most_mb, most_cpu, ready_s in (
        ("serve", ("serve",), _serve_is_ready, SERVE_MOST_MB, None, SERVE_READY_S),
        ("up", ("up",), _up_is_ready, SIX_MOST_MB, SIX_MOST_CPU, SIX_READY_S),
    ):
        if name == "up" and not _has_up():
            print("up: no such command yet")
            continue
        with tempfile.TemporaryDirectory() as folder:
            for start in ("first", "second"):
                with _running(Path(folder), arguments) as process:
                    took_s = _wait_until(ready, process)
                    print(f"{name}: ready {took_s:.2f} s after its {start} start")
                    figures = _measured(process, given.settle_s, given.idle_s)
                    _show(figures)
            services = {each: row for each, row in figures.items() if "supervisor" not in each}
            rss = sum(row[0] for row in services.values())
            cpu = sum(row[2] for row in services.values())
            print(f"{name}: {rss:.0f} MB RSS, {cpu:.2%} of a core; at most {most_mb:.0f} MB\n")
            is_fine &= rss <= most_mb and took_s <= ready_s
            is_fine &= most_cpu is None or cpu <= most_cpu
    return 0 if is_fine else 1


def _has_up() -> bool:
    asked = [sys.executable, "-m", "manciple", "up", "--help"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def _running(folder: Path, arguments: Sequence[str]) -> Iterator[psutil.Popen]:
    """The command on ports that are its own, ended by its own graceful way."""
    ports = {
        "WALMART_API_PORT": "3900",
        "WALMART_WS_PORT": "3980",
        "MANCIPLE_PRICING_PORT": "3907",
        "MANCIPLE_NLP_QUEUE_PORT": "3908",
        "MANCIPLE_CACHE_WARMER_PORT": "3906",
        "MANCIPLE_MEMORY_MONITOR_PORT": "3909",
    }
    process = psutil.Popen(
        [sys.executable, "-m", "manciple", "--db", str(folder / "house.db"), *arguments],
        env={**os.environ, **ports},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _wait_until(ready: Callable[[], bool], process: psutil.Popen) -> float:
    began_s = time.monotonic()
    while not ready():
        if process.poll() is not None:
            raise SystemExit("it ended before it was ready")
        if time.monotonic() - began_s > READY_WAIT_S:
            raise SystemExit("it was never ready")
        time.sleep(0.02)
    return time.monotonic() - began_s


def _serve_is_ready() -> bool:
    return all(_is_ready(port) for port in (3900, 3980))


def _up_is_ready() -> bool:
    return all(_is_ready(port) for port in (3900, 3980, 3907, 3908, 3906, 3909))


def _is_ready(port: int) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=1).status_code == 200
    return False


def _measured(process: psutil.Popen, settle_s: float, idle_s: float) -> Figures:
    """Of the process and all its children: memory at the end, processor over the idle time."""
    time.sleep(settle_s)
    everybody = [psutil.Process(process.pid), *process.children(recursive=True)]
    before = {each.pid: _cpu_s(each) for each in everybody}
    time.sleep(idle_s)
    figures: dict[str, tuple[float, float, float]] = {}
    for each in everybody:
        memory = each.memory_full_info()
        cpu = (_cpu_s(each) - before[each.pid]) / idle_s
        figures[_name_of(each, process.pid)] = memory.rss / MB, memory.pss / MB, cpu
    return figures


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _name_of(process: psutil.Process, first_pid: int) -> str:
    line = process.cmdline()
    named = next((each for each in line if each.startswith("walmart-")), None)
    if named is None:
        named = "supervisor" if line[-1] == "up" and process.pid == first_pid else line[-1]
    return f"{named} ({process.pid})"


def _show(figures: Figures) -> None:
    for name, (rss, pss, cpu) in figures.items():
        print(f"  {name:36} RSS {rss:6.1f} MB   PSS {pss:6.1f} MB   {cpu:7.3%} of a core")


if __name__ == "__main__":
    sys.exit(main())
