"""From words to a product: the best hit of a search, told, or chosen by the person."""

import typer

from manciple.api.context import Context
from manciple.cli.asking import Typed
from manciple.grocery.actions.search import Found
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.search_wishes import Wish
from manciple.kit.errors import InvalidInput

_SHOWN = 5


async def looked_up(context: Context, thing: Typed, *, choose: bool) -> Typed:
    """The thing as a product of the shelf; as it was where it is one, or where none is like it.

    What was chosen is told on standard error. With `choose`, the person picks among the best.
    """
    if thing.text is None:
        return thing
    found = await context.search.search(Wish(query=thing.text, limit=_SHOWN))
    product = _picked(thing.text, found) if choose else _best(found)
    if product is None:
        typer.echo(f"{thing.text}: kept as words", err=True)
        return thing
    typer.echo(f"{thing.text} → {_line(product)}", err=True)
    return Typed(product.product_id, None, thing.quantity)


def _best(found: Found) -> Product | None:
    return found.hits[0].product if found.hits and not found.nothing_like_it else None


def _picked(text: str, found: Found) -> Product | None:
    """The product whose number the person types; None for 0.

    Raises:
        InvalidInput: that is no number of a product.
    """
    if not found.hits:
        return None
    for number, hit in enumerate(found.hits, start=1):
        typer.echo(f"{number}  {_line(hit.product)}", err=True)
    answer: int = typer.prompt(f"Which is {text!r} (0: none)", default=1, type=int, err=True)
    if not 0 <= answer <= len(found.hits):
        raise InvalidInput.at("choice", f"must be from 0 to {len(found.hits)}")
    return found.hits[answer - 1].product if answer else None


def _line(product: Product) -> str:
    price = f", ${dollars(product.price.cents)}" if product.price is not None else ""
    return f"{product.name} ({product.product_id}{price})"
