"""`manciple shop`: shopping sessions, and the hand-off to the shop's cart.

Without `--session`, a command is about the newest session that has not ended.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Literal

import typer

from manciple.api import grocery_sessions as ask
from manciple.api.context import Context
from manciple.api.shapes_checkout import CheckoutAnswer, CheckoutInput, ConfirmationInput
from manciple.api.shapes_sessions import (
    ChangeSessionInput,
    PickInput,
    SessionAnswer,
    SessionInput,
    SessionItemsInput,
    SessionsInput,
    StartSessionInput,
)
from manciple.cli.asking import find_list, in_context, optional_number
from manciple.cli.output import JsonOption, print_json
from manciple.cli.session_tables import print_checkout, print_session
from manciple.grocery.domain.sessions import SessionType
from manciple.kit.errors import NotFound

shop = typer.Typer(no_args_is_help=True, help="Shop from a list.")

SessionOption = Annotated[
    str | None, typer.Option("--session", help="Its id; left out: the newest that goes on.")
]
Action = Literal["pause", "resume", "reopen", "abandon"]
Lines = Annotated[list[str], typer.Argument(metavar="LINE…", help="Numbers as shown, or ids.")]


@shop.command("start")
def start(
    ctx: typer.Context,
    which: Annotated[
        str | None, typer.Argument(metavar="[LIST]", help="Its name or id; left out: a new list.")
    ] = None,
    *,
    kind: Annotated[SessionType, typer.Option("--type", help="How you shop.")] = SessionType.ONLINE,
    budget: Annotated[str | None, typer.Option(help="What to spend at most, in dollars.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Start shopping, or find the list's session again."""

    async def work(context: Context) -> SessionAnswer:
        wanted = StartSessionInput(
            type=kind,
            list_id=None if which is None else await find_list(context, which),
            budget=optional_number("--budget", budget),
        )
        return await ask.start_shopping_session(context, wanted)

    _print(in_context(ctx, work), as_json=as_json)


@shop.command("show")
def show(ctx: typer.Context, *, session: SessionOption = None, as_json: JsonOption = False) -> None:
    """The session's lines and its running total; in a store in the order of the walk."""
    _do(ctx, session, _seen, as_json=as_json)


