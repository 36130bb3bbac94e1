"""Event sockets beside Node's `ws`: the same events to the same clients, in one run.

One core for the server, one for the clients. `steady` keeps two events under way: one is said when
all clients have the last but one, so that the server is never idle, and nothing to speak of can be
written together. With `--ahead 0` it is said when all have the last one, and both cores wait for
each other in between. A `burst` is so many events at once. Pairs A B A B; only the ratios mean
anything: medians of the pairs, with the smallest and the largest. `cpu` is the server's own
processor time for one message, which hardly depends on what else the machine does. `floor` is a
bare loop that writes bytes made before to one socket after the other.
"""

import argparse
import contextlib
import os
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import psutil

from bench.http.servers import LOAD_CORE, SERVER_CORE, node, pinned, real
from bench.websocket.crowd import Crowd

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

TARGETS = {"steady": 1.2, "burst": 20.0}


@dataclass
class Side:
    """One server with its clients, and what was measured of it."""

    name: str
    process: "subprocess.Popen[str]"
    port: int
    crowd: Crowd | None = None
    frame_bytes: int = 0
    client_kb: float = 0.0
    rates: dict[str, list[float]] = field(default_factory=dict)
    cpu_us: dict[str, list[float]] = field(default_factory=dict)
    arrivals_ms: list[float] = field(default_factory=list)

    def gather(self, size: int) -> None:
        """Connects the clients, and learns how long one event is."""
        before = psutil.Process(self.process.pid).memory_info().rss
        self.crowd = Crowd(self.port, size)
        after = psutil.Process(self.process.pid).memory_info().rss
        # Of the first crowd, since later ones find memory that was used before.
        self.client_kb = self.client_kb or (after - before) / size / 1024
        self.say(1)
        self.frame_bytes, rest = divmod(self.crowd.settle(), size)
        assert rest == 0

    def scatter(self) -> None:
        """Disconnects the clients."""
        if self.crowd is not None:
            self.crowd.close()
            self.crowd = None
            time.sleep(0.3)

    def say(self, events: int) -> None:
        if self.process.stdin is None:
            raise AssertionError
        self.process.stdin.write(f"{events}\n")
        self.process.stdin.flush()

    def measure(self, mode: str, *, rounds: int, events: int, ahead: int = 0) -> None:
        """So many rounds of so many events; messages per second and the server's time for one.

        So many rounds are said `ahead`, before all clients have the last one.
        """
        crowd = self.crowd
        if crowd is None:
            raise AssertionError
        arrivals: list[float] = []
        said_s: deque[float] = deque()
        cpu_s, began_s = self.cpu_s(), time.perf_counter()
        for number in range(rounds + ahead):
            if number < rounds:
                said_s.append(time.perf_counter())
                self.say(events)
            if number < ahead:
                continue
            arrivals.clear()
            crowd.take(self.frame_bytes * events, arrivals)
            began = said_s.popleft()
            if mode == "steady":
                self.arrivals_ms += [(at - began) * 1000 for at in arrivals]
        took_s = time.perf_counter() - began_s
        messages = rounds * events * crowd.size
        self.rates.setdefault(mode, []).append(messages / took_s)
        self.cpu_us.setdefault(mode, []).append((self.cpu_s() - cpu_s) / messages * 1e6)

    def cpu_s(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def check(self, events: int) -> None:
        """Fails unless every client is sent the same, each event once and in order."""
        if self.crowd is None:
            raise AssertionError
        self.say(events)
        heard = self.crowd.listen(self.frame_bytes * events)
        assert all(one == heard[0] for one in heard)
        ids = [int(part[:7]) for part in heard[0].split(b'"id":"')[1:]]
        assert ids == list(range(ids[0], ids[0] + events)), ids


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[500, 2000, 10_000])
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--burst", type=int, default=100)
    parser.add_argument("--ahead", type=int, default=1, choices=(0, 1))
    given = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(LOAD_CORE)})
    install_peer()
    version = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True)
    print(f"Node {version.stdout.strip()}, {given.pairs} pairs, bursts of {given.burst}")
    are_met = [
        compare(n, pairs=given.pairs, burst=given.burst, ahead=given.ahead) for n in given.clients
    ]
    return 0 if all(are_met) else 1


