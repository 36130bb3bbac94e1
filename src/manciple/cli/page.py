"""`manciple page`: what a saved page of the shop yields."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from manciple.cli.output import JsonOption, print_json, print_table
from manciple.grocery.connectors.shop_pages import CONFIDENCE, ESTIMATE_CONFIDENCE, SOURCE
from manciple.grocery.connectors.walmart_pages import ShownPage, read_page
from manciple.grocery.connectors.walmart_tiles import ShownProduct
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.units import UnitPrice

page = typer.Typer(no_args_is_help=True, help="Read saved pages of the shop.")


class ParsedProduct(msgspec.Struct, frozen=True, kw_only=True):
    """One product as scripts read it: prices in cents, null with a reason.

    `price_cents` is for one piece; of "2 for $5.00" it is 250, with 2 pieces for 500 beside it.
    `observed_at` is null: a file does not say when its page was saved.
    """

    id: str
    name: str
    brand: str | None
    price_cents: int | None
    price_missing: str | None
    price_pieces: int
    price_pieces_cents: int | None
    was_cents: int | None
    lowest_cents: int | None
    highest_cents: int | None
    is_estimate: bool
    unit_price: str | None
    unit_price_read: UnitPrice | None
    stock: str
    buyable: bool | None
    seller: str | None
    marketplace: bool | None
    sponsored: bool
    store: str | None
    fulfillment: tuple[str, ...]
    url: str | None
    layout: str
    source: str
    confidence: float
    observed_at: None = None


@page.callback()
def _group() -> None:
    """Read saved pages of the shop."""


@page.command("parse")
def parse(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="A saved page: HTML, or its data as JSON; gzip is fine.",
        ),
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Show the products of a saved page; nothing is imported."""
    shown = read_page(file.read_bytes())
    if as_json:
        print_json(_document(shown))
        return
    columns = ("id", "product", "price", "unit price", "stock", "seller", "sponsored")
    print_table(columns, [_row(product) for product in shown.products])
    for skipped in shown.skipped:
        typer.echo(f"skipped tile {skipped.position}: {skipped.reason}", err=True)


def _document(shown: ShownPage) -> dict[str, object]:
    return {
        "kind": shown.kind,
        "total_count": shown.total_count,
        "products": [_parsed(product) for product in shown.products],
        "skipped": shown.skipped,
    }


def _parsed(product: ShownProduct) -> ParsedProduct:
    price = product.price
    return ParsedProduct(
        id=product.product_id,
        name=product.name,
        brand=product.brand,
        price_cents=price.cents,
        price_missing=price.missing,
        price_pieces=price.pieces,
        price_pieces_cents=price.pieces_cents,
        was_cents=price.was_cents,
        lowest_cents=price.lowest_cents,
        highest_cents=price.highest_cents,
        is_estimate=price.is_estimate,
        unit_price=price.unit_price_text,
        unit_price_read=price.unit_price,
        stock=product.stock.value,
        buyable=product.is_buyable,
        seller=product.seller,
        marketplace=product.is_marketplace,
        sponsored=product.is_sponsored,
        store=product.store,
        fulfillment=product.fulfillment,
        url=product.product_url,
        layout=product.layout,
        source=SOURCE,
        confidence=ESTIMATE_CONFIDENCE if price.is_estimate else CONFIDENCE,
    )


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
