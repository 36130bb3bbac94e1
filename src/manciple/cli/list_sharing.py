"""`manciple list share` and `unshare`: a list for everybody in a household."""

from typing import Annotated

import typer

from manciple.api import grocery_lists as ask
from manciple.api.context import Context
from manciple.api.list_inputs import ListInput, ShareListInput
from manciple.api.shapes_lists import ListAnswer, UnsharedAnswer
from manciple.cli.asking import find_household, find_list, in_context
from manciple.cli.list_tables import print_answer
from manciple.cli.output import JsonOption, print_line

Which = Annotated[str, typer.Argument(metavar="LIST", help="Its id, or its name.")]


def share(
    ctx: typer.Context,
    which: Which,
    *,
    household: Annotated[
        str | None, typer.Option(help="Its id or its name; left out: your only one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Let everybody in a household see a list, and all but its guests change it."""

    async def work(context: Context) -> ListAnswer:
        found = await find_household(context, household)
        list_id = await find_list(context, which)
        return await ask.share_list(context, ShareListInput(list_id=list_id, household_id=found))

    print_answer(in_context(ctx, work), as_json=as_json)


def unshare(ctx: typer.Context, which: Which, *, as_json: JsonOption = False) -> None:
    """Keep a list to yourself again."""

    async def work(context: Context) -> UnsharedAnswer:
        return await ask.unshare_list(context, ListInput(list_id=await find_list(context, which)))

    print_line(in_context(ctx, work), f"{which} is yours alone", as_json=as_json)
