"""Parts of the house that are other processes, looked for in the registry of a mesh."""

from manciple.kit.errors import Unavailable
from manciple.platform.mesh.registry import TTL_S, Registry
from manciple.services.health import NotInUse, Part


def neighbor(registry: Registry, service: str, *, why_off: str) -> Part:
    """The part that a service is; off, for this reason, where no mesh runs."""

    async def look() -> None:
        if await registry.discover(service):
            return
        if not await registry.entries():
            raise NotInUse(why_off)
        raise Unavailable(service, wait_s=TTL_S)

    return Part(look=look)
