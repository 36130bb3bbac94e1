"""One line for each request, whatever a stranger sends."""

import asyncio
import json

from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.request_log import MAX_PATH, RequestLog
from tests.fakes import FakeClock


def written(path: str, *, as_json: bool, method: str = "GET") -> str:
    lines: list[str] = []

    async def note() -> None:
        log = RequestLog(lines.append, clock=FakeClock(), flush_s=60, as_json=as_json)
        log.note(log.middle(method, path, status=200), ended_s=0.0, took_s=0.0123)
        assert lines == []
        log.flush()
        log.flush()

    asyncio.run(note())
    (line,) = lines
    return line


def test_a_line_tells_when_what_and_how_long() -> None:
    assert json.loads(written("/trpc/a.b", as_json=True)) == {
        "at": "2026-01-05T09:00:00.000Z",
        "level": "info",
        "event": "request",
        "method": "GET",
        "path": "/trpc/a.b",
        "status": 200,
        "ms": 12.3,
    }
    assert written("/trpc/a.b", as_json=False) == "09:00:00 GET /trpc/a.b 200 12.3 ms\n"


@given(st.text(max_size=400), st.booleans())
def test_no_path_breaks_a_line_or_fills_the_disk(path: str, as_json: bool) -> None:  # noqa: FBT001 - drawn
    line = written(path, as_json=as_json)
    assert line.count("\n") == 1
    assert line.isascii() or line.rstrip("\n").isprintable()
    assert len(line) < 12 * MAX_PATH
    if as_json:
        assert json.loads(line)["status"] == 200


async def test_lines_are_written_by_themselves_after_a_while() -> None:
    done = asyncio.Event()
    log = RequestLog(lambda _: done.set(), clock=FakeClock(), flush_s=0.001, as_json=True)
    log.note(log.middle("GET", "/", status=200), ended_s=0, took_s=0)
    async with asyncio.timeout(120):
        await done.wait()
