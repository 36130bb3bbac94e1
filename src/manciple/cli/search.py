"""`manciple search`: find products, for people, for scripts and for evaluation."""

import sys
from collections.abc import Mapping
from typing import Annotated

import msgspec
import typer

from manciple.api.grocery_search import SearchAnswer, search_answer, wish_of
from manciple.api.search_inputs import SearchInput
from manciple.cli.asking import optional_number
from manciple.cli.inside import in_house
from manciple.cli.output import JsonOption, print_json, print_table
from manciple.kit.errors import InvalidInput
from manciple.services.house import House


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a batch."""

    id: str | int
    query: str
    limit: int = 20


def search(
    ctx: typer.Context,
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    *,
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    brand: Annotated[str | None, typer.Option(help="Only this brand.")] = None,
    min_price: Annotated[str | None, typer.Option(help="At least so many dollars.")] = None,
    max_price: Annotated[str | None, typer.Option(help="At most so many dollars.")] = None,
    in_stock: Annotated[bool, typer.Option("--in-stock", help="Only what is in stock.")] = False,
    dietary: Annotated[
        list[str] | None, typer.Option(help="A claim to be stated, as gluten_free; repeatable.")
    ] = None,
    sort: Annotated[
        str, typer.Option(help="relevance, price, priceDescending, unitPrice or rating.")
    ] = "relevance",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 20,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each one stands there.")
    ] = False,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help='Read {"id", "query", "limit"} rows on standard input, write {"id", "results"}.',
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find products by what a shopper types."""
    if jsonl:
        in_house(ctx, _batch)
        return
    if not query:
        raise InvalidInput.at("query", "say what to look for, or use --jsonl")
    wanted = msgspec.convert(
        {
            "query": query,
            "category": category,
            "brand": brand,
            "minPrice": optional_number("--min-price", min_price),
            "maxPrice": optional_number("--max-price", max_price),
            "inStock": True if in_stock else None,
            "dietary": dietary or [],
            "sort": _checked_sort(sort),
            "limit": limit,
            "explain": explain,
        },
        SearchInput,
    )

    async def work(house: House) -> SearchAnswer:
        return search_answer(await house.search.search(wish_of(wanted)), explain=explain)

    answer = in_house(ctx, work)
    if as_json:
        print_json(answer)
    else:
        _print(answer)


def _checked_sort(sort: str) -> str:
    known = ("relevance", "price", "priceDescending", "unitPrice", "rating")
    if sort not in known:
        raise InvalidInput.at("--sort", f"is one of {', '.join(known)}, not {sort!r}")
    return sort


async def _batch(house: House) -> None:
    """Answers rows in their order, through the same action as the API."""
    encoder = msgspec.json.Encoder()
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=_Row, strict=False)
        except msgspec.MsgspecError as error:
            raise InvalidInput.at(f"line {number}", str(error)) from error
        results = await house.search.ids(row.query, limit=max(1, min(row.limit, 100)))
        sys.stdout.buffer.write(encoder.encode({"id": row.id, "results": results}) + b"\n")
    sys.stdout.buffer.flush()


def _print(answer: SearchAnswer) -> None:
    if answer.did_you_mean:
        typer.echo(f"Showing {answer.did_you_mean!r}.")
    if not answer.products:
        typer.echo(answer.why_nothing or "The filters left nothing.")
        for removed in answer.removed_by:
            typer.echo(f"  {removed.filter} took away {removed.hits}")
        return
    if answer.unknown_words:
        words = ", ".join(map(repr, answer.unknown_words))
        typer.echo(f"Nothing here is called {words}; without that:")
    why = {each.product_id: each for each in answer.explanations}
    rows = [
        (
            product.name,
            product.size.text if product.size else None,
            f"${product.current_price}" if product.current_price is not None else "–",
            product.unit_price,
            product.product_id,
            *_why(why, product.product_id),
        )
        for product in answer.products
    ]
    columns = ("product", "size", "price", "unit price", "id", *(["why"] if why else []))
    print_table(columns, rows)
    sources = {each.price.source for each in answer.products if each.price}
    if sources:
        typer.echo(f"{answer.total} found. Prices by: {', '.join(sorted(sources))}.")


def _why(why: Mapping[str, object], product_id: str) -> tuple[str, ...]:
    found = why.get(product_id)
    return () if found is None else (_told(found),)


def _told(found: object) -> str:
    answer = msgspec.to_builtins(found)
    parts = "; ".join(f"{each['what']} {each['effect']:g}" for each in answer["reasons"])
    return f"{answer['score']:.3f} = {parts}"
