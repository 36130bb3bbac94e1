"""What commands print: a rich table for people, JSON for scripts."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def print_json(value: Any) -> None:
    """One JSON document on standard output, indented on a terminal only."""
    body = msgspec.json.Encoder(decimal_format="number", enc_hook=_as_text).encode(value)
    if sys.stdout.isatty():
        body = msgspec.json.format(body, indent=2)
    sys.stdout.write(body.decode() + "\n")


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = ""
) -> None:
    """A table of texts; None becomes an empty cell."""
    table = Table(*columns, title=escape(title) or None, title_justify="left", header_style="bold")
    for row in rows:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    Console().print(table)


def _as_text(value: Any) -> Any:
    if isinstance(value, Path | Decimal | datetime):
        return str(value)
    raise NotImplementedError(type(value).__name__)
