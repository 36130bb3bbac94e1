"""Loads one address over keep-alive connections and prints JSON: rate and latencies.

Needs nothing but Python and uvloop. Each connection sends its next request when the last answer
is whole; the requests are the lines of a file, round and round, and every answer must be a 200.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import cast

import uvloop


class Connection(asyncio.Protocol):
    """Asks again and again until its deadline."""

    def __init__(self, requests: Iterator[bytes], latencies_ns: list[int]) -> None:
        self.requests = requests
        self.latencies_ns = latencies_ns
        self.deadline = float("inf")
        self.ended = asyncio.get_running_loop().create_future()
        self.got = b""
        self.sent_ns = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.ask()

    def ask(self) -> None:
        self.sent_ns = time.perf_counter_ns()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.got = self.got + data if self.got else data
        if not self.is_whole() or self.ended.done():
            return
        answer, self.got = self.got, b""
        if not answer.startswith(b"HTTP/1.1 200"):
            self.ended.set_exception(RuntimeError(answer[:500].decode("latin-1")))
            return
        self.latencies_ns.append(time.perf_counter_ns() - self.sent_ns)
        if time.perf_counter() < self.deadline:
            self.ask()
        else:
            self.ended.set_result(None)

    def is_whole(self) -> bool:
        end = self.got.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = self.got[:end].lower()
        at = head.find(b"content-length:")
        if at < 0:
            return self.got.endswith(b"0\r\n\r\n")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        return len(self.got) >= end + 4 + length

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(error or ConnectionError("closed by the server"))


async def load(
    port: int, requests: list[bytes], *, connections: int, seconds: float
) -> dict[str, float]:
    """Requests per second and latencies (ms), measured over `seconds`."""
    loop = asyncio.get_running_loop()
    latencies_ns: list[int] = []
    turn = cycle(requests)
    began = time.perf_counter()
    opened = [
        (await loop.create_connection(lambda: Connection(turn, latencies_ns), "127.0.0.1", port))
        for _ in range(connections)
    ]
    for _, protocol in opened:
        protocol.deadline = began + seconds
    await asyncio.gather(*(protocol.ended for _, protocol in opened))
    took_s = time.perf_counter() - began
    for transport, _ in opened:
        transport.close()
    latencies_ns.sort()
    count = len(latencies_ns)
    return {
        "requests": count,
        "per_s": count / took_s,
        "p50_ms": latencies_ns[count // 2] / 1e6,
        "p99_ms": latencies_ns[int(count * 0.99)] / 1e6,
    }


def post(path: str, body: bytes) -> bytes:
    """A call as the unmodified client sends it."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: keep-alive\r\n"
        f"content-type: application/json\r\naccept: */*\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("bodies", type=Path, help="one JSON body a line")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=3.0)
    given = parser.parse_args()
    requests = [post(given.path, body) for body in given.bodies.read_bytes().splitlines()]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(
            load(given.port, requests, connections=given.connections, seconds=given.seconds)
        )
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
