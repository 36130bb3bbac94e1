"""`manciple budget`: envelopes for a month, what was spent, what the till adds."""

from typing import Annotated

import typer

from manciple.api import budgets as ask
from manciple.api.budgets import (
    BudgetAnswer,
    BudgetInput,
    EnvelopeInput,
    SpendingInput,
    TillRuleInput,
)
from manciple.api.context import Context
from manciple.cli.asking import find_list, in_context, number
from manciple.cli.output import JsonOption, money, print_json, print_table

budget = typer.Typer(no_args_is_help=True, help="Keep within a budget.")

MonthOption = Annotated[str | None, typer.Option(help='Such as "2026-11"; left out: this one.')]
CategoryOption = Annotated[str | None, typer.Option(help="Left out: everything together.")]


@budget.command("show")
def show(
    ctx: typer.Context,
    *,
    month: MonthOption = None,
    which: Annotated[
        str | None, typer.Option("--list", help="Count a list's open lines as planned.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The month's envelopes and what is left in them."""

    async def work(context: Context) -> BudgetAnswer:
        list_id = None if which is None else await find_list(context, which)
        return await ask.get_budgets(context, BudgetInput(month=month, list_id=list_id))

    _print(in_context(ctx, work), as_json=as_json)


@budget.command("set")
def set_envelope(
    ctx: typer.Context,
    limit: Annotated[str, typer.Argument(help='Dollars a month; "none" for no limit.')],
    *,
    category: CategoryOption = None,
    month: MonthOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set a limit from a month on."""
    amount = None if limit == "none" else number("LIMIT", limit)
    wanted = EnvelopeInput(limit=amount, category=category, month=month)
    _print(in_context(ctx, lambda context: ask.set_envelope(context, wanted)), as_json=as_json)


@budget.command("spend")
def spend(
    ctx: typer.Context,
    amount: Annotated[str, typer.Argument(help="Dollars.")],
    *,
    category: CategoryOption = None,
    month: MonthOption = None,
    note: Annotated[str | None, typer.Option(help="For what.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Count money that no session knows of."""
    wanted = SpendingInput(
        amount=number("AMOUNT", amount), category=category, month=month, note=note
    )
    _print(in_context(ctx, lambda context: ask.spend(context, wanted)), as_json=as_json)


@budget.command("till")
def till(
    ctx: typer.Context,
    *,
    tax: Annotated[str | None, typer.Option(help="Sales tax in percent.")] = None,
    taxed: Annotated[list[str] | None, typer.Option(help="A taxed category; may repeat.")] = None,
    deposit: Annotated[str, typer.Option(help="Dollars for each bottle or can.")] = "0",
    with_deposit: Annotated[
        list[str] | None, typer.Option(help="A category with deposit; may repeat.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What the till adds; with `--tax`, set it."""
    if tax is None:
        rule = in_context(ctx, ask.till_rule)
    else:
        wanted = TillRuleInput(
            tax_percent=number("--tax", tax),
            taxed_categories=tuple(taxed or ()),
            deposit=number("--deposit", deposit),
            deposit_categories=tuple(with_deposit or ()),
        )
        rule = in_context(ctx, lambda context: ask.set_till_rule(context, wanted))
    if as_json:
        print_json(rule)
        return
    typer.echo(f"Tax {rule.tax_percent} % on {', '.join(rule.taxed_categories) or 'everything'}")
    if rule.deposit:
        typer.echo(f"Deposit ${rule.deposit} on {', '.join(rule.deposit_categories) or 'nothing'}")


def _print(answer: BudgetAnswer, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    rows = [
        (
            one.category or "everything",
            *(money(amount) for amount in (one.limit, one.spent, one.planned, one.left)),
            one.level,
        )
        for one in answer.envelopes
    ]
    columns = ("envelope", "limit", "spent", "planned", "left", "level")
    print_table(columns, rows, title=answer.month)
    for warning in answer.warnings:
        typer.echo(f"! {warning}")
