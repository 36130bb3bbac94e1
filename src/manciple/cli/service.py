"""`manciple service`: one instance of one service, as a supervisor starts it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from manciple.services.instance import Given, run_instance
from manciple.services.loops import new_loop
from manciple.services.settings import Loaded


def service(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The service's name.")],
    *,
    instance: Annotated[str, typer.Option(help="The id of this instance.")],
    generation: Annotated[int, typer.Option(help="Which rolling restart it belongs to.")],
    fd: Annotated[int, typer.Option(help="An inherited socket that listens on its port.")],
    door: Annotated[Path, typer.Option(help="Where to make its private socket.")],
    handover: Annotated[Path, typer.Option(help="Where to hand over the socket it listens on.")],
    log: Annotated[Path, typer.Option(help="The file that its output goes to.")],
) -> None:
    """Run one instance of a service; `manciple up` starts these by itself."""
    loaded: Loaded = ctx.obj
    given = Given(
        id=instance,
        service=name,
        generation=generation,
        fd=fd,
        door=door,
        handover=handover,
        log=log,
    )
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(run_instance(given, loaded.settings))