def compare(size: int, *, pairs: int, burst: int, ahead: int) -> bool:
    """Measures both with so many clients and prints it; whether the targets are met."""
    ours_command = [sys.executable, "-m", "bench.websocket.serve_events"]
    peer_command = [real(node()), str(HERE / "peer" / "ws_server.mjs"), "0"]
    floor_command = [sys.executable, "-m", "bench.websocket.floor"]
    with (
        running("manciple", ours_command) as ours,
        running("ws", peer_command) as peer,
        running("floor", floor_command) as floor,
    ):
        # Machines have moods of seconds: what is compared is measured one right after the other.
        modes = ((ours, ("burst", "steady")), (peer, ("steady", "burst")), (floor, ("steady",)))
        for turn in range(pairs + 1):
            for side, in_turn in modes:
                # One crowd at a time: a process may have only so many sockets open.
                side.gather(size)
                for mode in in_turn:
                    if mode == "steady":
                        rounds = max(20, 200_000 // size)
                        side.measure(mode, rounds=rounds, events=1, ahead=ahead)
                    else:
                        side.measure(mode, rounds=max(1, 4000 // size), events=burst)
                if side is ours and turn == pairs:
                    side.check(10)
                side.scatter()
            if turn == 0:  # warm-up
                for side in (ours, peer, floor):
                    side.rates, side.cpu_us, side.arrivals_ms = {}, {}, []
    is_met = told(size, ours, peer)
    floors = floor.cpu_us["steady"]
    above = median(a / b for a, b in zip(ours.cpu_us["steady"], floors, strict=True))
    print(
        f"{size:6} clients, floor : {median(floors):.2f} us of cpu a message in bare writes; "
        f"manciple {above:.2f} times that"
    )
    return is_met


def told(size: int, ours: Side, peer: Side) -> bool:
    """Prints what was found; whether the targets are met."""
    is_met = True
    for mode, target in TARGETS.items():
        ratios = [a / b for a, b in zip(ours.rates[mode], peer.rates[mode], strict=True)]
        cpu = [b / a for a, b in zip(ours.cpu_us[mode], peer.cpu_us[mode], strict=True)]
        is_met &= median(ratios) >= target
        print(
            f"{size:6} clients, {mode:6}: "
            f"{median(ours.rates[mode]):9,.0f} messages/s, ws {median(peer.rates[mode]):9,.0f}: "
            f"{median(ratios):5.2f} times ({min(ratios):.2f}-{max(ratios):.2f}), target {target}; "
            f"cpu {median(ours.cpu_us[mode]):.2f} and {median(peer.cpu_us[mode]):.2f} us: "
            f"{median(cpu):.2f} times less ({min(cpu):.2f}-{max(cpu):.2f})"
        )
        print("       pairs: " + " ".join(f"{ratio:.2f}" for ratio in ratios))
    for side in (ours, peer):
        cuts = quantiles(side.arrivals_ms, n=100)
        print(
            f"{size:6} clients, {side.name}: {side.client_kb:.1f} kB a client, steady arrival "
            f"p50 {cuts[49]:.1f} ms, p90 {cuts[89]:.1f} ms, p99 {cuts[98]:.1f} ms; "
            f"a message of {side.frame_bytes} bytes"
        )
    return is_met


@contextlib.contextmanager
def running(name: str, command: list[str]) -> Iterator[Side]:
    process = subprocess.Popen(
        pinned(SERVER_CORE, *command),
        cwd=ROOT,
        env={**os.environ, "NODE_ENV": "production"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if process.stdout is None:
            raise AssertionError
        yield Side(name, process, int(process.stdout.readline()))
    finally:
        process.kill()
        process.communicate()


def install_peer() -> None:
    """Installs what the peer needs, exactly as its lock file says."""
    if not (HERE / "peer" / "node_modules").is_dir():
        npm = str(Path(node()).with_name("npm"))
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--silent")
        subprocess.run([npm, "ci", *quiet], cwd=HERE / "peer", check=True)


if __name__ == "__main__":
    sys.exit(main())
