"""`manciple pantry`: what is at home, what is short, and the staples."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import typer

from manciple.api import pantry as ask
from manciple.api.context import Context
from manciple.api.shapes_pantry import (
    FilledAnswer,
    FillListInput,
    MinimumInput,
    MoveInput,
    PantryItemInput,
    PantryItemShape,
    StapleInput,
)
from manciple.cli.asking import find_list, in_context, number, typed
from manciple.cli.list_tables import print_list
from manciple.cli.output import JsonOption, print_json, print_line, print_rows
from manciple.kit.errors import NotFound

pantry = typer.Typer(no_args_is_help=True, help="Keep what is at home.")

Thing = Annotated[str, typer.Argument(metavar="THING", help='A product id or words; "2 x rice".')]
UnitOption = Annotated[str | None, typer.Option(help="The unit; left out: packages.")]
NoteOption = Annotated[str | None, typer.Option(help="A note in the ledger.")]
Kind = Literal["bought", "used", "wasted", "counted"]


@pantry.command("show")
def show(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """Everything at home, and what is short."""
    found = in_context(ctx, ask.get_pantry)
    rows = [_row(one) for one in found.items]
    print_rows(found, ("thing", "stock", "minimum", "short", "id"), rows, as_json=as_json)


def _mover(kind: Kind) -> Callable[..., None]:
    def move(
        ctx: typer.Context,
        thing: Thing,
        *,
        unit: UnitOption = None,
        note: NoteOption = None,
        as_json: JsonOption = False,
    ) -> None:
        meant = typed(thing)
        wanted = MoveInput(
            product_id=meant.product_id,
            text=meant.text,
            unit=unit,
            kind=kind,
            quantity=meant.quantity,
            note=note,
        )
        _print(in_context(ctx, lambda context: ask.move(context, wanted)), as_json=as_json)

    return move


pantry.command("buy", help="Put something in.")(_mover("bought"))
pantry.command("use", help="Take something out.")(_mover("used"))
pantry.command("waste", help="Throw something away.")(_mover("wasted"))
pantry.command("count", help="Say how much there is.")(_mover("counted"))


@pantry.command("minimum")
def minimum(
    ctx: typer.Context,
    thing: Annotated[str, typer.Argument(metavar="THING", help="A product id or words.")],
    enough: Annotated[str, typer.Argument(metavar="QUANTITY", help='How much; "none" for no.')],
    *,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how much of something is enough."""
    meant = typed(thing)
    wanted = MinimumInput(
        product_id=meant.product_id,
        text=meant.text,
        unit=unit,
        minimum=None if enough == "none" else number("QUANTITY", enough),
    )
    _print(in_context(ctx, lambda context: ask.set_minimum(context, wanted)), as_json=as_json)


@pantry.command("undo")
def undo(
    ctx: typer.Context,
    thing: Annotated[str, typer.Argument(metavar="THING", help="Its name or id as shown.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Take the last movement of something back."""
    _do(ctx, thing, ask.undo, as_json=as_json)


@pantry.command("staple")
def staple(
    ctx: typer.Context,
    thing: Thing,
    *,
    every: Annotated[int, typer.Option(help="How many days apart.", min=1)],
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Buy something again and again."""
    meant = typed(thing)
    wanted = StapleInput(
        product_id=meant.product_id,
        text=meant.text,
        unit=unit,
        quantity=meant.quantity,
        every_days=every,
    )
    kept = in_context(ctx, lambda context: ask.keep_staple(context, wanted))
    line = f"{kept.name}: every {kept.every_days} days, next on {kept.due_at:%Y-%m-%d}"
    print_line(kept, line, as_json=as_json)


@pantry.command("staples")
def staples(ctx: typer.Context, *, as_json: JsonOption = False) -> None:
    """What you buy again and again."""
    found = in_context(ctx, ask.get_staples)
    rows = [
        (one.name, one.quantity, one.unit, one.every_days, f"{one.due_at:%Y-%m-%d}", one.id)
        for one in found.staples
    ]
    print_rows(found, ("staple", "quantity", "unit", "days", "due", "id"), rows, as_json=as_json)


@pantry.command("unstaple")
def unstaple(
    ctx: typer.Context,
    staple_id: Annotated[str, typer.Argument(metavar="ID", help="Its id.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Stop buying something again and again."""
    wanted = PantryItemInput(id=staple_id)
    found = in_context(ctx, lambda context: ask.remove_staple(context, wanted))
    print_line(found, f"removed {staple_id}", as_json=as_json)


@pantry.command("fill")
def fill(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="LIST", help="Its id, or its name.")],
    *,
    ahead: Annotated[int, typer.Option(help="Staples due within so many days.", min=0)] = 3,
    as_json: JsonOption = False,
) -> None:
    """Put on a list what is short and what is due."""

    async def work(context: Context) -> FilledAnswer:
        list_id = await find_list(context, which)
        return await ask.fill_list(context, FillListInput(list_id=list_id, ahead_days=ahead))

    filled = in_context(ctx, work)
    if as_json:
        print_json(filled)
        return
    typer.echo(f"{filled.from_pantry} for the pantry, {filled.from_staples} staples")
    print_list(filled.list)


def _do(
    ctx: typer.Context,
    thing: str,
    verb: Callable[[Context, PantryItemInput], Awaitable[PantryItemShape]],
    *,
    as_json: bool,
) -> None:
    async def work(context: Context) -> PantryItemShape:
        items = (await ask.get_pantry(context)).items
        for item in items:
            if thing in (item.id, item.product_id) or thing.casefold() == item.name.casefold():
                return await verb(context, PantryItemInput(id=item.id))
        raise NotFound("thing in the pantry", thing)

    _print(in_context(ctx, work), as_json=as_json)


def _print(item: PantryItemShape, *, as_json: bool) -> None:
    unit = f" {item.unit}" if item.unit else ""
    short = f", {item.short}{unit} short" if item.short else ""
    print_line(item, f"{item.name}: {item.stock}{unit}{short}", as_json=as_json)


def _row(item: PantryItemShape) -> tuple[object, ...]:
    unit = f" {item.unit}" if item.unit else ""
    return (
        item.name,
        f"{item.stock}{unit}",
        None if item.minimum is None else f"{item.minimum}{unit}",
        f"{item.short}{unit}" if item.short else None,
        item.id,
    )
