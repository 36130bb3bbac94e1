"""Commands that work inside the house itself, without a running server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from manciple.cli.progress import bar
from manciple.grocery.connectors.shelf import BundledShelf
from manciple.services.house import House
from manciple.services.settings import Loaded, Settings
from manciple.services.wiring import open_house

T = TypeVar("T")


def settings_of(ctx: typer.Context) -> Settings:
    """The settings that this command was started with."""
    loaded = ctx.find_object(Loaded)
    if loaded is None:
        message = "this command was not started through `manciple`"
        raise TypeError(message)
    return loaded.settings


def in_house(ctx: typer.Context, work: Callable[[House], Awaitable[T]]) -> T:
    """What `work` gives, done in a house that is open for its time."""

    async def through() -> T:
        async with open_house(settings_of(ctx), on_stock=progress) as house:
            return await work(house)

    with bar("Filling the shelf", total=BundledShelf.count) as progress:
        return asyncio.run(through())
