from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from manciple.services.doors.front_door import FrontDoor
from tests.fakes import FakeClock


async def answer(_: object) -> PlainTextResponse:
    return PlainTextResponse("milk")


INSIDE = Starlette(routes=[Route("/", answer)])
SCOPE: Scope = {
    "type": "http",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "headers": [],
}


async def headers_of(door: FrontDoor) -> list[tuple[bytes, bytes]]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await door(dict(SCOPE), receive, send)
    found: list[tuple[bytes, bytes]] = list(sent[0]["headers"])
    return found


async def test_a_door_that_is_left_asks_each_client_to_connect_anew() -> None:
    door = FrontDoor(INSIDE, clock=FakeClock(), requests=None)
    door.open(INSIDE)
    assert (b"connection", b"close") not in await headers_of(door)
    door.see_off()
    assert (b"connection", b"close") in await headers_of(door)
    assert door.at_once is None
