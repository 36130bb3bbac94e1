"""`manciple up`: the six services as processes that are watched over."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from manciple.cli.mesh_orders import control_of
from manciple.cli.mesh_view import is_well, ready_of, rendered, troubles
from manciple.cli.opened import open_lines
from manciple.cli.output import JsonOption, print_json
from manciple.kit.clock import SystemClock
from manciple.kit.errors import TimedOut, Unavailable
from manciple.kit.telemetry import start_logging
from manciple.kit.this_python import this_python
from manciple.platform.mesh.logs import last_lines, opened, reopen, turn_over
from manciple.platform.mesh.orders import MeshStatus
from manciple.platform.mesh.supervisor import Supervisor
from manciple.services.mesh import mesh_of, run_directory
from manciple.services.mesh_front import mesh_front
from manciple.services.settings import Loaded, Settings

_POLL_S = 0.05
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(
    ctx: typer.Context,
    *,
    daemon: Annotated[
        bool, typer.Option("--daemon", "-d", help="Go on in the background once all are ready.")
    ] = False,
    wait_s: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", help="With --daemon: until all are ready.")
    ] = 120.0,
    as_json: JsonOption = False,
) -> None:
    """Start the six services as processes of their own, and watch over them.

    Ctrl-C ends them gracefully, a second one at once. If a supervisor was killed, this takes over
    the instances that it left.
    """
    loaded: Loaded = ctx.obj
    if daemon:
        status = asyncio.run(_detached(ctx, loaded, wait_s=wait_s))
        _show(loaded.settings, status, as_json=as_json)
        return
    teller = _Teller(loaded.settings, as_json=as_json)
    with _logging(loaded) as turn_over_log:

        def hear(status: MeshStatus) -> None:
            teller.hear(status)
            turn_over_log()

        with mesh_of(loaded, on_turn=hear) as supervisor:
            asyncio.run(_run(supervisor))
    teller.say("The mesh is down.")


async def _run(supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()
    for number in _ENDS:
        loop.add_signal_handler(number, supervisor.end)
    await supervisor.run()


@contextlib.contextmanager
def _logging(loaded: Loaded) -> Iterator[Callable[[], None]]:
    """What the supervisor has to tell goes to its log; the call turns that over when it is long."""
    settings, run = loaded.settings, run_directory(loaded.settings)
    run.open()
    path = run.log("supervisor")
    with os.fdopen(opened(path), "w", buffering=1) as log:
        start_logging(settings.log.level, settings.log.format, to=log)

        def turn_over_log() -> None:
            if turn_over(path, max_bytes=settings.mesh.log_bytes):
                reopen(path, (log,))

        yield turn_over_log


class _Teller:
    """Says what happens in a foreground mesh, in lines that stay."""

    def __init__(self, settings: Settings, *, as_json: bool) -> None:
        self._settings = settings
        self._as_json = as_json
        self._ready: set[str] = set()
        self._troubles: set[str] = set()
        self._was_well = False
        self._is_ending = False

    def hear(self, status: MeshStatus) -> None:
        """Tells what is new."""
        if status.is_ending and not self._is_ending:
            self._is_ending = True
            self.say("Ending: what is in flight is finished first; once more ends at once.")
        now = {one.entry.id: one for s in status.services for one in ready_of(s)}
        for id_ in now.keys() - self._ready:
            self.say(f"{id_} is ready after {now[id_].uptime_s:.1f} s")
        for id_ in self._ready - now.keys():
            self.say(f"{id_} is not ready any more")
        self._ready = set(now)
        for trouble in set(troubles(status)) - self._troubles:
            self.say(trouble)
        self._troubles = set(troubles(status))
        if not self._was_well and is_well(status):
            self._was_well = True
            _show(self._settings, status, as_json=self._as_json)

    def say(self, line: str) -> None:
        """One line, unless JSON was asked for."""
        if not self._as_json:
            Console().print(line, highlight=False)


def _show(settings: Settings, status: MeshStatus, *, as_json: bool) -> None:
    if as_json:
        print_json(status)
        sys.stdout.flush()
        return
    Console().print(rendered(status))
    ports = {service.name: service.port for service in status.services}
    more = "  more       manciple status --watch, logs NAME, scale NAME N, restart, down"
    text = f"manciple is up\n{open_lines(mesh_front(settings, ports))}{more}"
    Console().print(text, highlight=False, soft_wrap=True)


async def _detached(ctx: typer.Context, loaded: Loaded, *, wait_s: float) -> MeshStatus:
    """How everything is once it is ready, in a process that goes on by itself.

    Raises:
        TimedOut: not everything is ready in time; the mesh goes on trying.
    """
    run = run_directory(loaded.settings)
    run.open()
    said = run.logs / "up.log"
    child = _begin(_same_without("--daemon", "-d"), said)
    clock, control = SystemClock(), control_of(ctx)
    until_s = clock.monotonic() + wait_s
    while clock.monotonic() < until_s:
        if child.poll() is not None:
            # It has said why, as it would have in a terminal.
            sys.stderr.write("".join(f"{line}\n" for line in last_lines(said, 20)))
            raise typer.Exit(child.returncode or 1)
        with contextlib.suppress(Unavailable, TimedOut):
            status = await control.status()
            if status.pid == child.pid and is_well(status):
                child.returncode = 0
                return status
        await clock.sleep(_POLL_S)
    child.returncode = 0
    raise TimedOut(after_s=wait_s)


def _begin(command: list[str], said: Path) -> "subprocess.Popen[bytes]":
    with said.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - this very program
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _same_without(*options: str) -> list[str]:
    """This command again, without these options."""
    return this_python("-m", "manciple", *(each for each in sys.argv[1:] if each not in options))
