from collections.abc import AsyncIterator

import httpx2
import pytest

from manciple.grocery.connectors.webhook_post import WebhookPost
from manciple.kit.errors import InvalidInput
from tests.fakes import FakeClock

PUBLIC = "93.184.215.14"
URL = "https://example.com/hook"


class Outside(httpx2.AsyncBaseTransport):
    """Answers everything alike, and remembers which address was asked."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self.asked: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        return self.answer


def a_post(
    *answers: str,
    outside: httpx2.AsyncBaseTransport | None = None,
    trusted: str = "",
    allow_loopback: bool = False,
) -> WebhookPost:
    """One whose names mean one address after the other, the last for ever."""
    left = list(answers)

    async def resolve_name(_host: str, _port: int) -> list[str]:
        return [left.pop(0) if len(left) > 1 else left[0]]

    return WebhookPost(
        FakeClock(),
        timeout_s=5,
        trusted=frozenset({trusted}),
        allow_loopback=allow_loopback,
        resolve_name=resolve_name,
        inner=outside or Outside(httpx2.Response(200, content=b"ok")),
    )


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.7", "192.168.1.5", "169.254.169.254", "::1", "fd00::1"]
)
async def test_a_place_inside_is_refused_when_named_and_when_sent_to(address: str) -> None:
    outside = Outside(httpx2.Response(200))
    post = a_post(address, outside=outside)
    with pytest.raises(InvalidInput, match="url"):
        await post.examine(URL)
    receipt = await post.send(URL, headers={}, body=b"{}")

    assert "inside" in (receipt.problem or "")
    assert outside.asked == []


async def test_a_name_that_means_another_place_later_is_refused_then() -> None:
    outside = Outside(httpx2.Response(200))
    post = a_post(PUBLIC, PUBLIC, "169.254.169.254", outside=outside)
    await post.examine(URL)
    first = await post.send(URL, headers={}, body=b"{}")
    second = await post.send(URL, headers={}, body=b"{}")

    assert (first.status, second.status) == (200, None)
    assert [(one.url.host, one.headers["host"]) for one in outside.asked] == [
        (PUBLIC, "example.com")
    ]


async def test_an_answer_that_points_elsewhere_is_not_followed() -> None:
    moved = httpx2.Response(302, headers={"location": "http://169.254.169.254/"})
    outside = Outside(moved)
    receipt = await a_post(PUBLIC, outside=outside).send(URL, headers={}, body=b"{}")

    assert (receipt.status, receipt.is_taken, len(outside.asked)) == (302, False, 1)


async def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield b"x" * 1000

    outside = Outside(httpx2.Response(200, content=endless()))
    receipt = await a_post(PUBLIC, outside=outside).send(URL, headers={}, body=b"{}")

    assert receipt.answer == "x" * 500
    assert given < 20


async def test_places_that_the_owner_of_the_house_named_may_be_inside() -> None:
    home = a_post("192.168.1.5", trusted="home.lan:8123")
    await home.examine("http://home.lan:8123/hook")
    assert home.trusts("http://home.lan:8123/hook")
    assert not home.trusts("http://home.lan:9000/hook")

    here = a_post("127.0.0.1", allow_loopback=True)
    await here.examine("http://localhost:9/hook")
    assert here.trusts("http://127.0.0.1:9/hook")
    assert not here.trusts("http://192.168.1.5:9/hook")


@pytest.mark.parametrize("url", ["https://[::1", "http://localhost:99999/", "http://localhost:-1/"])
def test_what_is_no_address_is_not_trusted(url: str) -> None:
    assert not WebhookPost(FakeClock(), timeout_s=1, allow_loopback=True).trusts(url)


async def test_how_long_to_wait_is_passed_on() -> None:
    busy = Outside(httpx2.Response(503, headers={"retry-after": "120"}))
    receipt = await a_post(PUBLIC, outside=busy).send(URL, headers={}, body=b"{}")

    assert (receipt.status, receipt.retry_after_s) == (503, 120.0)
