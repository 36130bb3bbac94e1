"""`manciple orders`: what order pages and exports yield, and taking them in."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from manciple.api import orders as ask
from manciple.api.context import Context
from manciple.cli.asking import in_context
from manciple.cli.output import (
    JsonOption,
    counted,
    print_json,
    print_line,
    print_rows,
    print_table,
)
from manciple.cli.progress import bar
from manciple.grocery.actions.import_orders import Imported, OnOrder
from manciple.grocery.connectors.order_files import read_order_file
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.orders import (
    Order,
    OrderFile,
    RefusedOrder,
    disagreement,
    goods_cents,
    paid_cents,
)
from manciple.kit.errors import InvalidInput, MancipleError

orders = typer.Typer(no_args_is_help=True, help="Import, list and read orders.")

Files = Annotated[
    list[Path],
    typer.Argument(help="Saved order pages (HTML, JSON) and exports (CSV, XLSX, JSON)."),
]


class ParsedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order with the sums that it comes to, in cents."""

    order: Order
    goods_cents: int | None
    paid_cents: int | None
    disagreement: str | None


class ParsedFile(msgspec.Struct, frozen=True, kw_only=True):
    """What one file yields; `problem` says why it cannot be read at all."""

    file: str
    orders: tuple[ParsedOrder, ...] = ()
    refused: tuple[RefusedOrder, ...] = ()
    next_cursor: str | None = None
    problem: str | None = None


@orders.command("parse")
def parse(files: Files, *, as_json: JsonOption = False) -> None:
    """Show the orders of saved pages and exports; nothing is imported.

    Exit code 1 if any order was refused, or any of several files cannot be read.
    """
    read = _parsed if len(files) == 1 else _parsed_or_not
    parsed = [read(file) for file in files]
    if as_json:
        print_json(parsed[0] if len(parsed) == 1 else parsed)
    else:
        rows = [_row(one) for file in parsed for one in file.orders]
        print_table(("order", "when", "lines", "goods", "paid", "remark"), rows)
    for file in parsed:
        if file.problem:
            typer.echo(f"refused file {file.file}: {file.problem}", err=True)
        for refused in file.refused:
            typer.echo(f"refused order {refused.order_id}: {'; '.join(refused.problems)}", err=True)
    if any(file.refused or file.problem for file in parsed):
        raise typer.Exit(1)


@orders.command("import")
def import_orders(ctx: typer.Context, files: Files, *, as_json: JsonOption = False) -> None:
    """Take in the orders of saved pages and exports; what is known already is left as it is.

    Every order is taken whole or not at all. Exit code 1 if any order or file was refused.
    """
    read, unreadable = _read_all(files)
    total = sum(len(file.orders) for file in read)
    with bar("Importing orders", total=total) as progress:
        done = in_context(ctx, lambda c: _take(c, read, progress))
    refused = (*unreadable, *done.refused)
    if as_json:
        print_json(_document(done, refused))
    else:
        typer.echo(
            f"{counted(done.orders, 'order')}, {counted(done.products, 'product')}, "
            f"{counted(done.lines, 'line item')}:"
            f" {done.added} added, {done.changed} changed, {done.unchanged} known already"
        )
    for one in refused:
        typer.echo(f"refused {one.order_id}: {'; '.join(one.problems)}", err=True)
    for one in done.remarks:
        typer.echo(f"kept as printed {one.order_id}: {'; '.join(one.problems)}", err=True)
    if refused:
        raise typer.Exit(1)


@orders.command("digest")
def digest(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Print a hash of all orders, products and prices; it is the same only if nothing differs."""
    found = in_context(ctx, lambda context: context.orders.digest())
    print_line({"digest": found}, found, as_json=as_json)


@orders.command("list")
def list_orders(
    ctx: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show what was imported, newest first."""
    found = in_context(ctx, lambda c: ask.list_orders(c, ask.OrdersInput(limit=limit)))
    rows = [
        (
            one.order_id,
            one.ordered_at.date() if one.ordered_at else "unknown",
            one.line_count,
            "unknown" if one.paid is None else f"${one.paid}",
            one.status,
        )
        for one in found.orders
    ]
    print_rows(found, ("order", "when", "lines", "paid", "status"), rows, as_json=as_json)


def _read_all(files: list[Path]) -> tuple[list[OrderFile], list[RefusedOrder]]:
    """What the files hold, and those that cannot be read at all."""
    read, unreadable = [], []
    for file in files:
        try:
            read.append(_read(file))
        except MancipleError as error:
            unreadable.append(RefusedOrder(order_id=file.name, problems=(str(error),)))
    return read, unreadable


async def _take(context: Context, read: list[OrderFile], progress: OnOrder) -> Imported:
    return await context.orders.take(context.principal.acting_for(), read, on_order=progress)


def _document(done: Imported, refused: tuple[RefusedOrder, ...]) -> dict[str, object]:
    return {
        "ordersImported": done.orders,
        "productsImported": done.products,
        "lineItemsImported": done.lines,
        "added": done.added,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "newProducts": done.new_products,
        "refused": [{"orderId": one.order_id, "problems": one.problems} for one in refused],
        "remarks": [{"orderId": one.order_id, "problems": one.problems} for one in done.remarks],
    }


def _read(file: Path) -> OrderFile:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InvalidInput.at("file", f"{file}: {error.strerror}") from error
    return read_order_file(body, name=file.name)


def _parsed_or_not(file: Path) -> ParsedFile:
    try:
        return _parsed(file)
    except MancipleError as error:
        return ParsedFile(file=file.name, problem=str(error))


def _parsed(file: Path) -> ParsedFile:
    found = _read(file)
    return ParsedFile(
        file=file.name,
        orders=tuple(
            ParsedOrder(
                order=order,
                goods_cents=goods_cents(order),
                paid_cents=paid_cents(order),
                disagreement=disagreement(order),
            )
            for order in found.orders
        ),
        refused=found.refused,
        next_cursor=found.next_cursor,
    )


def _row(one: ParsedOrder) -> tuple[object, ...]:
    when = one.order.ordered_at
    return (
        one.order.order_id,
        when.date() if when else "unknown",
        len(one.order.lines),
        _money(one.goods_cents),
        _money(one.paid_cents),
        "prices are not on this page" if one.order.is_partial else one.disagreement,
    )


def _money(cents: int | None) -> str:
    return "unknown" if cents is None else f"${dollars(cents)}"
