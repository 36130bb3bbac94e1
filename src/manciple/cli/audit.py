"""`manciple audit`: the trail of who did what."""

from typing import Annotated

import typer

from manciple.cli.failures import FAILED
from manciple.cli.inside import in_house
from manciple.cli.output import JsonOption, print_json, print_rows
from manciple.grocery.actions.audit import Deed, Verified

audit = typer.Typer(no_args_is_help=True, help="Read and check the audit trail.")


@audit.command("verify")
def verify(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Check that no entry was changed, removed, put in or cut off; exits with 1 if one was."""
    found = in_house(ctx, lambda house: house.audit.verify())
    _tell(found, as_json=as_json)
    if not found.is_whole:
        raise typer.Exit(FAILED)


@audit.command("accept")
def accept(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Take the trail as it stands, after a backup was restored say; this is an entry itself."""
    deed = Deed(actor="terminal", address="terminal", action="audit.accept")
    _tell(in_house(ctx, lambda house: house.audit.accept(deed)), as_json=as_json)


@audit.command("show")
def show(
    ctx: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """The newest entries."""
    rows = in_house(ctx, lambda house: house.audit.page(before=None, limit=limit))
    columns = ("number", "at", "who", "from", "what", "object", "outcome")
    cells = (
        (row.seq, row.at, row.actor, row.address, row.action, row.object_id, row.outcome)
        for row in rows
    )
    print_rows(rows, columns, cells, as_json=as_json)


def _tell(found: Verified, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    if found.first_broken is not None:
        typer.echo(f"entry {found.first_broken} of {found.entries} is not as it was written")
    if found.problem is not None:
        typer.echo(found.problem)
    if not found.is_whole:
        return
    noted = "none noted yet" if found.checkpoint is None else f"{found.checkpoint} was noted"
    typer.echo(
        f"{found.entries} entries, every link holds; {noted}; newest hash {found.newest_hash}"
    )
