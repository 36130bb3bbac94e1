"""`manciple recommend`: the next basket of a household, from its earlier orders."""

import sys
from decimal import Decimal
from typing import Annotated

import msgspec
import typer

from manciple.api import recommendations as ask
from manciple.api.context import Context
from manciple.api.recommendations import RecommendationsAnswer
from manciple.cli.asking import in_context
from manciple.cli.output import JsonOption, print_json, print_table
from manciple.grocery.domain.baskets import next_basket
from manciple.kit.errors import InvalidInput


class Question(msgspec.Struct, frozen=True):
    """One line of input: orders of product ids, the oldest order first."""

    id: str | int
    orders: list[list[str | int]]
    k: int = 10


def recommend(
    ctx: typer.Context,
    *,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Predict for histories on standard input instead of yours."),
    ] = False,
    running_out: Annotated[
        bool, typer.Option("--running-out", help="What is probably used up within a week.")
    ] = False,
    for_list: Annotated[
        str | None, typer.Option("--for-list", help="The id of a list to complete.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="The most to show.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Show what you will probably buy next, from your own imported orders.

    With --jsonl: {"id", "orders": [[product_id, …], …], "k"} lines, the oldest order first, to
    {"id", "results"}. Each line is answered by itself and at once; the ids need not be in any
    catalog.
    """
    if jsonl:
        _answer_all()
        return

    async def asked(context: Context) -> RecommendationsAnswer:
        if for_list is not None:
            return await ask.for_list(context, ask.ForListInput(list_id=for_list, limit=limit))
        if running_out:
            return await ask.running_out(context, ask.RunningOutInput(limit=limit))
        return await ask.usuals(context, ask.UsualsInput(limit=limit))

    found = in_context(ctx, asked)
    if as_json:
        print_json(msgspec.to_builtins(found, builtin_types=(Decimal,)))
    else:
        _show(found)


def _show(found: RecommendationsAnswer) -> None:
    rows = [
        (
            each.product_id,
            each.name,
            each.reason,
            each.running_out.likely_at.date() if each.running_out else None,
        )
        for each in found.recommendations
    ]
    if rows:
        print_table(("product", "name", "why", "likely used up"), rows)
    if found.too_little:
        typer.echo(f"Too little is known: {found.too_little}.")
    elif not rows:
        typer.echo("Nothing to recommend now.")


def _answer_all() -> None:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if line.strip():
            sys.stdout.buffer.write(_answer(line, number) + b"\n")
            sys.stdout.buffer.flush()


def _answer(line: bytes, number: int) -> bytes:
    """The answer to one line.

    Raises:
        InvalidInput: the line is no question.
    """
    try:
        question = msgspec.json.decode(line, type=Question)
    except msgspec.DecodeError as error:
        raise InvalidInput.at(f"line {number}", str(error)) from error
    # Ids come back in the type they came in.
    by_text = {str(one): one for order in question.orders for one in order}
    orders = [[str(one) for one in order] for order in question.orders]
    results = [by_text[found.product_id] for found in next_basket(orders, k=question.k)]
    return msgspec.json.encode({"id": question.id, "results": results})
