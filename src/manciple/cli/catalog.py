"""`manciple catalog`: what products there are, and how to bring one's own."""

from pathlib import Path
from typing import Annotated

import typer

from manciple.cli.inside import in_house
from manciple.cli.output import JsonOption, print_json, print_table
from manciple.cli.progress import bar
from manciple.grocery.actions.catalog import Imported
from manciple.grocery.connectors.catalog_files import CatalogFile
from manciple.grocery.domain.catalogs import CatalogRow

catalog = typer.Typer(no_args_is_help=True, help="Show and import products.")

# Wrong input, as in the exit codes of every command.
_WRONG_INPUT = 2
_SHOWN_CATEGORIES = 15


@catalog.command("import")
def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .csv, .tsv, .jsonl, .ndjson or .parquet file.")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Check every row and write nothing.")] = False,
    skip_bad: Annotated[
        bool, typer.Option(help="Import the good rows although there are bad ones.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Import products from a file: all rows or, if one is wrong, none."""
    source = CatalogFile(file)
    with bar(f"Importing {file.name}: rows read and written") as progress:
        done = in_house(
            ctx,
            lambda house: house.catalog.load(
                source, dry_run=dry_run, skip_bad=skip_bad, progress=progress
            ),
        )
    if as_json:
        print_json(done)
    else:
        _tell(done, dry_run=dry_run)
    if done.checked.bad_rows and not skip_bad:
        raise typer.Exit(_WRONG_INPUT)


@catalog.command("stats")
def stats(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Count the products, and how many have a price, a size, a barcode."""
    found = in_house(ctx, lambda house: house.catalog.stats())
    if as_json:
        print_json(found)
        return
    print_table(
        ("products", "brands", "priced", "sized", "with barcode"),
        [(found.products, found.brands, found.priced, found.sized, found.with_gtin)],
    )
    print_table(("source", "products"), found.sources)
    shown = found.categories[:_SHOWN_CATEGORIES]
    more = len(found.categories) - len(shown)
    print_table(("category", "products"), shown, title=f"{more} more categories" if more else "")


def _tell(done: Imported, *, dry_run: bool) -> None:
    checked = done.checked
    for row in checked.bad:
        typer.echo(_complaint(row), err=True)
    if checked.bad_rows > len(checked.bad):
        typer.echo(f"… and {checked.bad_rows - len(checked.bad)} more bad rows", err=True)
    if done.written is not None:
        written = done.written
        typer.echo(
            f"{written.added} added, {written.changed} changed, {written.unchanged} unchanged, "
            f"{checked.bad_rows} skipped"
        )
    elif dry_run:
        typer.echo(f"{checked.rows} rows, {checked.bad_rows} of them bad; nothing was written")
    else:
        typer.echo(
            f"nothing was imported: {checked.bad_rows} of {checked.rows} rows are bad; "
            "correct them, or import the others with --skip-bad",
            err=True,
        )


def _complaint(row: CatalogRow) -> str:
    return f"line {row.line}: {'; '.join(str(problem) for problem in row.problems)}"
