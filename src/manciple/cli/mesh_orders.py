"""Orders to a running mesh: `status`, `scale`, `drain`, `restart`, `down`."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from manciple.cli.failures import exit_code
from manciple.cli.mesh_view import is_settled, is_well, rendered
from manciple.cli.output import JsonOption, print_json
from manciple.cli.service_names import NameArgument, service_named
from manciple.kit.clock import Clock, SystemClock
from manciple.kit.errors import InvalidInput, NotFound, TimedOut, Unavailable
from manciple.platform.mesh.control import Control
from manciple.platform.mesh.orders import MeshStatus
from manciple.platform.mesh.orphans import end_orphans, orphans
from manciple.platform.mesh.process import Process
from manciple.platform.mesh.run_directory import RunDirectory
from manciple.services.mesh import run_directory
from manciple.services.settings import Loaded

NOT_WELL = 1
_POLL_S = 0.1
_WATCH_EVERY_S = 1.0

_WaitOption = Annotated[
    float,
    typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait until it is done."),
]


def control_of(ctx: typer.Context) -> Control:
    """The supervisor of this command's database."""
    loaded: Loaded = ctx.obj
    return Control(run_directory(loaded.settings).control)


def status(
    ctx: typer.Context,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Show it live; Ctrl-C ends.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show every service and instance; exits with 1 if one is not as wanted, 5 if all is down.

    With --watch and --json together, one line of JSON each second.
    """
    try:
        found = asyncio.run(_shown(control_of(ctx), watch=watch, as_json=as_json))
    except Unavailable as error:
        typer.echo(f"manciple: {_why_down(ctx)}", err=True)
        raise typer.Exit(exit_code(error)) from error
    if not is_well(found):
        raise typer.Exit(NOT_WELL)


def scale(
    ctx: typer.Context,
    name: NameArgument,
    count: Annotated[str, typer.Argument(metavar="N", help="How many; `auto`: as load wants.")],
    *,
    wait_s: _WaitOption = 120.0,
    as_json: JsonOption = False,
) -> None:
    """Keep N instances of a service, whatever the load; `auto` leaves it to the load again."""
    service = service_named(name)
    if count != "auto" and not count.isdecimal():
        raise InvalidInput.at("N", f"expected a number or auto, not {count!r}")
    number = None if count == "auto" else int(count)
    _settle(
        ctx,
        lambda control: control.scale(service, number),
        lambda now: is_settled(now.service(service)),
        wait_s=wait_s,
        as_json=as_json,
    )


def drain(
    ctx: typer.Context,
    instance: Annotated[str, typer.Argument(help="The instance's id, or the end of it.")],
    *,
    wait_s: _WaitOption = 120.0,
    as_json: JsonOption = False,
) -> None:
    """Replace one instance: a fresh one starts, then this one finishes what it has and ends."""
    known = asyncio.run(control_of(ctx).status())
    ids = [one.entry.id for service in known.services for one in service.instances]
    meant = [id_ for id_ in ids if id_ == instance or id_.endswith(f"-{instance}")]
    if len(meant) != 1:
        raise NotFound("instance", instance)

    def is_gone(now: MeshStatus) -> bool:
        left = {one.entry.id for service in now.services for one in service.instances}
        return meant[0] not in left and is_well(now)

    _settle(ctx, lambda control: control.drain(meant[0]), is_gone, wait_s=wait_s, as_json=as_json)


def restart(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="The service; without it, all of them.")
    ] = None,
    *,
    wait_s: _WaitOption = 120.0,
    as_json: JsonOption = False,
) -> None:
    """Replace the instances of a service, or of all, one by one; no request fails by it."""
    service = service_named(name) if name else None

    def is_done(now: MeshStatus) -> bool:
        return is_settled(now.service(service)) if service else is_well(now)

    _settle(ctx, lambda control: control.restart(service), is_done, wait_s=wait_s, as_json=as_json)


def down(ctx: typer.Context, *, wait_s: _WaitOption = 60.0, as_json: JsonOption = False) -> None:
    """End every service gracefully, and the supervisor; also what a dead supervisor left."""
    loaded: Loaded = ctx.obj
    run = run_directory(loaded.settings)
    ended = asyncio.run(brought_down(control_of(ctx), run, wait_s=wait_s, clock=SystemClock()))
    left = end_orphans(run, grace_s=loaded.settings.api.drain_s + 5)
    if as_json:
        print_json({"wasUp": ended, "orphansEnded": left})
    elif left:
        Console().print(f"Ended {left} instances that a dead supervisor had left.")
    else:
        Console().print("The mesh is down." if ended else "The mesh was not up.")


async def brought_down(control: Control, run: RunDirectory, *, wait_s: float, clock: Clock) -> bool:
    """Whether there was a mesh, up or coming up; it is gone afterwards.

    Raises:
        TimedOut: it takes longer.
    """
    until_s = clock.monotonic() + wait_s
    was_up = False
    while True:
        try:
            supervisor = Process.find((await control.down()).pid)
            break
        except Unavailable:
            # With a lock and no door it is about to open one, or to be gone.
            if not run.is_locked():
                return was_up
        was_up = True
        if clock.monotonic() >= until_s:
            raise TimedOut(after_s=wait_s)
        await clock.sleep(_POLL_S)
    while supervisor is not None and clock.monotonic() < until_s:
        if not supervisor.is_running():
            return True
        await clock.sleep(_POLL_S)
    if supervisor is None:
        return True
    raise TimedOut(after_s=wait_s)


async def _shown(control: Control, *, watch: bool, as_json: bool) -> MeshStatus:
    found = await control.status()
    if as_json:
        print_json(found)
        while watch:
            await asyncio.sleep(_WATCH_EVERY_S)
            print_json(found := await control.status())
            sys.stdout.flush()
    elif watch:
        with Live(rendered(found), refresh_per_second=4, screen=sys.stdout.isatty()) as live:
            while True:
                await asyncio.sleep(_WATCH_EVERY_S)
                live.update(rendered(found := await control.status()))
    else:
        Console().print(rendered(found))
    return found


def _why_down(ctx: typer.Context) -> str:
    loaded: Loaded = ctx.obj
    left = len(orphans(run_directory(loaded.settings)))
    if not left:
        return "the mesh is not up; `manciple up` starts it"
    return f"the supervisor died, and {left} instances go on; `manciple up` takes them over"


def _settle(
    ctx: typer.Context,
    order: Callable[[Control], Awaitable[MeshStatus]],
    is_done: Callable[[MeshStatus], bool],
    *,
    wait_s: float,
    as_json: bool,
) -> None:
    """Gives the order, waits until it is done, and shows how everything is then."""
    found = asyncio.run(
        settled(control_of(ctx), order, is_done, wait_s=wait_s, clock=SystemClock())
    )
    if as_json:
        print_json(found)
    else:
        Console().print(rendered(found))
    if wait_s and not is_done(found):
        raise TimedOut(after_s=wait_s)


async def settled(
    control: Control,
    order: Callable[[Control], Awaitable[MeshStatus]],
    is_done: Callable[[MeshStatus], bool],
    *,
    wait_s: float,
    clock: Clock,
) -> MeshStatus:
    """How everything is once an order is done, or after `wait_s` seconds."""
    until_s = clock.monotonic() + wait_s
    now = await order(control)
    while not is_done(now) and clock.monotonic() < until_s:
        await clock.sleep(_POLL_S)
        # The order was taken; that one look at it is late spoils nothing.
        with contextlib.suppress(TimedOut):
            now = await control.status()
    return now
