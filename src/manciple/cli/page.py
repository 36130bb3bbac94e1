"""`manciple page`: what a saved page of the shop yields."""

from pathlib import Path
from typing import Annotated

import typer

from manciple.cli.output import JsonOption, print_json, print_table
from manciple.grocery.connectors.walmart_pages import read_page
from manciple.grocery.connectors.walmart_tiles import ShownProduct
from manciple.grocery.domain.money import dollars

page = typer.Typer(no_args_is_help=True, help="Read saved pages of the shop.")


@page.callback()
def _group() -> None:
    """Read saved pages of the shop."""


@page.command("parse")
def parse(
    file: Annotated[Path, typer.Argument(help="A saved page: HTML, or its data as JSON.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Show the products of a saved page; nothing is imported."""
    shown = read_page(file.read_bytes())
    if as_json:
        print_json(shown)
        return
    columns = ("id", "product", "price", "unit price", "stock", "seller", "sponsored")
    print_table(columns, [_row(product) for product in shown.products])
    for skipped in shown.skipped:
        typer.echo(f"skipped tile {skipped.position}: {skipped.reason}", err=True)


def _row(product: ShownProduct) -> tuple[object, ...]:
    price = product.price
    return (
        product.product_id,
        product.name,
        f"${dollars(price.cents)}" if price.cents else f"unknown: {price.missing}",
        price.unit_price_text,
        product.stock.value.replace("_", " "),
        product.seller,
        "yes" if product.is_sponsored else "",
    )
