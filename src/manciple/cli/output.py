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

# What a column needs to be read at all.
_LEAST_WIDTH = 12
# A cell's two blanks and one line.
_FRAME = 3

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


def print_rows(
    value: Any, columns: Sequence[str], rows: Iterable[Sequence[object]], *, as_json: bool
) -> None:
    """What was found, as a table; for scripts the value itself."""
    if as_json:
        print_json(value)
    else:
        print_table(columns, rows)


def money(amount: Decimal | None) -> str:
    """Dollars as people read them; nothing where the amount is not known."""
    if amount is None:
        return ""
    return f"${amount}" if amount >= 0 else f"-${-amount}"


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = ""
) -> None:
    """A table of texts; None becomes an empty cell, and nothing is cut off.

    Ids and names of variables are there to be typed: they stay in one piece while there is room.
    """
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    console = Console()
    whole = _in_one_piece(columns, cells, width=console.width)
    # Not the table's own title, which would be folded to the width of the table.
    if title:
        console.print(title, style="italic", markup=False, highlight=False, soft_wrap=True)
    table = Table(header_style="bold")
    for number, name in enumerate(columns):
        table.add_column(name, overflow="fold", no_wrap=number in whole)
    for row in cells:
        table.add_row(*map(escape, row))
    console.print(table)


def counted(count: int, one: str, many: str = "") -> str:
    """How many there are of something: "1 list", "1,200 lists"."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def _in_one_piece(
    columns: Sequence[str], cells: Sequence[Sequence[str]], *, width: int
) -> frozenset[int]:
    """The columns of single words, as long as others keep enough room; else those of ids."""
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    single = [
        number
        for number, column in enumerate(zip(*cells, strict=True))
        if not any(" " in text for text in column)
    ]
    for whole in (single, [number for number in single if columns[number] == "id"]):
        needed = 1 + sum(
            (wide if number in whole else min(wide, _LEAST_WIDTH)) + _FRAME
            for number, wide in enumerate(widths)
        )
        if needed <= width:
            return frozenset(whole)
    return frozenset()


def _as_text(value: Any) -> Any:
    if isinstance(value, Path | Decimal | datetime):
        return str(value)
    raise NotImplementedError(type(value).__name__)
