"""`manciple list`: grocery lists on the command line.

A list is named by its id or its name, its lines by the numbers that `show` prints.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

import typer

from manciple.api import grocery_lists as ask
from manciple.api.context import Context
from manciple.api.list_inputs import (
    AddToListInput,
    CreateListInput,
    DuplicateListInput,
    ItemsInput,
    ListItemInput,
    UpdateListInput,
    VersionedListInput,
)
from manciple.api.shapes_lists import AddAnswer, GroceryListShape, ListAnswer, TouchAnswer
from manciple.cli.asking import every_list, find_list, in_context, line_id, see_list, typed
from manciple.cli.choosing import looked_up
from manciple.cli.list_sharing import share, unshare
from manciple.cli.list_tables import Answer, print_answer, summary_row, total_line
from manciple.cli.output import JsonOption, print_json, print_rows

lists = typer.Typer(no_args_is_help=True, help="Keep grocery lists.")

Which = Annotated[str, typer.Argument(metavar="LIST", help="Its id, or its name.")]
Lines = Annotated[list[str], typer.Argument(metavar="LINE…", help="Numbers as shown, or ids.")]


@lists.command("all")
def all_lists(
    ctx: typer.Context,
    *,
    archived: Annotated[bool, typer.Option("--archived", help="The archived ones too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Every list with its total."""
    found = in_context(ctx, lambda context: every_list(context, archived=archived))
    rows = [summary_row(one) for one in found]
    print_rows(found, ("list", "id", "lines", "total"), rows, as_json=as_json)


@lists.command("show")
def show(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """One list with its lines and what they cost."""
    _do(ctx, which, see_list, as_json=as_json)


@lists.command("total")
def total(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """What a list costs, and how many lines have no price."""

    async def work(context: Context) -> GroceryListShape:
        return (await see_list(context, await find_list(context, which))).list

    found = in_context(ctx, work)
    if as_json:
        print_json(
            {
                "estimatedTotal": found.estimated_total,
                "remainingTotal": found.remaining_total,
                "itemsWithoutPrice": found.items_without_price,
                "currency": found.currency,
            }
        )
    else:
        typer.echo(total_line(found))


@lists.command("create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it.")],
    *,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Start a new list."""
    wanted = CreateListInput(name=name, description=description)
    print_answer(in_context(ctx, lambda c: ask.create_list(c, wanted)), as_json=as_json)


@lists.command("add")
def add(
    ctx: typer.Context,
    which: Which,
    items: Annotated[
        list[str],
        typer.Argument(metavar="ITEM…", help='Product ids or words; "2 x oat milk" for more.'),
    ],
    *,
    unit: Annotated[str | None, typer.Option(help="The unit of all quantities.")] = None,
    notes: Annotated[str | None, typer.Option(help="A note on every line.")] = None,
    words: Annotated[bool, typer.Option("--words", help="Look no words up.")] = False,
    choose: Annotated[bool, typer.Option("--choose", help="Ask which product is meant.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put items on a list; words become the best product found, or stay words where none fits."""

    async def work(context: Context, list_id: str) -> AddAnswer:
        things = [typed(text) for text in items]
        if not words:
            things = [await looked_up(context, thing, choose=choose) for thing in things]
        wanted = [
            ListItemInput(
                product_id=thing.product_id,
                text=thing.text,
                quantity=thing.quantity,
                unit=unit,
                notes=notes,
            )
            for thing in things
        ]
        return await ask.add_to_list(context, AddToListInput(list_id=list_id, items=wanted))

    _do(ctx, which, work, as_json=as_json)


@lists.command("check")
def check(
    ctx: typer.Context,
    which: Which,
    lines: Lines,
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Open them again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check lines off."""
    _touch(ctx, which, lines, ask.uncheck_items if undo else ask.check_items, as_json=as_json)


@lists.command("remove")
def remove(ctx: typer.Context, which: Which, lines: Lines, *, as_json: JsonOption = False) -> None:
    """Take lines off a list."""
    _touch(ctx, which, lines, ask.remove_items, as_json=as_json)


@lists.command("clear")
def clear(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """Take off what is checked."""
    _do(ctx, which, _versioned(ask.clear_checked), as_json=as_json)


@lists.command("rename")
def rename(
    ctx: typer.Context,
    which: Which,
    name: Annotated[str, typer.Argument(help="The new name.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Call a list something else."""

    async def work(context: Context, list_id: str) -> ListAnswer:
        return await ask.update_list(context, UpdateListInput(list_id=list_id, name=name))

    _do(ctx, which, work, as_json=as_json)


@lists.command("copy")
def copy(
    ctx: typer.Context,
    which: Which,
    name: Annotated[str | None, typer.Argument(help="What to call the copy.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Start a new list with the same lines."""

    async def work(context: Context, list_id: str) -> ListAnswer:
        return await ask.duplicate_list(context, DuplicateListInput(list_id=list_id, name=name))

    _do(ctx, which, work, as_json=as_json)


@lists.command("archive")
def archive(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """Put a list away."""
    _do(ctx, which, _versioned(ask.archive_list), as_json=as_json)


@lists.command("restore")
def restore(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """Take a list up again; a deleted one by its id."""
    _do(ctx, which, _versioned(ask.restore_list), as_json=as_json)


@lists.command("delete")
def delete(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """Delete a list; `undo` with its id brings it back."""
    _do(ctx, which, _versioned(ask.delete_list), as_json=as_json)


@lists.command("undo")
def undo(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """Take the last change of a list back."""
    _do(ctx, which, _versioned(ask.undo_list_change), as_json=as_json)


lists.command("share")(share)
lists.command("unshare")(unshare)


def _do(
    ctx: typer.Context,
    which: str,
    work: Callable[[Context, str], Awaitable[Answer]],
    *,
    as_json: bool,
) -> None:
    async def found(context: Context) -> Answer:
        return await work(context, await find_list(context, which))

    print_answer(in_context(ctx, found), as_json=as_json)


def _touch(
    ctx: typer.Context,
    which: str,
    lines: Sequence[str],
    touch: Callable[[Context, ItemsInput], Awaitable[TouchAnswer]],
    *,
    as_json: bool,
) -> None:
    async def work(context: Context, list_id: str) -> TouchAnswer:
        shown = (await see_list(context, list_id)).list
        ids = [line_id(shown, line) for line in lines]
        wanted = ItemsInput(list_id=list_id, item_ids=ids, version=shown.version)
        return await touch(context, wanted)

    _do(ctx, which, work, as_json=as_json)


def _versioned(
    verb: Callable[[Context, VersionedListInput], Awaitable[Answer]],
) -> Callable[[Context, str], Awaitable[Answer]]:
    return lambda context, list_id: verb(context, VersionedListInput(list_id=list_id))
