"""Reads the captures of the Node server: requests, answers, and dialogs over WebSocket."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "trpc_captures"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Capture:
    request: bytes
    answer: Answer


def names(*prefixes: str) -> list[str]:
    found = [path.stem for path in FOLDER.glob("*.txt") if path.stem.startswith(prefixes)]
    return sorted(found)


def load(name: str) -> Capture:
    """One exchange; line ends of heads and of chunk framing were made plain in the captures."""
    raw = (FOLDER / f"{name}.txt").read_bytes()
    sent, received = raw.removeprefix(b">>> ").split(b"\n<<<\n", 1)
    head, _, body = received.partition(b"\n\n")
    lines = head.decode().split("\n")
    headers = _headers(lines[1:])
    if headers.get("transfer-encoding") == "chunked":
        body = _unchunked(body)
    return Capture(as_sent(sent), Answer(int(lines[0].split()[1]), headers, body))


def request_of(name: str) -> bytes:
    """What the official client sent."""
    return as_sent((FOLDER / f"{name}.txt").read_bytes())


def as_sent(plain: bytes) -> bytes:
    """A request with the line ends of HTTP, asking for one answer on its connection."""
    head, _, body = plain.partition(b"\n\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    size = int(length[1]) if length else 0
    if len(body.rstrip(b"\n")) < size and b"\r" not in body:
        body = body.replace(b"\n", b"\r\n")
    head = re.sub(rb"(?i)connection: keep-alive", b"Connection: close", head)
    return head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body[:size]


async def ask(port: int, request: bytes, *, until: int | None = None) -> Answer:
    """The answer to a request; of one that does not end, `until` bytes of body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.strip().split("\r\n")
        headers = _headers(lines[1:])
        body = await _body(reader, headers, until)
    finally:
        writer.close()
    return Answer(int(lines[0].split()[1]), headers, body)


async def _body(reader: asyncio.StreamReader, headers: dict[str, str], until: int | None) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.read()
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
        if until is not None and len(body) >= until:
            return body
    return body


def _headers(lines: list[str]) -> dict[str, str]:
    pairs = [line.split(": ", 1) for line in lines if ": " in line]
    return {name.lower(): value for name, value in pairs}


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body.strip():
        size, _, body = body.partition(b"\n")
        if not size.strip():
            continue
        whole += body[: int(size, 16)]
        body = body[int(size, 16) :].removeprefix(b"\n")
    return whole
