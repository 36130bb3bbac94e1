"""What to make of a price: `manciple price offer`, `size` and `seasons`."""

import calendar
from typing import Annotated

import typer

from manciple.api import price_checks as ask
from manciple.api.shapes_prices import ProductInput
from manciple.cli.asking import in_context, number
from manciple.cli.output import JsonOption, money, print_json, print_table

Product = Annotated[str, typer.Argument(metavar="PRODUCT", help="A product's id.")]


def offer(
    ctx: typer.Context,
    product: Product,
    was: Annotated[str, typer.Argument(metavar="WAS", help="The former price that it names.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Whether a "was" price is borne out by what was seen in 90 days."""
    wanted = ask.OfferInput(product_id=product, was=number("WAS", was))
    found = in_context(ctx, lambda context: ask.check(context, wanted))
    if as_json:
        print_json(found)
        return
    typer.echo(f"{found.verdict.replace('_', ' ')}: {found.reason}")
    if found.highest is not None:
        one = found.highest
        typer.echo(f"highest seen: ${one.amount} by {one.source}, {one.observed_at:%Y-%m-%d}")


def size(ctx: typer.Context, product: Product, *, as_json: JsonOption = False) -> None:
    """Whether a package shrank while its price did not, with the two looks that show it."""
    wanted = ProductInput(product_id=product)
    found = in_context(ctx, lambda context: ask.check_size(context, wanted))
    if as_json:
        print_json(found)
        return
    typer.echo(f"{found.verdict.replace('_', ' ')}: {found.reason}")
    looks = [look for look in (found.before, found.after) if look is not None]
    rows = [
        (
            f"{look.price.observed_at:%Y-%m-%d}",
            look.size,
            money(look.price.amount),
            look.unit_price,
            look.price.source,
        )
        for look in looks
    ]
    if rows:
        print_table(("seen", "size", "price", "unit price", "by"), rows)


def seasons(ctx: typer.Context, product: Product, *, as_json: JsonOption = False) -> None:
    """In which months a product was cheaper or dearer than usual, where enough was seen."""
    wanted = ProductInput(product_id=product)
    found = in_context(ctx, lambda context: ask.price_seasons(context, wanted))
    if as_json:
        print_json(found)
        return
    typer.echo(found.verdict.replace("_", " ") + (f": {found.missing}" if found.missing else ""))
    marks = dict.fromkeys(found.cheap, "cheap") | dict.fromkeys(found.dear, "dear")
    rows = [
        (calendar.month_abbr[one.month], f"{one.percent} %", one.years, marks.get(one.month))
        for one in found.months
    ]
    if rows:
        print_table(("month", "of the usual", "years", ""), rows)
