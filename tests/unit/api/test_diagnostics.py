"""The diagnostics that the official client is not asked about elsewhere."""

from urllib.parse import quote

import pytest

from manciple.api.diagnostics import diagnostics_router
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.http import TrpcDoor
from manciple.platform.rpc.procedure import Caller
from manciple.platform.rpc.router import Table
from manciple.platform.security.permissions import Principal
from tests.fakes import FakeClock
from tests.unit.platform.rpc.asgi import Reply, ask


async def stranger(_: Caller) -> Principal:
    return Principal(user_id=None, grants=frozenset())


async def asked(path: str, text: str, *, resume: str = "") -> Reply:
    state = DoorState()
    table = Table(diagnostics_router(state, FakeClock()))
    target = f"/trpc/diagnostics.{path}?input={quote(text)}&lastEventId={resume}"
    return await ask(TrpcDoor(table, stranger, state=state), "GET", target.encode())


@pytest.mark.parametrize(
    ("resume", "items"),
    [
        ("", [b'data: "tracked one"', b'data: "untracked"', b'data: "tracked two"']),
        ("m1", [b'data: "untracked"', b'data: "tracked two"']),
        ("m2", []),
        ("gone", [b'data: "tracked one"', b'data: "untracked"', b'data: "tracked two"']),
    ],
)
async def test_mixed_items_go_on_behind_the_last_id(resume: str, items: list[bytes]) -> None:
    reply = await asked("mixed", "{}", resume=resume)
    assert [line for line in reply.body.split(b"\n") if line.startswith(b'data: "')] == items


@pytest.mark.parametrize(("resume", "first"), [("", b"1"), ("2", b"3"), ("no", b"1"), ("9", None)])
async def test_a_count_goes_on_behind_the_last_id(resume: str, first: bytes | None) -> None:
    reply = await asked("counter", '{"count":4,"intervalMs":1000}', resume=resume)
    seqs = [line[13:-1] for line in reply.body.split(b"\n") if line.startswith(b'data: {"seq":')]
    assert seqs[:1] == ([first] if first else [])
    assert seqs[-1:] == ([b"4"] if first else [])


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("throwCode", '{"code":"PAYMENT_REQUIRED"}', "PAYMENT_REQUIRED"),
        ("throwCode", '{"code":"NO_SUCH_CODE"}', "BAD_REQUEST"),
        ("readProbe", '{"id":"never started"}', "NOT_FOUND"),
        ("delay", '{"ms":1e9}', "BAD_REQUEST"),
        ("adminOnly", "", "UNAUTHORIZED"),
    ],
)
async def test_what_is_wrong_is_told_by_its_code(path: str, text: str, code: str) -> None:
    reply = await asked(path, text)
    assert reply.json()["error"]["data"]["code"] == code


async def test_an_echo_keeps_what_was_sent_and_what_was_not() -> None:
    assert (await asked("echo", "{}")).json() == {"result": {"data": {"echo": {}}}}
    assert (await asked("echo", '{"v":null}')).json() == {"result": {"data": {"echo": {"v": None}}}}
