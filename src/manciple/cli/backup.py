"""`manciple backup` and `manciple restore`."""

import shutil
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from manciple.cli.inside import settings_of
from manciple.cli.output import JsonOption, counted, print_json
from manciple.grocery.stores.opening import knows_schema, renew_generation
from manciple.platform.db import backup as copies


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where the copy goes; one file.")],
    *,
    replace: Annotated[bool, typer.Option(help="Overwrite a file of that name.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Copy the database, even while it is in use, and check the copy."""
    _tell(copies.back_up(settings_of(ctx).database.path, file, replace=replace), as_json=as_json)


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A copy that `manciple backup` made.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Put a copy in the place of the database; the old one stays beside it."""
    path = settings_of(ctx).database.path
    found = copies.restore(file, path, knows=knows_schema, mark=renew_generation)
    # The search index follows revisions, and those of a copy are older: it is made anew.
    shutil.rmtree(path.with_suffix(".index"), ignore_errors=True)
    _tell(msgspec.structs.replace(found, path=path), as_json=as_json)


def _tell(copy: copies.Copy, *, as_json: bool) -> None:
    if as_json:
        print_json(copy)
        return
    products = counted(copy.rows.get("walmart_products", 0), "product")
    lists = counted(copy.rows.get("grocery_lists", 0), "list")
    typer.echo(
        f"{copy.path}: {copy.size_bytes:,} bytes, schema {copy.schema}, {products}, "
        f"{lists}, {sum(copy.rows.values()):,} rows in all; whole and checked"
    )
