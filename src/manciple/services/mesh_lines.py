"""Ways to the services: lines to the instances of each where they are processes, else none."""

import asyncio
import os
from collections.abc import Callable, Mapping

from manciple.api.mesh_reports import Asking
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError
from manciple.platform.mesh.line import TIMEOUT_S, Line
from manciple.platform.mesh.peers import Member, PeerState
from manciple.platform.mesh.proxy import Inside, Outside, ServiceProxy, Way
from manciple.platform.mesh.registry import Registry
from manciple.platform.rpc.client import WireClient
from manciple.platform.rpc.procedure import Procedure
from manciple.services.introductions import Introductions
from manciple.services.table import spec_of

# How often a process that is in no mesh looks whether it is in one by now.
_LOOK_EVERY_S = 1.0
# What `request` takes beside the paths of procedures.
PATHS = {
    "/api/prices": "walmartPrice.current",
    "/api/prices/history": "walmartPrice.history",
    "/api/prices/refresh": "walmartPrice.refresh",
}


class MeshLines:
    """Proxies of services for whoever asks. Close it when done."""

    def __init__(
        self,
        registry: Registry,
        clock: Clock,
        introductions: Introductions,
        table_of: Callable[[], Mapping[str, Procedure]],
    ) -> None:
        self.registry = registry
        self._clock = clock
        self._introductions = introductions
        self._table_of = table_of
        self._lines: dict[str, Line] = {}
        self._is_member = False
        self._looked_s = float("-inf")

    async def is_member(self) -> bool:
        """Whether this process is an instance in a mesh: once it is, it stays one."""
        now_s = self._clock.monotonic()
        if not self._is_member and now_s - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = now_s
            pid = os.getpid()
            self._is_member = any(one.pid == pid for one in await self.registry.entries())
        return self._is_member

    async def proxy(
        self, service: str, asking: Asking, *, timeout_s: float = TIMEOUT_S
    ) -> ServiceProxy:
        """The service, for whoever asks.

        Raises:
            NotFound: there is no such service.
        """
        line = self._line(service)
        way: Way = Inside(asking)
        if await self.is_member():
            visit = asking.visit
            private = self._introductions.headers_for(
                asking.principal, credential_id=visit.credential_id or ""
            )
            way = Outside(line, private, timeout_s=timeout_s)
        return ServiceProxy(service, self._table_of(), way, paths=PATHS)

    def states(self) -> dict[str, PeerState]:
        """How each instance does that was called from here, by its id."""
        return {state.id: state for line in self._lines.values() for state in line.states()}

    async def look(self, service: str) -> None:
        """Returns if the service has an instance that is ready.

        Raises:
            Unavailable: it has none.
        """
        await self._line(service).look()

    async def close(self) -> None:
        """Closes every connection."""
        await asyncio.gather(*(line.close() for line in self._lines.values()))

    def _line(self, service: str) -> Line:
        line = self._lines.get(service)
        if line is None:
            spec = spec_of(service)
            line = Line(spec, self.registry, clock=self._clock, connect=_connect)
            self._lines[service] = line
        return line


def _connect(member: Member) -> WireClient:
    return WireClient(member.address, name=member.id)


def why_away(service: str, error: MancipleError) -> str:
    """What an answer says that was given without the service it should have come from."""
    return f"{service} is away ({error})"
