"""`manciple logs`: what a service wrote, and what it goes on to write."""

import select
import sys
from typing import Annotated

import typer

from manciple.cli.service_names import service_named
from manciple.kit.errors import NotFound
from manciple.platform.mesh.logs import Follower, last_lines
from manciple.services.mesh import run_directory
from manciple.services.settings import Loaded

_POLL_S = 0.2
_SUPERVISOR = "supervisor"


def logs(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The service, or `supervisor`.")],
    *,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, max=100_000, help="How many of the last lines.")
    ] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on; Ctrl-C ends.")] = False,
) -> None:
    """Print the last lines of a service's log; all its instances write to the same one."""
    loaded: Loaded = ctx.obj
    log = run_directory(loaded.settings).log(service_named(name, _SUPERVISOR))
    follower = Follower(log) if follow else None
    if follower is None and not log.exists():
        raise NotFound("log", f"{log}: nothing was written yet")
    for line in last_lines(log, lines):
        sys.stdout.write(line + "\n")
    while follower is not None:
        for line in follower.news():
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
        select.select((), (), (), _POLL_S)
