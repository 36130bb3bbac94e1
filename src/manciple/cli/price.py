"""`manciple price`: what products cost, what they used to cost, and which is cheaper."""

from typing import Annotated

import typer

from manciple.api import price_watches as live
from manciple.api import prices as ask
from manciple.api.shapes_prices import (
    PriceHistoryInput,
    ProductInput,
    ProductsInput,
    RecordInput,
    StatisticsInput,
)
from manciple.cli.asking import in_context, number, optional_number
from manciple.cli.output import JsonOption, money, print_json, print_line, print_rows, print_table
from manciple.cli.price_checks import offer, seasons, size

price = typer.Typer(no_args_is_help=True, help="Look up, compare and record prices.")

Product = Annotated[str, typer.Argument(metavar="PRODUCT", help="A product's id.")]
Products = Annotated[list[str], typer.Argument(metavar="PRODUCT…", help="Ids of products.")]

DaysOption = Annotated[int | None, typer.Option(help="How far back; left out: everything.")]


@price.command("show")
def show(
    ctx: typer.Context,
    product: Product,
    *,
    refresh: Annotated[bool, typer.Option(help="Ask the shop first.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The newest price, with who stated it and when."""
    wanted = live.LiveInput(product_id=product, refresh="now" if refresh else "never")
    found = in_context(ctx, lambda context: live.current(context, wanted))
    if refresh and not found.is_live:
        typer.echo(f"not from the shop: {found.live_missing}", err=True)
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
    """What was seen of a price, newest first: single looks of late, and older ones by the day."""
    wanted = PriceHistoryInput(product_id=product, days=days)
    found = in_context(ctx, lambda context: ask.history(context, wanted))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            f"{one.observed_at:%Y-%m-%d %H:%M}",
            money(one.amount),
            one.source,
            one.store,
            one.confidence,
        )
        for one in found.observations
    ]
    print_table(("seen", "price", "by", "store", "confidence"), rows)
    single = {f"{one.observed_at:%Y-%m-%d}" for one in found.observations}
    older = [
        (day.day, day.looks, *map(money, (day.low, day.median, day.high)), day.last.source)
        for day in found.days
        if day.day not in single
    ]
    if older:
        print_table(("day", "looks", "low", "median", "high", "by"), older, title="By the day")


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
        rows = [
            (
                one.count,
                *map(money, (one.newest, one.least, one.low, one.median, one.high, one.most)),
            )
        ]
        print_table(("seen", "newest", "least", "10 %", "median", "90 %", "most"), rows)
        low = one.lowest
        typer.echo(f"lowest of all time: ${low.amount} by {low.source}, {low.observed_at:%Y-%m-%d}")


@price.command("compare")
def compare(ctx: typer.Context, products: Products, *, as_json: JsonOption = False) -> None:
    """Products by their unit prices, the cheapest first."""
    wanted = ProductsInput(product_ids=tuple(products))
    found = in_context(ctx, lambda context: ask.compare(context, wanted))
    if as_json:
        print_json(found)
        return
    rows = [
        (one.rank, one.name, money(one.price), one.unit_price, one.product_id)
        for one in found.products
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
    said = "is the price now" if found.is_new_price else "is kept in the history"
    print_line(found, f"{found.product.name}: ${wanted.price:.2f} {said}", as_json=as_json)


@price.command("watch")
def watch(
    ctx: typer.Context,
    product: Product,
    *,
    below: Annotated[str | None, typer.Option(help="Tell at so many dollars or less.")] = None,
    drop: Annotated[
        int | None, typer.Option(min=1, max=99, help="Tell a fall by so many %.")
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="Tell when it can be had again.")] = False,
    priority: Annotated[int, typer.Option(min=0, max=9, help="9 is looked at most often.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Be told what happens to a price, while `manciple serve` runs."""
    wanted = live.WatchInput(
        product_id=product,
        below=optional_number("--below", below),
        drop_percent=drop,
        back_in_stock=back,
        priority=priority,
    )
    found = in_context(ctx, lambda context: live.watch(context, wanted))
    name = found.product.name if found.product else product
    print_line(found, f"watching {name}", as_json=as_json)


@price.command("unwatch")
def unwatch(ctx: typer.Context, product: Product, *, as_json: JsonOption = False) -> None:
    """Be told no more."""
    wanted = ProductInput(product_id=product)
    found = in_context(ctx, lambda context: live.unwatch(context, wanted))
    print_line(found, f"not watching {product} any more", as_json=as_json)


@price.command("watches")
def watches(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """What is watched."""
    found = in_context(ctx, live.watches)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one.product_id,
            one.product.name if one.product else "no longer sold",
            money(one.product.current_price) if one.product else None,
            money(one.below),
            one.drop_percent,
            "yes" if one.back_in_stock else "",
            f"{one.last_look_at:%Y-%m-%d %H:%M}" if one.last_look_at else "never",
        )
        for one in found.watches
    ]
    print_table(("id", "product", "price", "below", "drop %", "back", "last look"), rows)
    if not found.is_live:
        typer.echo("no live source is set up, so nobody looks; see `manciple config`", err=True)


@price.command("alerts")
def alerts(
    ctx: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """What happened to what is watched, newest first."""
    wanted = live.AlertsInput(limit=limit)
    found = in_context(ctx, lambda context: live.alerts(context, wanted))
    rows = [
        (
            f"{one.at:%Y-%m-%d %H:%M}",
            one.name,
            one.kind.value.replace("_", " "),
            money(one.price.amount) if one.price else None,
            money(one.before),
        )
        for one in found.alerts
    ]
    print_rows(found, ("when", "product", "what", "price", "before"), rows, as_json=as_json)


price.command("offer")(offer)
price.command("size")(size)
price.command("seasons")(seasons)
