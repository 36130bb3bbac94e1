"""The real `@trpc/server` and our door, asked the same things: they say the same.

Only texts differ: ours name everything that is wrong with an input, and parsers word it their way.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.platform.rpc.codes import CODES
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.settings import WireSettings
from tests.acceptance.trpc_client.door import Extra, client_door
from tests.acceptance.trpc_server.asked import Asked, asked
from tests.integration.trpc import captures
from tests.node.installed import installed, node_environment
from tests.unit.platform.rpc.asgi import ask

HEADERS = ("content-type", "allow", "vary", "cache-control", "x-accel-buffering")
# Node sends errors of whole requests as text, because nothing sets the header there.
SENT_AS_TEXT = "text/plain;charset=UTF-8"
SERVER = Path(__file__).parent / "server.mjs"


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[bool, int]]:
    """Of the real server, by whether it takes queries by POST."""
    installed()
    # Its input is closed at the end, for what is started may be a mere starter of Node.
    with subprocess.Popen(
        ["node", str(SERVER)],
        env=node_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as node:
        assert node.stdout is not None
        assert node.stdin is not None
        lines = [node.stdout.readline().split() for _ in range(2)]
        yield {takes == "1": int(port) for takes, port in lines}
        node.stdin.close()


@settings(max_examples=400)
@given(wanted=asked(), takes_post=st.booleans())
async def test_the_real_server_says_the_same(
    wanted: Asked, *, takes_post: bool, ports: dict[bool, int]
) -> None:
    node = await captures.ask(ports[takes_post], wanted.raw())
    door = _door(takes_post=takes_post)
    ours = await ask(door, wanted.method, wanted.target, body=wanted.body, headers=wanted.headers)
    headers = {name.decode(): value.decode() for name, value in ours.headers.items()}
    said_by_node = _said(node.status, node.headers, node.body)
    assert _said(ours.status, headers, ours.body) == said_by_node


def _door(*, takes_post: bool) -> TrpcDoor:
    settings = WireSettings(
        max_batch_calls=10, sse_reconnect_after_s=2.0, allow_method_override=takes_post
    )
    return client_door(Extra(), settings)


def _said(status: int, headers: dict[str, str], body: bytes) -> tuple[Any, ...]:
    """What a client makes of an answer."""
    shown = {name: headers[name] for name in HEADERS if name in headers}
    if shown.get("content-type") == SENT_AS_TEXT:
        shown["content-type"] = "application/json"
    text = body.decode()
    if shown["content-type"] == "text/event-stream":
        frames = [_line(line) for line in text.split("\n")]
        return status, shown, frames
    if text.startswith('{"0":[['):
        head, *chunks = (json.loads(line) for line in text.splitlines())
        values = {number: value for number, _, value in chunks}
        return status, shown, {at: _settled(value, values) for at, value in head.items()}
    return status, shown, _alike(json.loads(text))


def _line(line: str) -> Any:
    name, _, value = line.partition(": ")
    return (name, _alike(json.loads(value))) if name == "data" and value else line


def _settled(encoded: Any, values: dict[int, Any]) -> Any:
    """A value of a batch stream, with what was promised in it."""
    (found, *promised) = encoded
    value: Any = found[0] if found else None
    for key, _, number in promised:
        later = _settled(values[number], values)
        value = later if key is None else {**value, key: later}
    return _alike(value)


def _alike(value: Any) -> Any:
    """The value without the texts that may differ."""
    if isinstance(value, list):
        return [_alike(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("code") == CODES["BAD_REQUEST"].number and "path" in value["data"]:
        return {**value["data"], "zodError": None}
    return {key: _alike(item) for key, item in value.items()}
