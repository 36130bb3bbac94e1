"""The fake shop on a real port of this machine, with wares that tests know."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from manciple.kit.clock import SystemClock
from manciple.services.fake_shop.market import Market, Ware
from manciple.services.fake_shop.server import FakeShop
from manciple.services.fake_shop.wares import bundled_wares

WARES = [
    Ware(
        product_id=str(100 + n), name=name, brand="Corner", category=("Dairy", "Milk"), ounces=64.0
    )
    for n, name in enumerate(["Whole Milk", "Skim Milk", "Oat Milk", "Chocolate Milk", "Butter"])
]


def market(seed: int = 1) -> Market:
    return Market(seed, WARES)


def whole_market(seed: int = 1) -> Market:
    return Market(seed, bundled_wares())


@asynccontextmanager
async def a_fake_shop(
    shop_market: Market | None = None, **more: Any
) -> AsyncIterator[tuple[FakeShop, int]]:
    """A shop that is open, and its port."""
    shop = FakeShop(market=shop_market or market(), clock=SystemClock(), **more)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(shop.app(), log_config=None, lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:  # noqa: ASYNC110 - uvicorn rings no bell
            await asyncio.sleep(0.01)
        try:
            yield shop, bound.getsockname()[1]
        finally:
            server.should_exit = True
            await serving
