"""`manciple substitutes`: what may go into the bag instead of a product."""

import sys
from typing import Annotated

import msgspec
import typer

from manciple.cli.asking import in_context
from manciple.cli.inside import in_house
from manciple.cli.output import JsonOption, print_json, print_table
from manciple.grocery.actions.substitute import FoundSubstitutes, WantedSubstitute
from manciple.kit.errors import InvalidInput, NotFound
from manciple.services.house import House


class Question(msgspec.Struct, frozen=True):
    """One line of input."""

    id: str | int
    product_id: str | int


def substitutes(
    ctx: typer.Context,
    product_id: Annotated[str | None, typer.Argument(help="The product that is gone.")] = None,
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read {"id", "product_id"} lines from standard input.')
    ] = False,
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="The least score to show; 0.4 by default.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=20, help="The most to show.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Find substitutes, best first; none where nothing acceptable is known.

    With --jsonl every line is answered in its own line: {"id", "results": [product_id, …]}.
    """
    if jsonl:
        in_house(ctx, lambda house: _answer_all(house, threshold=threshold, limit=limit))
    elif product_id is None:
        raise InvalidInput.at("PRODUCT_ID", "give a product id, or --jsonl")
    else:
        wanted = WantedSubstitute(product_id=product_id, at_least=threshold, limit=limit)
        found = in_context(
            ctx, lambda context: context.substitutes.find(context.principal.user_id, wanted)
        )
        _show(found, as_json=as_json)


async def _answer_all(house: House, *, threshold: float | None, limit: int) -> None:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        question = _question(line, number)
        wanted = WantedSubstitute(
            product_id=str(question.product_id), at_least=threshold, limit=limit
        )
        try:
            found = await house.substitutes.find(None, wanted)
            results = [each.product.product_id for each in found.proposals]
        except NotFound as error:
            sys.stderr.write(f"manciple: line {number}: {error}\n")
            results = []
        answer = msgspec.json.encode({"id": question.id, "results": results})
        sys.stdout.buffer.write(answer + b"\n")
        sys.stdout.buffer.flush()


def _question(line: bytes, number: int) -> Question:
    try:
        return msgspec.json.decode(line, type=Question)
    except msgspec.DecodeError as error:
        raise InvalidInput.at(f"line {number}", str(error)) from error


def _show(found: FoundSubstitutes, *, as_json: bool) -> None:
    rows = [
        (
            each.product.product_id,
            each.product.name,
            f"{each.score:.2f}",
            "; ".join(difference.what for difference in each.likeness.differences),
        )
        for each in found.proposals
    ]
    if as_json:
        names = ("productId", "name", "similarity", "differences")
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    print_table(("product", "name", "score", "but"), rows, title=f"Instead of {found.source.name}")
    if not rows:
        typer.echo("Nothing here stands in for it.")
