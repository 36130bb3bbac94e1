"""Nothing outside may make us call an address inside: a guard below every outbound client.

The name is resolved here, every address that it has is looked at, and the connection goes to the
very address that was looked at; so an answer of DNS that changes in between changes nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpx2

from manciple.kit.errors import NotAllowed, Upstream

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# All that is given out of IPv6 for the internet; the rest is local, special, or stands for IPv4.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_PORTS = {"http": 80, "https": 443}


def is_public(address: str) -> bool:
    """Whether an address belongs to the internet at large, also where it hides inside another."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    carried = _inside(found)
    is_given_out = isinstance(found, ipaddress.IPv4Address) or found in _GLOBAL_UNICAST
    # Where the address itself is no place, what it stands for is.
    places = (found, *carried) if is_given_out else carried
    return bool(places) and all(one.is_global and not one.is_multicast for one in places)


def _inside(found: Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries."""
    if not isinstance(found, ipaddress.IPv6Address):
        return []
    carried = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
    if found in _NAT64:
        carried.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    return [one for one in carried if one is not None]


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the machine resolves it.

    Raises:
        Upstream: the name has none.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Upstream(host, "the name cannot be resolved") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests to public addresses only, and to the few `trusted` places (`host:port`).

    `allows` says which addresses may be asked, where that is not every public one.
    """

    def __init__(
        self,
        inner: httpx2.AsyncBaseTransport,
        *,
        trusted: frozenset[str] = frozenset(),
        resolve_name: Resolve = resolve,
        allows: Callable[[str], bool] = is_public,
    ) -> None:
        self._inner = inner
        self._allows = allows
        self._trusted = trusted
        self._resolve = resolve_name

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to a request.

        Raises:
            NotAllowed: the target is, or could become, an address inside.
        """
        url = request.url
        port = url.port or _PORTS.get(url.scheme)
        if port is None or not url.host or url.userinfo:
            raise NotAllowed("a plain http or https address")
        if f"{url.host}:{port}" not in self._trusted:
            address = await self._public_address(url.host, port)
            request.extensions = {**request.extensions, "sni_hostname": url.host}
            request.url = url.copy_with(host=address)
        return await self._inner.handle_async_request(request)

    async def _public_address(self, host: str, port: int) -> str:
        addresses = await self._resolve(host, port)
        if not addresses or not all(self._allows(address) for address in addresses):
            raise NotAllowed("a public address")
        return addresses[0]

    async def aclose(self) -> None:
        """Closes what is below."""
        await self._inner.aclose()
