"""Where a request comes from, as far as that can be known.

Forwarding headers are what anybody can write; they count only where a proxy of ours wrote them.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_FORWARDING = frozenset(
    {
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
        b"x-real-ip",
        b"via",
    }
)
_LOCAL_NAMES = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})
# Providers give whole /64 networks to one household.
_IPV6_PREFIX = 64


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks from their texts.

    Raises:
        ValueError: a text is neither.
    """
    return tuple(ip_network(text, strict=False) for text in texts)


def client_address(
    peer: str, headers: Mapping[bytes, bytes], trusted: Sequence[Network] = ()
) -> str:
    """The nearest address that is no proxy of ours."""
    if not trusted or not _is_in(peer, trusted):
        return peer
    chain = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
    for hop in reversed([hop.strip() for hop in chain if hop.strip()]):
        if not _is_address(hop):
            return peer
        if not _is_in(hop, trusted):
            return hop
        peer = hop
    return peer


def is_direct_and_local(
    peer: str, headers: Mapping[bytes, bytes], trusted: Sequence[Network] = ()
) -> bool:
    """Whether a program on this very machine speaks to us by a local name, and no proxy does.

    The name matters: a page of a stranger can make its own name mean this machine.
    """
    return is_here(peer, trusted) and is_direct_by_local_name(headers)


def is_here(peer: str, trusted: Sequence[Network] = ()) -> bool:
    """Whether an address is this machine's own, and none from which a proxy of ours speaks."""
    return is_loopback(peer) and not (trusted and _is_in(peer, trusted))


def is_direct_by_local_name(headers: Mapping[bytes, bytes]) -> bool:
    """The half of `is_direct_and_local` that the headers alone decide."""
    return _FORWARDING.isdisjoint(headers) and _is_local_name(headers.get(b"host", b""))


@lru_cache(maxsize=256)
def is_loopback(peer: str) -> bool:
    """Whether an address is this machine's own."""
    return _is_address(peer) and ip_address(peer).is_loopback


@lru_cache(maxsize=4096)
def limit_key(address: str) -> str:
    """What requests of one stranger are counted by."""
    if not _is_address(address):
        return address[:64]
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, _IPV6_PREFIX), strict=False))
    return str(parsed)


@lru_cache(maxsize=256)
def _is_local_name(host: bytes) -> bool:
    name, colon, port = host.rpartition(b":")
    if not colon or host.endswith(b"]"):
        name, port = host, b""
    return name.lower() in _LOCAL_NAMES and (not port or port.isdigit())


def _is_in(address: str, some: Sequence[Network]) -> bool:
    if not _is_address(address):
        return False
    parsed = ip_address(address)
    # What a socket for both kinds of address calls one of the older kind.
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in some)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
