"""Budgets: envelopes for a month and a category, what was spent, what the till adds."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.api.amounts import basis_points, cents, optional_cents
from manciple.api.context import Context
from manciple.grocery.actions.budget import BudgetReport
from manciple.grocery.domain.budgets import Level
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.tills import TillRule
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("budgets")

Month = Annotated[str, Meta(description="As `YYYY-MM`; null stands for this one, in UTC.")]


class EnvelopeShape(Wire, frozen=True, kw_only=True):
    """An envelope in one month; `category` is null for everything. `left` may be below zero."""

    category: str | None
    limit: Decimal
    spent: Decimal
    planned: Decimal
    left: Decimal
    level: Level


class SpendingShape(Wire, frozen=True, kw_only=True):
    """Money spent; `source` says by what."""

    id: str
    category: str | None
    amount: Decimal
    note: str | None
    source: str
    at: datetime


class BudgetAnswer(Wire, frozen=True, kw_only=True):
    """The envelopes of a month, and what to be warned of."""

    month: str
    envelopes: tuple[EnvelopeShape, ...]
    spendings: tuple[SpendingShape, ...]
    warnings: tuple[str, ...]


class TillRuleShape(Wire, frozen=True, kw_only=True):
    """What the till adds to shelf prices: sales tax and deposits.

    The tax falls on `taxedCategories`, on everything where that is empty; the deposit on each
    bottle or can of `depositCategories`.
    """

    tax_percent: Decimal
    taxed_categories: tuple[str, ...]
    deposit: Decimal
    deposit_categories: tuple[str, ...]


class Forgotten(Wire, frozen=True, kw_only=True):
    """That the thing is gone."""

    success: bool


class BudgetInput(Wire, frozen=True, kw_only=True):
    """Which month, and what is planned in it."""

    month: Month | None = None
    list_id: Annotated[
        str | None,
        Meta(description="A list's `id`, as `getLists` gives it: its open lines count as planned."),
    ] = None


class EnvelopeInput(Wire, frozen=True, kw_only=True):
    """An envelope from `month` on; without a category for everything."""

    limit: Annotated[
        Decimal | None,
        Meta(description="In dollars a month; null takes the limit away from then on."),
    ]
    category: str | None = None
    month: Month | None = None


class SpendingInput(Wire, frozen=True, kw_only=True):
    """Money that no session knows of."""

    amount: Annotated[Decimal, Meta(description="In dollars; below zero, money that came back.")]
    category: str | None = None
    month: Month | None = None
    note: str | None = None


class SpendingIdInput(Wire, frozen=True, kw_only=True):
    """Which entry."""

    id: str


class TillRuleInput(Wire, frozen=True, kw_only=True):
    """What the till adds from now on; what is left out adds nothing."""

    tax_percent: Decimal = Decimal(0)
    taxed_categories: tuple[str, ...] = ()
    deposit: Decimal = Decimal(0)
    deposit_categories: tuple[str, ...] = ()


@router.query("get", needs=Grant.READ, is_tool=True)
async def get_budgets(ctx: Context, wanted: BudgetInput) -> BudgetAnswer:
    """Your envelopes in a month, with what is spent, planned and left."""
    owner = ctx.principal.acting_for()
    return _answer(await ctx.budget.report(owner, month=wanted.month, list_id=wanted.list_id))


@router.mutation("setEnvelope", needs=Grant.WRITE)
async def set_envelope(ctx: Context, wanted: EnvelopeInput) -> BudgetAnswer:
    """The month's envelopes with this limit, which holds until another is set."""
    return _answer(
        await ctx.budget.set_envelope(
            ctx.principal.acting_for(),
            category=wanted.category,
            month=wanted.month,
            limit_cents=optional_cents("limit", wanted.limit),
        )
    )


@router.mutation("spend", needs=Grant.WRITE)
async def spend(ctx: Context, wanted: SpendingInput) -> BudgetAnswer:
    """The month's envelopes with this spending counted in."""
    return _answer(
        await ctx.budget.spend(
            ctx.principal.acting_for(),
            cents=cents("amount", wanted.amount),
            category=wanted.category,
            month=wanted.month,
            note=wanted.note,
        )
    )


@router.mutation("forgetSpending", needs=Grant.WRITE)
async def forget_spending(ctx: Context, wanted: SpendingIdInput) -> Forgotten:
    """That the entry is out of its envelope."""
    await ctx.budget.forget_spending(ctx.principal.acting_for(), wanted.id)
    return Forgotten(success=True)


@router.query("tillRule", needs=Grant.READ)
async def till_rule(ctx: Context) -> TillRuleShape:
    """What the till adds for you."""
    return _rule(await ctx.budget.till_rule(ctx.principal.acting_for()))


@router.mutation("setTillRule", needs=Grant.WRITE)
async def set_till_rule(ctx: Context, wanted: TillRuleInput) -> TillRuleShape:
    """What the till adds for you from now on."""
    rule = TillRule(
        tax_basis_points=basis_points("taxPercent", wanted.tax_percent),
        taxed_categories=wanted.taxed_categories,
        deposit_cents=cents("deposit", wanted.deposit),
        deposit_categories=wanted.deposit_categories,
    )
    return _rule(await ctx.budget.set_till_rule(ctx.principal.acting_for(), rule))


def _answer(report: BudgetReport) -> BudgetAnswer:
    return BudgetAnswer(
        month=report.month,
        envelopes=tuple(
            EnvelopeShape(
                category=one.category or None,
                limit=dollars(one.limit_cents),
                spent=dollars(one.spent_cents),
                planned=dollars(one.planned_cents),
                left=dollars(one.left_cents),
                level=one.level,
            )
            for one in report.envelopes
        ),
        spendings=tuple(
            SpendingShape(
                id=one.spending_id,
                category=one.category or None,
                amount=dollars(one.cents),
                note=one.note,
                source=one.source,
                at=one.at,
            )
            for one in report.spendings
        ),
        warnings=report.warnings,
    )


def _rule(rule: TillRule) -> TillRuleShape:
    return TillRuleShape(
        tax_percent=dollars(rule.tax_basis_points),
        taxed_categories=rule.taxed_categories,
        deposit=dollars(rule.deposit_cents),
        deposit_categories=rule.deposit_categories,
    )
