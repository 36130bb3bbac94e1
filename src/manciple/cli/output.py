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


def print_line(value: Any, line: str, *, as_json: bool) -> None:
    """What was done, in one line; for scripts the value itself."""
    if as_json:
        print_json(value)
    else:
        typer.echo(line)


def money(amount: Decimal | None) -> str:
    """Dollars as people read them; nothing where the amount is not known."""
    if amount is None:
        return ""
    return f"${amount}" if amount >= 0 else f"-${-amount}"


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = ""
) -> None:
    """A table of texts; None becomes an empty cell, and nothing is cut off."""
    table = Table(title=escape(title) or None, title_justify="left", header_style="bold")
    for name in columns:
        # Ids and names of variables are there to be typed, so long ones break instead.
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    Console().print(table)


def _as_text(value: Any) -> Any:
    if isinstance(value, Path | Decimal | datetime):
        return str(value)
    raise NotImplementedError(type(value).__name__)
