"""The cache warmer: keeps ready what people really ask for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.services.house import House
from manciple.services.service import Service
from manciple.services.service_door import service_door
from manciple.services.table import spec_of


@asynccontextmanager
async def _duties(_house: House) -> AsyncIterator[None]:
    yield


SERVICE = Service(
    spec=spec_of("walmart-cache-warmer"),
    section="cache_warmer",
    rooms=(),
    routers=(),
    duties=_duties,
    door=service_door(),
)
