"""A wire that is made with its first call: until then its process is spared what it opens."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from manciple.platform.rpc.http import TrpcDoor


class LateWire:
    """Stands for a wire; `make` opens what the wire needs, in a second or so."""

    def __init__(self, make: Callable[[], Awaitable[TrpcDoor]]) -> None:
        self._make = make
        self._making: asyncio.Future[TrpcDoor] | None = None
        self._wire: TrpcDoor | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wire = self._wire or await self._made()
        await wire(scope, receive, send)

    async def drain(self, wait_s: float) -> None:
        """As that of the wire; one that was never made has nothing to finish."""
        if self._making is not None:
            wire = await self._made()
            await wire.drain(wait_s)

    async def _made(self) -> TrpcDoor:
        """The wire, made once for whoever waits; a failure is theirs, and the next call tries."""
        if self._making is None:
            self._making = asyncio.ensure_future(self._make())
        try:
            # A caller that goes away does not take the wire from the others.
            self._wire = await asyncio.shield(self._making)
        finally:
            if self._wire is None and self._making.done():
                self._making = None
        return self._wire