@shop.command("pick")
def pick(
    ctx: typer.Context,
    lines: Lines,
    *,
    price: Annotated[
        str | None, typer.Option(help="What the shelf label says for one package.")
    ] = None,
    session: SessionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check lines off: they are in the cart."""

    async def work(context: Context, session_id: str) -> SessionAnswer:
        wanted = PickInput(
            session_id=session_id,
            item_ids=await _ids(context, session_id, lines),
            price=optional_number("--price", price),
        )
        return await ask.pick_items(context, wanted)

    _do(ctx, session, work, as_json=as_json)


@shop.command("back")
def back(
    ctx: typer.Context, lines: Lines, *, session: SessionOption = None, as_json: JsonOption = False
) -> None:
    """Put lines back: they are still to get."""
    _do(ctx, session, _with_lines(ask.put_back_items, lines), as_json=as_json)


@shop.command("gone")
def gone(
    ctx: typer.Context, lines: Lines, *, session: SessionOption = None, as_json: JsonOption = False
) -> None:
    """Mark lines as sold out."""
    _do(ctx, session, _with_lines(ask.mark_unavailable, lines), as_json=as_json)


@shop.command("pause")
def pause(
    ctx: typer.Context, *, session: SessionOption = None, as_json: JsonOption = False
) -> None:
    """Lay the session aside."""
    _do(ctx, session, _to("pause"), as_json=as_json)


@shop.command("resume")
def resume(
    ctx: typer.Context, *, session: SessionOption = None, as_json: JsonOption = False
) -> None:
    """Take a paused session up again."""
    _do(ctx, session, _to("resume"), as_json=as_json)


@shop.command("reopen")
def reopen(
    ctx: typer.Context, *, session: SessionOption = None, as_json: JsonOption = False
) -> None:
    """Go back from the quote to the list."""
    _do(ctx, session, _to("reopen"), as_json=as_json)


@shop.command("abandon")
def abandon(
    ctx: typer.Context, *, session: SessionOption = None, as_json: JsonOption = False
) -> None:
    """End the session with nothing bought."""
    _do(ctx, session, _to("abandon"), as_json=as_json)


@shop.command("complete")
def complete(
    ctx: typer.Context,
    *,
    stock: Annotated[bool, typer.Option("--stock", help="Put it all into the pantry.")] = False,
    session: SessionOption = None,
    as_json: JsonOption = False,
) -> None:
    """End the session: it is bought, and counts in the month's budgets."""

    async def work(context: Context, session_id: str) -> SessionAnswer:
        return await _change(
            context,
            ChangeSessionInput(session_id=session_id, action="complete", stock_pantry=stock),
        )

    _do(ctx, session, work, as_json=as_json)


@shop.command("checkout")
def checkout(
    ctx: typer.Context,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm the quote without asking.")] = False,
    tolerance: Annotated[
        str | None, typer.Option(help="By how many percent the total may rise meanwhile.")
    ] = None,
    session: SessionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a quote, then hand the basket over to the shop's cart; orders nothing.

    With `--json` and without `--yes` it ends with the quote.
    """

    async def work(context: Context) -> CheckoutAnswer:
        session_id = await _newest(context, session)
        percent = optional_number("--tolerance", tolerance)
        wanted = CheckoutInput(session_id=session_id, tolerance_percent=percent)
        answer = await ask.process_checkout(context, wanted)
        if answer.cart_links or (as_json and not yes):
            return answer
        if not as_json:
            print_checkout(answer)
        if not yes and not typer.confirm("Hand it over to the shop's cart?"):
            return answer
        confirmation = ConfirmationInput(
            quote_id=answer.quote.id, terms_hash=answer.quote.terms_hash
        )
        again = CheckoutInput(session_id=session_id, confirmation=confirmation)
        return await ask.process_checkout(context, again)

    answer = in_context(ctx, work)
    if as_json:
        print_json(answer)
    elif answer.cart_links or not answer.success:
        print_checkout(answer)


def _do(
    ctx: typer.Context,
    session: str | None,
    work: Callable[[Context, str], Awaitable[SessionAnswer]],
    *,
    as_json: bool,
) -> None:
    async def found(context: Context) -> SessionAnswer:
        return await work(context, await _newest(context, session))

    _print(in_context(ctx, found), as_json=as_json)


def _with_lines(
    verb: Callable[[Context, SessionItemsInput], Awaitable[SessionAnswer]], lines: Sequence[str]
) -> Callable[[Context, str], Awaitable[SessionAnswer]]:
    async def work(context: Context, session_id: str) -> SessionAnswer:
        ids = await _ids(context, session_id, lines)
        return await verb(context, SessionItemsInput(session_id=session_id, item_ids=ids))

    return work


def _to(action: Action) -> Callable[[Context, str], Awaitable[SessionAnswer]]:
    return lambda context, session_id: _change(
        context, ChangeSessionInput(session_id=session_id, action=action)
    )


async def _change(context: Context, wanted: ChangeSessionInput) -> SessionAnswer:
    return await ask.change_shopping_session(context, wanted)


async def _seen(context: Context, session_id: str) -> SessionAnswer:
    return await ask.get_shopping_session(context, SessionInput(session_id=session_id))


async def _newest(context: Context, session: str | None) -> str:
    """The id that was given, or that of the newest session that goes on."""
    if session is not None:
        return session
    found = await ask.get_shopping_sessions(context, SessionsInput(limit=1))
    if not found.sessions:
        raise NotFound("shopping session", "that goes on")
    return found.sessions[0].id


async def _ids(context: Context, session_id: str, lines: Sequence[str]) -> list[str]:
    """The ids of the lines with these numbers, as the session shows them."""
    shown = (await _seen(context, session_id)).lines
    numbers = {str(number): line.item_id for number, line in enumerate(shown, start=1)}
    known = {line.item_id for line in shown}
    for line in lines:
        if line not in numbers and line not in known:
            raise NotFound("line", line)
    return [numbers.get(line, line) for line in lines]


def _print(answer: SessionAnswer, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
    else:
        print_session(answer)
