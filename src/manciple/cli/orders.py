"""`manciple orders`: what order pages and exports yield."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from manciple.cli.output import JsonOption, print_json, print_table
from manciple.grocery.connectors.order_exports import Export, RefusedOrder, read_export
from manciple.grocery.connectors.walmart_orders import read_order_page
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.orders import Order, disagreement, goods_cents, paid_cents
from manciple.kit.errors import InvalidInput, Upstream

orders = typer.Typer(no_args_is_help=True, help="Read order pages and exports.")

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
    """What one file yields."""

    file: str
    orders: tuple[ParsedOrder, ...]
    refused: tuple[RefusedOrder, ...]
    next_cursor: str | None = None


@orders.callback()
def _group() -> None:
    """Read order pages and exports."""


@orders.command("parse")
def parse(files: Files, *, as_json: JsonOption = False) -> None:
    """Show the orders of saved pages and exports; nothing is imported."""
    parsed = [_parsed(file) for file in files]
    if as_json:
        print_json(parsed[0] if len(parsed) == 1 else parsed)
        return
    rows = [_row(one) for file in parsed for one in file.orders]
    print_table(("order", "when", "lines", "goods", "paid", "remark"), rows)
    for file in parsed:
        for refused in file.refused:
            typer.echo(f"refused order {refused.order_id}: {'; '.join(refused.problems)}", err=True)


def read_orders(file: Path) -> tuple[Export, str | None]:
    """The orders of a page or an export, and the cursor of a list page's next page.

    Raises:
        InvalidInput: the file is neither.
        Upstream: it is a page of an unknown shape.
    """
    body = file.read_bytes()
    if file.suffix.lower() in (".html", ".htm"):
        page = read_order_page(body)
        return Export(orders=page.orders), page.next_cursor
    if file.suffix.lower() != ".json":
        return read_export(body, name=file.name), None
    try:
        page = read_order_page(body)
    except Upstream as error:
        try:
            return read_export(body, name=file.name), None
        except InvalidInput:
            raise error from None
    return Export(orders=page.orders), page.next_cursor


def _parsed(file: Path) -> ParsedFile:
    export, cursor = read_orders(file)
    return ParsedFile(
        file=file.name,
        orders=tuple(
            ParsedOrder(
                order=order,
                goods_cents=goods_cents(order),
                paid_cents=paid_cents(order),
                disagreement=disagreement(order),
            )
            for order in export.orders
        ),
        refused=export.refused,
        next_cursor=cursor,
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
