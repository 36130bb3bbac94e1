"""`manciple serve`: the whole house in one process."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from manciple.cli.opened import open_lines
from manciple.cli.progress import bar
from manciple.services.addresses import Addresses
from manciple.services.everything import whole_house
from manciple.services.loops import new_loop
from manciple.services.settings import Loaded


def serve(
    ctx: typer.Context,
    *,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the API; 0 takes a free one.")
    ] = None,
    ws_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port for WebSockets; 0: a free one.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0: all.")] = None,
) -> None:
    """Start everything in one process and say what to open."""
    loaded: Loaded = ctx.obj
    settings = loaded.with_arguments(
        {
            "api.host": host,
            "api.port": None if port is None else str(port),
            "websocket.port": None if ws_port is None else str(ws_port),
        }
    ).settings
    with _StockBar() as stock, asyncio.Runner(loop_factory=new_loop) as runner:

        def opened(where: Addresses) -> None:
            stock.close()
            _say_open(where)

        runner.run(whole_house(settings, on_open=opened, on_stock=stock.show).run())


class _StockBar(contextlib.ExitStack):
    """A progress bar that appears only if a new house is being stocked."""

    _update: Callable[[int], None] | None = None

    def show(self, done: int) -> None:
        if self._update is None:
            self._update = self.enter_context(bar("Stocking the new house"))
        self._update(done)


def _say_open(where: Addresses) -> None:
    text = f"manciple is open\n{open_lines(where)}Ctrl-C stops it."
    Console().print(text, highlight=False, soft_wrap=True)
