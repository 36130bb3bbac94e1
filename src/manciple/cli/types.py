"""`manciple types`: the TypeScript types of everything a client can ask."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from manciple.api.app_router import app_table
from manciple.api.diagnostics import diagnostics_router
from manciple.api.event_documents import event_types
from manciple.api.event_types import EVENTS
from manciple.cli.inside import settings_of
from manciple.kit.clock import SystemClock
from manciple.kit.errors import InvalidInput
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.router import Table
from manciple.platform.rpc.typescript import typescript
from manciple.services.settings import Settings

OutOption = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="File to write, ending in .ts; else standard output."),
]

EventsOption = Annotated[
    bool, typer.Option("--events", help="The messages of the event sockets instead.")
]


def table_of(settings: Settings) -> Table:
    """What a house with these settings offers, without opening one."""
    extra = (diagnostics_router(DoorState(), SystemClock()),) if settings.api.diagnostics else ()
    return app_table(*extra)


def write_types(ctx: typer.Context, *, out: OutOption = None, events: EventsOption = False) -> None:
    """Write `AppRouter` for `createTRPCClient<AppRouter>()`, as a TypeScript file.

    Raises:
        InvalidInput: the file's name would not do, or it cannot be written.
    """
    table = table_of(settings_of(ctx))
    written, what = typescript(table), f"{len(table)} procedures"
    if events:
        written, what = event_types(), f"{len(EVENTS)} events"
    if out is None:
        sys.stdout.write(written)
        return
    if out.suffix != ".ts" or out.name.endswith(".d.ts"):
        # In a .d.ts a package that is missing or too old turns every type silently into `any`.
        raise InvalidInput.at("--out", "must end in .ts, and not in .d.ts")
    try:
        out.write_text(written, encoding="utf-8")
    except OSError as error:
        raise InvalidInput.at("--out", f"cannot be written: {error.strerror}") from error
    typer.echo(f"Wrote {what} to {out}", err=True)
