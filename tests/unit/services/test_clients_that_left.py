"""A client that leaves in the middle of its body is no failure of ours."""

import contextlib

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message
from structlog.testing import capture_logs

from manciple.kit.request_log import RequestLog
from manciple.services.doors.front_door import FrontDoor
from manciple.services.doors.plain_paths import plain_app
from tests.fakes import FakeClock
from tests.unit.platform.rpc.asgi import JSON
from tests.unit.platform.rpc.small_door import Watcher, small_door


async def swallow(request: Request) -> Response:
    return Response(await request.body())


async def crash(_scope: object, _receive: object, _send: object) -> None:
    raise ZeroDivisionError


async def line_of(inside: ASGIApp, path: str) -> str:
    """What the log says of a client that leaves after the first byte of its body."""
    lines: list[str] = []
    log = RequestLog(lines.append, clock=FakeClock(), flush_s=60, as_json=False)
    door = FrontDoor(inside, clock=FakeClock(), requests=log)
    door.open(inside)
    messages = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        """Nobody reads it."""

    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode()}
    with contextlib.suppress(ZeroDivisionError):
        await door({**scope, "query_string": b"", "headers": [JSON]}, receive, send)
    log.flush()
    return lines[0]


@pytest.mark.parametrize("path", ["/trpc/shop.set", "/trpc/shop.nothing", "/trpc/shop.set,shop.x"])
async def test_a_call_whose_client_left_is_logged_as_that(path: str) -> None:
    watcher = Watcher()
    assert f"POST {path} 499 " in await line_of(small_door(watcher=watcher), path)
    assert watcher.crashes == []


async def test_a_plain_request_whose_client_left_is_logged_as_that() -> None:
    app = plain_app([Route("/swallow", swallow, methods=["POST"])], clock=FakeClock())
    with capture_logs() as lines:
        assert "POST /swallow 499 " in await line_of(app, "/swallow")
    assert lines == []


async def test_a_server_that_fails_before_it_answers_is_logged_as_that() -> None:
    assert "POST / 500 " in await line_of(crash, "/")
