"""Asks an instance for a sign of life, over its own private door."""

import asyncio

# A loop that does not turn for a second is not yet hung, but no sign of life either.
PROBE_S = 1.0
_OK = b"HTTP/1.1 200 "


async def is_alive(address: str, path: str = "/livez", *, within_s: float = PROBE_S) -> bool:
    """Whether the instance at `address` (`unix:PATH`) answers 200 in time."""
    scheme, _, where = address.partition(":")
    if scheme != "unix":
        return False
    try:
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_unix_connection(where)
            try:
                request = f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
                writer.write(request.encode())
                return (await reader.readline()).startswith(_OK)
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False
