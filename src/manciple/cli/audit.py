"""`manciple audit`: the trail of who did what."""

from typing import Annotated

import typer

from manciple.cli.failures import FAILED
from manciple.cli.inside import in_house
from manciple.cli.output import JsonOption, print_json, print_table

audit = typer.Typer(no_args_is_help=True, help="Read and check the audit trail.")


@audit.command("verify")
def verify(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Check that no entry was changed, removed or put in; exits with 1 if one was."""
    found = in_house(ctx, lambda house: house.audit.verify())
    if as_json:
        print_json(found)
    elif found.first_broken is None:
        typer.echo(f"{found.entries} entries, every link holds; newest hash {found.newest_hash}")
    else:
        typer.echo(f"entry {found.first_broken} of {found.entries} is not as it was written")
    if found.first_broken is not None:
        raise typer.Exit(FAILED)


@audit.command("show")
def show(
    ctx: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """The newest entries."""
    rows = in_house(ctx, lambda house: house.audit.page(before=None, limit=limit))
    if as_json:
        print_json(rows)
        return
    columns = ("number", "at", "who", "from", "what", "object", "outcome")
    cells = (
        (row.seq, row.at, row.actor, row.address, row.action, row.object_id, row.outcome)
        for row in rows
    )
    print_table(columns, cells)
