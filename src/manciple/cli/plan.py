"""`manciple plan`: the cheapest package sizes for an amount that is needed."""

import re
from typing import Annotated

import typer

from manciple.api.grocery_plans import PlanInput, plan_packs
from manciple.cli.asking import in_context, number
from manciple.cli.output import JsonOption, money, print_json, print_table
from manciple.kit.errors import InvalidInput

_AMOUNT = re.compile(r"(?P<quantity>[\d.]+)\s*(?P<unit>[A-Za-z][A-Za-z. ]*)")
_PRODUCT_ID = re.compile(r"\d{5,}")


def plan(
    ctx: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help='Such as "5 lb" or "24 ct".')],
    what: Annotated[list[str], typer.Argument(metavar="WHAT…", help="Words, or product ids.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Find the cheapest packages that together hold at least so much."""
    needed = _AMOUNT.fullmatch(amount.strip())
    if needed is None:
        raise InvalidInput.at("AMOUNT", f"{amount!r} is no number and unit")
    ids = tuple(one for one in what if _PRODUCT_ID.fullmatch(one))
    words = " ".join(one for one in what if one not in ids)
    wanted = PlanInput(
        quantity=number("AMOUNT", needed["quantity"]),
        unit=needed["unit"],
        product_ids=ids,
        query=words or None,
    )
    found = in_context(ctx, lambda context: plan_packs(context, wanted))
    if as_json:
        print_json(found)
        return
    rows = [
        (one.packages, one.name, money(one.price), money(one.total), one.product_id)
        for one in found.packages
    ]
    print_table(("packages", "product", "price", "together", "id"), rows)
    proven = "" if found.is_exact else " (not proven the cheapest)"
    typer.echo(
        f"${found.total} for {found.amount} {found.unit}, {found.leftover} left over{proven}"
    )
