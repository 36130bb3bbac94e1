"""Every captured exchange of the Node server over HTTP, answered the same by ours, byte by byte."""

import re
from dataclasses import replace

import pytest

from manciple.platform.rpc.settings import WireSettings
from tests.integration.trpc.captures import Answer, ask, load, names, request_of
from tests.integration.trpc.live import serving
from tests.integration.trpc.mirror import mirror_door

SETTINGS = WireSettings(
    max_batch_calls=10,
    max_body_bytes=256 * 1024,
    sse_ping_s=0.3,
    sse_reconnect_after_s=3.0,
    jsonl_ping_s=1.0,
)
# On a machine that stands still now and then, no sign of life comes where none was captured.
CALM = replace(SETTINGS, sse_ping_s=60.0, jsonl_ping_s=60.0)
# Headers that clients, caches and proxies read.
HEADERS = ("vary", "allow", "cache-control", "x-accel-buffering", "content-type")

# Where we differ from the Node server, and why.
NO_LATER_VALUES = "our outputs know no promises and iterables inside a value"
DIFFERENT = {
    "http-13-head": "we send `vary` as well",
    "http-14-options": "has a test of its own: the origin must be allowed first",
    "http-17-crash": "we hide the text of what nobody foresaw",
    "http-22-too-large": "has a test of its own: the body is not in the capture",
    "http-28-stream-like-in-plain": NO_LATER_VALUES,
    "jsonl-07-deferred": NO_LATER_VALUES,
}
# Node sends errors of whole requests as text, because nothing sets the header there.
SENT_AS_TEXT = "text/plain;charset=UTF-8"

EXCHANGES = [n for n in names("batch-", "http-", "jsonl-", "sse-") if n not in DIFFERENT]


def seen(answer: Answer) -> dict[str, str]:
    shown = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    if shown.get("content-type") == SENT_AS_TEXT:
        shown["content-type"] = "application/json"
    return shown


def once_alive(body: bytes) -> bytes:
    """Signs of life in a row as one: how many there are is up to the machine."""
    return re.sub(rb"^ +", b" ", body, flags=re.MULTILINE)


@pytest.mark.parametrize("name", EXCHANGES)
async def test_a_captured_exchange_is_answered_the_same(name: str) -> None:
    capture = load(name)
    settings = SETTINGS if "ping" in name else CALM
    async with serving(mirror_door(settings)) as port:
        given = await ask(port, capture.request, until=len(capture.answer.body))
    assert once_alive(given.body) == once_alive(capture.answer.body)
    assert given.status == capture.answer.status
    assert seen(given) == seen(capture.answer)


async def test_a_crash_is_answered_like_node_but_for_its_text() -> None:
    capture = load("http-17-crash")
    async with serving(mirror_door(SETTINGS)) as port:
        given = await ask(port, capture.request)
    assert given.status == capture.answer.status
    assert b"boom" not in given.body
    tail = capture.answer.body.partition(b'"code":')[2]
    assert given.body.endswith(tail)


async def test_a_preflight_is_answered_like_the_captured_one() -> None:
    capture = load("http-14-options")
    settings = WireSettings(cors_origins=("https://shop.example",))
    async with serving(mirror_door(settings)) as port:
        given = await ask(port, capture.request)
    assert given.status == 204
    wanted = {k: v for k, v in capture.answer.headers.items() if k.startswith("access-")}
    # Ours takes a few more headers, which follow those of the capture.
    asked = wanted.pop("access-control-allow-headers")
    assert given.headers["access-control-allow-headers"].startswith(asked)
    assert {name: given.headers[name] for name in wanted} == wanted


async def test_head_runs_nothing() -> None:
    async with serving(mirror_door(SETTINGS)) as port:
        given = await ask(port, load("http-13-head").request)
    assert (given.status, given.body) == (204, b"")


async def test_a_body_over_the_limit_is_refused_with_its_path() -> None:
    capture = load("http-22-too-large")
    body = b'{"query":"%b"}' % (b"x" * 307_000)
    head = b"POST /trpc/walmartGrocery.searchProducts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with serving(mirror_door(SETTINGS)) as port:
        given = await ask(port, head + body)
    assert given.status == 413
    assert given.body == capture.answer.body.strip()


@pytest.mark.parametrize("name", [n for n in names("client-") if "Subscription" not in n])
async def test_a_captured_request_of_the_official_client_is_understood(name: str) -> None:
    settings = WireSettings(allow_method_override=True)
    async with serving(mirror_door(settings)) as port:
        given = await ask(port, request_of(name))
    assert given.status == 200
    assert b'"error"' not in given.body
    assert b"result" in given.body


async def test_a_captured_subscription_of_the_official_client_gets_its_events() -> None:
    async with serving(mirror_door(SETTINGS)) as port:
        given = await ask(port, request_of("client-10-httpSubscriptionLink"))
    assert given.body.count(b"\ndata: {") == 2
    assert given.body.endswith(b"event: return\ndata: \n\n\n")
