"""`manciple list`: grocery lists on the command line.

A list is named by its id or its name, its lines by the numbers that `show` prints.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Annotated, TypeVar

import typer

from manciple.api import grocery_lists as ask
from manciple.api.context import Context
from manciple.api.shapes_lists import (
    AddAnswer,
    AddToListInput,
    CreateListInput,
    DuplicateListInput,
    GroceryListShape,
    ItemsInput,
    ListAnswer,
    ListInput,
    ListItemInput,
    ListsAnswer,
    ListsInput,
    ListSummary,
    TouchAnswer,
    UndoAnswer,
    UpdateListInput,
    VersionedListInput,
)
from manciple.cli.inside import in_house
from manciple.cli.output import JsonOption, print_json, print_table
from manciple.grocery.domain.list_filling import Added
from manciple.grocery.domain.lists import ItemStatus, ListStatus
from manciple.kit.errors import InvalidInput, NotFound
from manciple.platform.rpc.procedure import Caller
from manciple.services.wiring import House

lists = typer.Typer(no_args_is_help=True, help="Keep grocery lists.")

Which = Annotated[str, typer.Argument(metavar="LIST", help="Its id, or its name.")]
Lines = Annotated[list[str], typer.Argument(metavar="LINE…", help="Numbers as shown, or ids.")]
T = TypeVar("T")
Answer = ListAnswer | TouchAnswer | AddAnswer | UndoAnswer

_TIMES = re.compile(r"(?P<quantity>\d+(?:\.\d{1,3})?)\s*[x×]\s+(?P<what>.+)", re.IGNORECASE)
# As when the whole command is refused; see `failures.py`.
_REFUSED = 4
_PRODUCT_ID = re.compile(r"\d{5,}")
_MARKS = {ItemStatus.PENDING: "", ItemStatus.CHECKED: "✓", ItemStatus.UNAVAILABLE: "sold out"}


@lists.command("all")
def all_lists(
    ctx: typer.Context,
    *,
    archived: Annotated[bool, typer.Option("--archived", help="The archived ones too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Every list with its total."""
    found = in_house(ctx, _in_context(lambda context: _all(context, archived=archived)))
    if as_json:
        print_json(found)
        return
    print_table(("list", "id", "lines", "total"), [_summary_row(one) for one in found])


