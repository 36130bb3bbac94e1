"""Cached search beside two Node servers: tRPC on express, and plain node:http with ready bytes.

One core for the server, one for the load; pairs A B C A B C in one run; the same answer with 20
real products and the same request for all. Only the ratios mean anything: medians of the pairs,
with the smallest and the largest. `cpu` is the server's own processor time for one answer, which
hardly depends on what else the machine does: `user` in the program, `system` in the kernel, where
sending the bytes costs all of them the same. Then, uncached: distinct searches, one by one.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

from bench.http.servers import (
    LOAD_CORE,
    Server,
    install_peers,
    node,
    peer,
    pinned,
    product,
)

HERE = Path(__file__).resolve().parent

PATH = "/trpc/walmartGrocery.searchProducts"
QUERY = {"query": "milk", "limit": 20}
PEERS = (("trpc_express.mjs", 4801), ("tuned_node.mjs", 4802))
TARGETS = {"trpc_express": 5.0, "tuned_node": 1.0}
UNCACHED_P50_MS = 5.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    given = parser.parse_args()
    install_peers()
    version = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True)
    generator = "wrk" if shutil.which("wrk") else "bench/http/load.py"
    print(f"Node {version.stdout.strip()}, load by {generator}, {given.pairs} pairs")
    with tempfile.TemporaryDirectory() as name:
        return compare(Path(name), pairs=given.pairs, seconds=given.seconds)


def compare(folder: Path, *, pairs: int, seconds: float) -> int:
    """Runs everything and prints it; 1 if a target is missed."""
    with product(folder) as ours:
        answer = folder / "answer.json"
        answer.write_text(json.dumps(search(ours.port, QUERY)))
        body = folder / "body.jsonl"
        body.write_text(json.dumps(QUERY) + "\n")
        (first, first_port), (second, second_port) = PEERS
        with peer(first, first_port, answer) as a, peer(second, second_port, answer) as b:
            everyone = (ours, a, b)
            for server in everyone:
                loaded(server, body, seconds=1.5)
            rounds = [
                {s.name: loaded(s, body, seconds=seconds) for s in everyone} for _ in range(pairs)
            ]
        is_met = told(rounds)
        return 0 if uncached(ours, folder, seconds=seconds) and is_met else 1


def search(port: int, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the product answers."""
    request = Request(
        f"http://127.0.0.1:{port}{PATH}",
        data=json.dumps(wanted).encode(),
        headers={"content-type": "application/json"},
    )
    with urlopen(request, timeout=20) as answer:  # noqa: S310 - our own address
        found: dict[str, Any] = json.load(answer)["result"]["data"]
    return found


def loaded(server: Server, bodies: Path, *, seconds: float) -> dict[str, float]:
    """One run against one server."""
    before = server.cpu_s()
    figures = (
        by_wrk(server, bodies, seconds) if shutil.which("wrk") else by_us(server, bodies, seconds)
    )
    user_s, system_s = (now - then for now, then in zip(server.cpu_s(), before, strict=True))
    figures["user_us"] = user_s / figures["requests"] * 1e6
    figures["system_us"] = system_s / figures["requests"] * 1e6
    figures["cpu_us"] = figures["user_us"] + figures["system_us"]
    return figures


def by_us(
    server: Server, bodies: Path, seconds: float, *, connections: int = 32
) -> dict[str, float]:
    command = [sys.executable, str(HERE / "load.py"), str(server.port), PATH, str(bodies)]
    options = ["--seconds", str(seconds), "--connections", str(connections)]
    done = subprocess.run(
        pinned(LOAD_CORE, *command, *options), capture_output=True, text=True, check=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def by_wrk(server: Server, bodies: Path, seconds: float) -> dict[str, float]:
    script = bodies.with_suffix(".lua")
    script.write_text(
        f"wrk.method='POST'\nwrk.body=[[{bodies.read_text().splitlines()[0]}]]\n"
        "wrk.headers['Content-Type']='application/json'\n"
    )
    command = ["wrk", "-t1", "-c32", f"-d{max(1, round(seconds))}s", "-s", str(script)]
    url = f"http://127.0.0.1:{server.port}{PATH}"
    done = subprocess.run(
        pinned(LOAD_CORE, *command, url), capture_output=True, text=True, check=True
    )
    if "Non-2xx" in done.stdout:
        sys.exit(f"{server.name} answered with errors:\n{done.stdout}")
    requests = float(re.findall(r"(\d+) requests in", done.stdout)[0])
    return {
        "requests": requests,
        "per_s": float(re.findall(r"Requests/sec: +(\S+)", done.stdout)[0]),
    }


def told(rounds: list[dict[str, dict[str, float]]]) -> bool:
    """Prints rates and ratios; whether the targets are met."""
    print(f"\n{'server':14} {'answers/s':>10} {'cpu µs':>8} {'user µs':>8} {'system µs':>10}")
    for name in rounds[0]:
        rate, cpu, user, system = (
            median(each[name][what] for each in rounds)
            for what in ("per_s", "cpu_us", "user_us", "system_us")
        )
        print(f"{name:14} {rate:10.0f} {cpu:8.1f} {user:8.1f} {system:10.1f}")
    is_met = True
    print(f"\n{'manciple beside':16} {'rate':>22} {'cpu':>22}   target")
    for name, target in TARGETS.items():
        rates = [each["manciple"]["per_s"] / each[name]["per_s"] for each in rounds]
        cpus = [each[name]["cpu_us"] / each["manciple"]["cpu_us"] for each in rounds]
        is_met &= median(rates) >= target
        print(f"{name:16} {spread(rates):>22} {spread(cpus):>22}   {target:.1f} ×")
    return is_met


def spread(ratios: list[float]) -> str:
    return f"{median(ratios):.2f} × ({min(ratios):.2f}–{max(ratios):.2f})"


def uncached(ours: Server, folder: Path, *, seconds: float) -> bool:
    """Prints latencies of distinct searches, one at a time; whether the target is met."""
    found = search(ours.port, {"query": "sauce", "limit": 100})["products"]
    words = sorted({word for each in found for word in re.findall(r"[A-Za-z]{4,}", each["name"])})
    bodies = folder / "distinct.jsonl"
    lines = [json.dumps({"query": f"{a} {b}"}) for a in words for b in words if a < b]
    bodies.write_text("\n".join(lines[:: max(1, len(lines) // 20_000)]))
    figures = by_us(ours, bodies, seconds, connections=1)
    p50, p99 = figures["p50_ms"], figures["p99_ms"]
    count = f"{figures['requests']:.0f} distinct"
    print(f"\nuncached: {count}, p50 {p50:.2f} ms, p99 {p99:.2f} ms; target {UNCACHED_P50_MS} ms")
    return p50 <= UNCACHED_P50_MS


if __name__ == "__main__":
    sys.exit(main())
