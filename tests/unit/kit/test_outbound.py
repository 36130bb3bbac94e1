import httpx2
import pytest

from manciple.kit.errors import NotAllowed
from manciple.kit.outbound import GuardedTransport, is_public

INSIDE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address that must be refused
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "2002:7f00:1::",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "fec0::1",
    "ff02::1",
    "no address",
]


class Outside(httpx2.AsyncBaseTransport):
    """Answers everything, and remembers where it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, object]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        sni = request.extensions.get("sni_hostname")
        self.asked.append((request.url.host, request.headers["host"], sni))
        return httpx2.Response(200)


def client(outside: Outside, *answers: str, trusted: str = "") -> httpx2.AsyncClient:
    async def resolve_name(_host: str, _port: int) -> list[str]:
        return list(answers)

    guarded = GuardedTransport(outside, trusted=frozenset({trusted}), resolve_name=resolve_name)
    return httpx2.AsyncClient(transport=guarded)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "::ffff:93.184.215.14",
        "64:ff9b::93.184.215.14",
    ],
)
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(address)


async def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    outside = Outside()
    async with client(outside, "93.184.215.14") as shop:
        await shop.get("https://shop.example/a")

    assert outside.asked == [("93.184.215.14", "shop.example", "shop.example")]


async def test_a_name_with_any_address_inside_is_refused() -> None:
    outside = Outside()
    async with client(outside, "93.184.215.14", "127.0.0.1") as shop:
        with pytest.raises(NotAllowed):
            await shop.get("https://shop.example/a")

    assert outside.asked == []


@pytest.mark.parametrize("url", ["http://user:pw@shop.example/", "http://127.0.0.1/"])
async def test_odd_and_inner_addresses_are_refused(url: str) -> None:
    async with client(Outside(), "127.0.0.1") as shop:
        with pytest.raises(NotAllowed):
            await shop.get(url)


async def test_a_redirect_to_the_inside_is_refused_too() -> None:
    class Redirecting(Outside):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            await super().handle_async_request(request)
            return httpx2.Response(302, headers={"location": "http://127.0.0.1:8080/admin"})

    async def resolve_name(host: str, _port: int) -> list[str]:
        return [host] if host == "127.0.0.1" else ["93.184.215.14"]

    guarded = GuardedTransport(Redirecting(), resolve_name=resolve_name)
    async with httpx2.AsyncClient(transport=guarded, follow_redirects=True) as shop:
        with pytest.raises(NotAllowed):
            await shop.get("https://shop.example/a")


async def test_a_trusted_place_may_be_inside() -> None:
    outside = Outside()
    async with client(outside, trusted="127.0.0.1:9999") as shop:
        assert (await shop.get("http://127.0.0.1:9999/x")).status_code == 200
