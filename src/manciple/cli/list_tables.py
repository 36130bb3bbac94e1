"""How lists are printed."""

from collections.abc import Sequence

import typer

from manciple.api.shapes_lists import (
    AddAnswer,
    GroceryListShape,
    ListAnswer,
    ListSummary,
    TouchAnswer,
    UndoAnswer,
)
from manciple.cli.output import money, print_json, print_table
from manciple.grocery.domain.list_filling import Added
from manciple.grocery.domain.lists import ItemStatus, ListStatus

Answer = ListAnswer | TouchAnswer | AddAnswer | UndoAnswer

MARKS = {ItemStatus.PENDING: "", ItemStatus.CHECKED: "✓", ItemStatus.UNAVAILABLE: "sold out"}
# As when the whole command is refused; see `failures.py`.
REFUSED = 4


def print_answer(answer: Answer, *, as_json: bool) -> None:
    """The list that a call ended with; what was refused is told and seen in the exit code."""
    if as_json:
        print_json(answer)
    else:
        _print_answer(answer)
    if isinstance(answer, AddAnswer) and answer.refused:
        raise typer.Exit(REFUSED)


def _print_answer(answer: Answer) -> None:
    if isinstance(answer, AddAnswer):
        for one in answer.results:
            if one.status is Added.REFUSED:
                typer.echo(f"refused: {one.problem}", err=True)
    if isinstance(answer, UndoAnswer):
        typer.echo(f"Undone: {answer.undone.replace('_', ' ')}")
    print_list(answer.list)


def print_list(shown: GroceryListShape) -> None:
    """A table of the lines, and the total."""
    rows = [
        (
            number,
            MARKS[item.status],
            f"{item.quantity} {item.unit}" if item.unit else item.quantity,
            item.name + (f"\n{item.notes}" if item.notes else ""),
            item.product_id,
            money(item.estimated_price) or (item.price_missing or "").replace("_", " "),
        )
        for number, item in enumerate(shown.items, start=1)
    ]
    columns = ("#", "", "quantity", "item", "product", "price")
    title = f"{shown.name} · {shown.id}" + (
        "" if shown.status == "active" else f" · {shown.status}"
    )
    if rows:
        print_table(columns, rows, title=title)
    else:
        typer.echo(title)
    typer.echo(total_line(shown))


def total_line(shown: GroceryListShape) -> str:
    """What the list costs, in one line."""
    line = f"Total {money(shown.estimated_total)}"
    if shown.checked_count:
        line += f", still to get {money(shown.remaining_total)}"
    if shown.items_without_price:
        line += f"; {shown.items_without_price} of {shown.item_count} lines have no known price"
    return line


def summary_row(one: ListSummary) -> Sequence[object]:
    """One line of the table of all lists."""
    return (
        one.name if one.status is ListStatus.ACTIVE else f"{one.name} ({one.status})",
        one.id,
        f"{one.item_count} ({one.checked_count} ✓)" if one.checked_count else one.item_count,
        money(one.estimated_total),
    )
