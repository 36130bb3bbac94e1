"""`manciple config`: every setting, its value, and where that came from."""

import typer

from manciple.cli.output import JsonOption, print_json, print_table
from manciple.services.settings import Loaded, shown


def show_config(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Print every setting with its origin; secrets are masked."""
    loaded = ctx.find_object(Loaded)
    if loaded is None:
        raise typer.Exit(1)
    rows = [(s.key, value, origin, s.variable) for s, value, origin in shown(loaded)]
    if as_json:
        names = ("value", "origin", "variable")
        print_json({key: dict(zip(names, rest, strict=True)) for key, *rest in rows})
    else:
        print_table(("setting", "value", "from", "variable"), rows)
