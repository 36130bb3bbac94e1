"""Failures of plain paths: what the client is told, and what the log keeps of it."""

import json
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from manciple.kit.errors import NotFound, Unavailable
from manciple.services.doors.plain_paths import plain_app
from tests.fakes import FakeClock


async def crash(_: Request) -> Response:
    message = "the password is hunter2"
    raise RuntimeError(message)


async def miss(_: Request) -> Response:
    raise NotFound("product", "x")


async def rest(_: Request) -> Response:
    raise Unavailable("the database", wait_s=3)


async def asked(path: str) -> tuple[int, dict[str, str], Any]:
    app = plain_app(
        [Route("/crash", crash), Route("/miss", miss), Route("/rest", rest)], clock=FakeClock()
    )
    told: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in told[0]["headers"]}
    body = b"".join(each.get("body", b"") for each in told[1:])
    return told[0]["status"], headers, json.loads(body)


async def test_a_crash_tells_a_reference_that_the_log_has_and_nothing_else() -> None:
    with capture_logs() as lines:
        status, headers, body = await asked("/crash")
    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert "hunter2" not in json.dumps(body)
    (line,) = lines
    assert line["event"] == "plain.request.crashed"
    assert body["reference"] == line["reference"]
    assert str(line["reference"]) in body["detail"]


@pytest.mark.parametrize(("path", "status"), [("/miss", 404), ("/rest", 503), ("/none", 404)])
async def test_what_is_foreseen_has_its_own_status_and_no_log_line(path: str, status: int) -> None:
    with capture_logs() as lines:
        found, headers, body = await asked(path)
    assert (found, body["status"]) == (status, status)
    assert lines == []
    assert headers.get("retry-after") == ("3" if path == "/rest" else None)
