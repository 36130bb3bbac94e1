"""`manciple index`: the search index, a copy of the products that can be made anew."""

import typer

from manciple.cli.inside import in_house
from manciple.cli.output import JsonOption, print_json, print_line
from manciple.grocery.actions.index_products import IndexCheck
from manciple.services.house import House

index = typer.Typer(no_args_is_help=True, help="Check and rebuild the search index.")

_DISAGREES = 1


@index.command("check")
def check(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Whether the index holds exactly the products of the database; exit code 1 if not."""

    async def work(house: House) -> IndexCheck:
        return await house.index.check()

    found = in_house(ctx, work)
    if as_json:
        print_json(found)
    elif found.agrees:
        typer.echo(f"Agrees: {found.indexed} products, revision {found.index_revision}.")
    else:
        typer.echo(
            f"Disagrees: {found.products} products at revision {found.database_revision}, "
            f"{found.indexed} indexed at revision {found.index_revision}; "
            f"missing {len(found.missing)}, extra {len(found.extra)} (at most 20 counted)."
        )
    if not found.agrees:
        raise typer.Exit(_DISAGREES)


@index.command("rebuild")
def rebuild(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Make the index anew from the database."""

    async def work(house: House) -> int:
        return await house.index.rebuild()

    indexed = in_house(ctx, work)
    print_line({"indexed": indexed}, f"{indexed:,} products indexed.", as_json=as_json)