@lists.command("show")
def show(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """One list with its lines and what they cost."""
    _do(ctx, which, _seen, as_json=as_json)


@lists.command("total")
def total(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """What a list costs, and how many lines have no price."""

    async def work(context: Context) -> GroceryListShape:
        return (await _seen(context, await _find(context, which))).list

    found = in_house(ctx, _in_context(work))
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
        typer.echo(_total_line(found))


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
    _print(in_house(ctx, _in_context(lambda c: ask.create_list(c, wanted))), as_json=as_json)


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
    as_json: JsonOption = False,
) -> None:
    """Put items on a list; words that are no product's id stay words."""
    wanted = [_item(text, unit=unit, notes=notes) for text in items]

    async def work(context: Context, list_id: str) -> AddAnswer:
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


def _do(
    ctx: typer.Context,
    which: str,
    work: Callable[[Context, str], Awaitable[Answer]],
    *,
    as_json: bool,
) -> None:
    async def found(context: Context) -> Answer:
        return await work(context, await _find(context, which))

    _print(in_house(ctx, _in_context(found)), as_json=as_json)


def _touch(
    ctx: typer.Context,
    which: str,
    lines: Sequence[str],
    touch: Callable[[Context, ItemsInput], Awaitable[TouchAnswer]],
    *,
    as_json: bool,
) -> None:
    async def work(context: Context, list_id: str) -> TouchAnswer:
        shown = (await _seen(context, list_id)).list
        ids = [_line_id(shown, line) for line in lines]
        wanted = ItemsInput(list_id=list_id, item_ids=ids, version=shown.version)
        return await touch(context, wanted)

    _do(ctx, which, work, as_json=as_json)


def _versioned(
    verb: Callable[[Context, VersionedListInput], Awaitable[Answer]],
) -> Callable[[Context, str], Awaitable[Answer]]:
    return lambda context, list_id: verb(context, VersionedListInput(list_id=list_id))


def _in_context(work: Callable[[Context], Awaitable[T]]) -> Callable[[House], Awaitable[T]]:
    async def through(house: House) -> T:
        return await work(await house.context(Caller(door="cli")))

    return through


async def _seen(context: Context, list_id: str) -> ListAnswer:
    return await ask.get_list(context, ListInput(list_id=list_id))


async def _all(context: Context, *, archived: bool) -> list[ListSummary]:
    found: list[ListSummary] = []
    page: ListsAnswer | None = None
    while page is None or page.next_cursor is not None:
        wanted = ListsInput(
            status="all" if archived else "active",
            limit=100,
            cursor=page.next_cursor if page else None,
        )
        page = await ask.get_lists(context, wanted)
        found.extend(page.lists)
    return found


async def _find(context: Context, which: str) -> str:
    """The id of the list that `which` names; what no list is called is taken for an id."""
    named = [
        one.id
        for one in await _all(context, archived=True)
        if which == one.id or which.casefold() == one.name.casefold()
    ]
    if len(named) > 1:
        raise InvalidInput.at("LIST", f"{len(named)} lists are called {which!r}; give an id")
    return named[0] if named else which


def _line_id(shown: GroceryListShape, line: str) -> str:
    if line.isdecimal() and 1 <= int(line) <= len(shown.items):
        return shown.items[int(line) - 1].id
    if any(item.id == line for item in shown.items):
        return line
    raise NotFound("line", line)


def _item(text: str, *, unit: str | None, notes: str | None) -> ListItemInput:
    times = _TIMES.fullmatch(text.strip())
    what = times["what"] if times else text.strip()
    is_id = _PRODUCT_ID.fullmatch(what) is not None
    return ListItemInput(
        product_id=what if is_id else None,
        text=None if is_id else what,
        quantity=Decimal(times["quantity"]) if times else Decimal(1),
        unit=unit,
        notes=notes,
    )


def _print(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
    else:
        _print_answer(answer)
    if isinstance(answer, AddAnswer) and answer.refused:
        raise typer.Exit(_REFUSED)


def _print_answer(answer: Answer) -> None:
    if isinstance(answer, AddAnswer):
        for one in answer.results:
            if one.status is Added.REFUSED:
                typer.echo(f"refused: {one.problem}", err=True)
    if isinstance(answer, UndoAnswer):
        typer.echo(f"Undone: {answer.undone.replace('_', ' ')}")
    _print_list(answer.list)


def _print_list(shown: GroceryListShape) -> None:
    rows = [
        (
            number,
            _MARKS[item.status],
            f"{item.quantity} {item.unit}" if item.unit else item.quantity,
            item.name + (f"\n{item.notes}" if item.notes else ""),
            item.product_id,
            item.estimated_price if item.estimated_price is not None else item.price_missing,
        )
        for number, item in enumerate(shown.items, start=1)
    ]
    columns = ("#", "", "quantity", "item", "product", "price")
    title = f"{shown.name} · {shown.id}" + (
        "" if shown.status == "active" else f" · {shown.status}"
    )
    print_table(columns, rows, title=title)
    typer.echo(_total_line(shown))


def _total_line(shown: GroceryListShape) -> str:
    line = f"Total ${shown.estimated_total}"
    if shown.checked_count:
        line += f", still to get ${shown.remaining_total}"
    if shown.items_without_price:
        line += f"; {shown.items_without_price} of {shown.item_count} lines have no known price"
    return line


def _summary_row(one: ListSummary) -> Sequence[object]:
    return (
        one.name if one.status is ListStatus.ACTIVE else f"{one.name} ({one.status})",
        one.id,
        f"{one.item_count} ({one.checked_count} ✓)" if one.checked_count else one.item_count,
        f"${one.estimated_total}",
    )
