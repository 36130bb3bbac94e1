"""`manciple recommend`: the next basket of a household, from its earlier orders."""

import sys
from typing import Annotated

import msgspec
import typer

from manciple.grocery.domain.baskets import next_basket
from manciple.kit.errors import InvalidInput


class Question(msgspec.Struct, frozen=True):
    """One line of input: orders of product ids, the oldest order first."""

    id: str | int
    orders: list[list[str | int]]
    k: int = 10


def recommend(
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read questions from standard input; the only mode yet.")
    ] = False,
) -> None:
    """Predict next baskets: {"id", "orders": [[product_id, …], …], "k"} to {"id", "results"}.

    Each line is answered by itself and at once. The ids need not be in any catalog.
    """
    if not jsonl:
        raise InvalidInput.at("--jsonl", "give --jsonl and questions on standard input")
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
