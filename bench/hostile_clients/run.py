"""Clients that mean harm beside clients that do not: what they cost, and whom.

Two hundred clients listen. Then others come who stop reading, send garbage, or subscribe to a
million channels. For each the server's memory is printed and how long an event takes to the two
hundred; afterwards these must have every event once and in order.
"""

import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

import psutil

from bench.http.servers import LOAD_CORE
from bench.websocket.crowd import SUBSCRIBE, connected
from bench.websocket.run import Side, running

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

GOOD = 200
BAD = 50
ROUNDS = 100
# 20 MB for each client that does not read, if it were all kept.
EVENTS = 50_000
AT_ONCE = 500
MILLION = 1_000_000
# What one client may cost at most: a queue of a thousand events and the kernel's buffers.
MOST_KB = 2048


def main() -> int:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(LOAD_CORE)})
    command = [sys.executable, "-m", "bench.websocket.serve_events"]
    with running("manciple", command) as server:
        server.gather(GOOD)
        server.measure("warm-up", rounds=ROUNDS, events=1)
        flood(server, EVENTS)
        report(server, "alone", [], rss_kb(server))
        are_fine = []
        for name, work in KINDS.items():
            before_kb = rss_kb(server)
            are_fine.append(report(server, name, work(server), before_kb))
        server.check(10)
    print(f"{GOOD} clients beside them had every event, once and in order")
    return 0 if all(are_fine) else 1


def report(server: Side, name: str, bad: list[socket.socket], before_kb: float) -> bool:
    """Prints what such clients cost; whether it is within the bound."""
    server.arrivals_ms = []
    server.measure("steady", rounds=ROUNDS, events=1)
    cuts = quantiles(server.arrivals_ms, n=100)
    grown_kb = rss_kb(server) - before_kb
    still = sum(is_open(each) for each in bad)
    each_kb = grown_kb / max(1, len(bad))
    print(
        f"{len(bad):3} clients that {name}: server {rss_kb(server) / 1024:.0f} MB, "
        f"{grown_kb / 1024:+.1f} MB ({each_kb:.0f} kB each), {still} still open; "
        f"events to the others p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms"
        if bad
        else f"  {GOOD} clients alone: server {rss_kb(server) / 1024:.0f} MB; "
        f"events p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms"
    )
    for each in bad:
        each.close()
    return each_kb <= MOST_KB


def deaf(server: Side) -> list[socket.socket]:
    """Clients that subscribe, and never read while a flood of events comes."""
    found = [connected(server.port) for _ in range(BAD)]
    for each in found:
        each.sendall(SUBSCRIBE)
    flood(server, EVENTS)
    return found


def garbage(server: Side) -> list[socket.socket]:
    """Clients that send what is no frame, no text, no JSON, or far too long."""
    rubbish: list[Callable[[], bytes]] = [
        lambda: os.urandom(4096),
        lambda: masked(0x81, b"{" * 1000),
        lambda: masked(0x82, os.urandom(100)),
        lambda: masked(0x81, b"\xff\xfe"),
        lambda: b"\x81\xff" + (1 << 40).to_bytes(8) + b"\0\0\0\0" + b"x" * 1000,
        lambda: b"\xf1\x80\0\0\0\0",
    ]
    found = [connected(server.port) for _ in range(BAD)]
    for number, each in enumerate(found):
        say(each, *(rubbish[number % len(rubbish)]() for _ in range(100)))
    time.sleep(1)
    return found


def greedy(server: Side) -> list[socket.socket]:
    """Clients that subscribe to a million channels, a hundred in each message."""
    found = [connected(server.port) for _ in range(5)]
    for each in found:
        for start in range(0, MILLION, 100):
            names = ",".join(f'"c.{number}"' for number in range(start, start + 100))
            wanted = f'{{"type":"subscribe","channels":[{names}]}}'
            if not say(each, masked(0x81, wanted.encode())):
                break
    time.sleep(1)
    return found


KINDS: dict[str, Callable[[Side], list[socket.socket]]] = {
    "do not read": deaf,
    "send garbage": garbage,
    "want a million channels": greedy,
}


def flood(server: Side, events: int) -> None:
    """Tells so many events; returns when the good clients have them all."""
    if server.crowd is None:
        raise AssertionError
    for _ in range(events // AT_ONCE):
        server.say(AT_ONCE)
        server.crowd.take(server.frame_bytes * AT_ONCE)


def say(client: socket.socket, *frames: bytes) -> bool:
    """Whether the server still listens."""
    client.settimeout(0.5)
    try:
        for frame in frames:
            client.sendall(frame)
    except OSError:
        return False
    return True


def is_open(client: socket.socket) -> bool:
    client.settimeout(0.2)
    try:
        while client.recv(1 << 16):
            pass
    except TimeoutError:
        return True
    except OSError:
        return False
    return False


def masked(kind: int, payload: bytes) -> bytes:
    """A client's frame; its mask changes nothing."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2)
    return bytes([kind]) + length + b"\0\0\0\0" + payload


def rss_kb(server: Side) -> float:
    return psutil.Process(server.process.pid).memory_info().rss / 1024


if __name__ == "__main__":
    sys.exit(main())
