"""Asks the house's procedures for commands, and reads what people type for lists and things."""

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, TypeVar

import typer

from manciple.api import grocery_lists as ask
from manciple.api import households
from manciple.api.context import Context
from manciple.api.list_inputs import ListInput, ListsInput
from manciple.api.shapes_lists import GroceryListShape, ListAnswer, ListsAnswer, ListSummary
from manciple.cli.inside import in_house
from manciple.kit.errors import InvalidInput, NotFound
from manciple.platform.rpc.procedure import Caller
from manciple.services.house import House

T = TypeVar("T")

_TIMES = re.compile(r"(?P<quantity>\d+(?:\.\d{1,3})?)\s*[x×]\s+(?P<what>.+)", re.IGNORECASE)
_PRODUCT_ID = re.compile(r"\d{5,}")


class Typed(NamedTuple):
    """What somebody typed: a product's id or words, and how many."""

    product_id: str | None
    text: str | None
    quantity: Decimal


def in_context(ctx: typer.Context, work: Callable[[Context], Awaitable[T]]) -> T:
    """What `work` gives for the person at the keyboard, in a house that is open for its time."""

    async def through(house: House) -> T:
        return await work(await house.context(Caller(door="cli")))

    return in_house(ctx, through)


def typed(text: str) -> Typed:
    """A thing as people type it: "10450115", "oat milk", "2 x oat milk"."""
    times = _TIMES.fullmatch(text.strip())
    what = times["what"] if times else text.strip()
    quantity = Decimal(times["quantity"]) if times else Decimal(1)
    is_id = _PRODUCT_ID.fullmatch(what) is not None
    return Typed(what if is_id else None, None if is_id else what, quantity)


def number(where: str, text: str) -> Decimal:
    """A number as people type it, a dollar sign before it or not.

    Raises:
        InvalidInput: it is none.
    """
    try:
        value = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation as error:
        raise InvalidInput.at(where, f"{text!r} is no number") from error
    if not value.is_finite():
        raise InvalidInput.at(where, f"{text!r} is no number")
    return value


def optional_number(where: str, text: str | None) -> Decimal | None:
    """As `number`; None stays None.

    Raises:
        InvalidInput: it is none.
    """
    return None if text is None else number(where, text)


async def see_list(context: Context, list_id: str) -> ListAnswer:
    """One list, by its id."""
    return await ask.get_list(context, ListInput(list_id=list_id))


async def every_list(context: Context, *, archived: bool) -> list[ListSummary]:
    """Every list of the person, newest first."""
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


async def find_list(context: Context, which: str) -> str:
    """The id of the list that `which` names; what no list is called is taken for an id.

    Raises:
        InvalidInput: several lists are called so.
    """
    named = [
        one.id
        for one in await every_list(context, archived=True)
        if which == one.id or which.casefold() == one.name.casefold()
    ]
    if len(named) > 1:
        raise InvalidInput.at("LIST", f"{len(named)} lists are called {which!r}; give an id")
    return named[0] if named else which


async def find_household(context: Context, which: str | None) -> str:
    """The id of the household that `which` names; None stands for the only one.

    Raises:
        InvalidInput: several could be meant, or None and there is none.
        NotFound: none is called so.
    """
    mine = (await households.mine(context)).households
    named = [
        one.household_id
        for one in mine
        if which is None or which == one.household_id or which.casefold() == one.name.casefold()
    ]
    if len(named) == 1:
        return named[0]
    if named:
        raise InvalidInput.at("--household", f"{len(named)} could be meant; give an id")
    if which is None:
        raise InvalidInput.at("--household", "you are in none; `household create` starts one")
    raise NotFound("household", which)


def line_id(shown: GroceryListShape, line: str) -> str:
    """The id of the line that a number or an id names.

    Raises:
        NotFound: the list has no such line.
    """
    if line.isdecimal() and 1 <= int(line) <= len(shown.items):
        return shown.items[int(line) - 1].id
    if any(item.id == line for item in shown.items):
        return line
    raise NotFound("line", line)
