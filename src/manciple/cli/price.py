"""`manciple price`: what products cost, what they used to cost, and which is cheaper."""

from typing import Annotated

import typer

from manciple.api import prices as ask
from manciple.api.prices import (
    HistoryInput,
    ProductInput,
    ProductsInput,
    RecordInput,
    StatisticsInput,
)
from manciple.cli.asking import in_context, number
from manciple.cli.output import JsonOption, print_json, print_table

price = typer.Typer(no_args_is_help=True, help="Look up, compare and record prices.")

Product = Annotated[str, typer.Argument(metavar="PRODUCT", help="A product's id.")]
Products = Annotated[list[str], typer.Argument(metavar="PRODUCT…", help="Ids of products.")]
DaysOption = Annotated[int | None, typer.Option(help="How far back; left out: everything.")]


@price.command("show")
def show(ctx: typer.Context, product: Product, *, as_json: JsonOption = False) -> None:
    """The newest price, with who stated it and when."""
    wanted = ProductInput(product_id=product)
    found = in_context(ctx, lambda context: ask.current(context, wanted))
    if as_json:
        print_json(found)
    elif found.price is None:
        typer.echo(f"{found.name}: no price known ({found.price_missing})")
    else:
        each = f", {found.unit_price}" if found.unit_price else ""
        stated = f"{found.price.source} ({found.price.method}), {found.price.observed_at:%Y-%m-%d}"
        typer.echo(f"{found.name}: ${found.price.amount}{each}; {stated}")


@price.command("history")
def history(
    ctx: typer.Context, product: Product, *, days: DaysOption = None, as_json: JsonOption = False
) -> None:
    """Every price that was seen, newest first."""
    wanted = HistoryInput(product_id=product, days=days)
    found = in_context(ctx, lambda context: ask.history(context, wanted))
    if as_json:
        print_json(found)
        return
    rows = [
        (f"{one.observed_at:%Y-%m-%d %H:%M}", one.amount, one.source, one.store, one.confidence)
        for one in found.observations
    ]
    print_table(("seen", "price", "by", "store", "confidence"), rows)


@price.command("stats")
def stats(
    ctx: typer.Context, product: Product, *, days: DaysOption = None, as_json: JsonOption = False
) -> None:
    """What is usual: least, median, most."""
    wanted = StatisticsInput(product_id=product, days=days)
    found = in_context(ctx, lambda context: ask.stats(context, wanted))
    if as_json:
        print_json(found)
    elif found.figures is None:
        typer.echo("No price was ever seen")
    else:
        one = found.figures
        rows = [(one.count, one.newest, one.least, one.low, one.median, one.high, one.most)]
        print_table(("seen", "newest", "least", "10 %", "median", "90 %", "most"), rows)


@price.command("compare")
def compare(ctx: typer.Context, products: Products, *, as_json: JsonOption = False) -> None:
    """Products by their unit prices, the cheapest first."""
    wanted = ProductsInput(product_ids=tuple(products))
    found = in_context(ctx, lambda context: ask.compare(context, wanted))
    if as_json:
        print_json(found)
        return
    rows = [
        (one.rank, one.name, one.price, one.unit_price, one.product_id) for one in found.products
    ]
    print_table(("#", "product", "price", "unit price", "id"), rows)
    for one in found.unknown:
        typer.echo(f"unknown: {one}", err=True)


@price.command("record")
def record(
    ctx: typer.Context,
    product: Product,
    amount: Annotated[str, typer.Argument(metavar="PRICE", help="Dollars, as on the label.")],
    *,
    store: Annotated[str | None, typer.Option(help="Where you saw it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a price that you saw."""
    wanted = RecordInput(product_id=product, price=number("PRICE", amount), store=store)
    found = in_context(ctx, lambda context: ask.record(context, wanted))
    if as_json:
        print_json(found)
    else:
        said = "is the price now" if found.is_new_price else "is kept in the history"
        typer.echo(f"{found.product.name}: ${wanted.price} {said}")
