"""Planning packages: what a client can ask."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from manciple.api.amounts import Quantity
from manciple.api.context import Context
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.plan_packs import PlannedPacks
from manciple.grocery.domain.list_filling import Unfit, thousandths
from manciple.grocery.domain.money import dollars, line_cents
from manciple.grocery.domain.units import half_up
from manciple.kit.errors import InvalidInput
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartGrocery")
Query = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=500,
        description="Words for one thing, such as `white rice`, in packages of any size.",
    ),
]


class PlanInput(Wire, frozen=True, kw_only=True):
    """How much is needed, and of what: named products, the hits of a query, or both."""

    quantity: Annotated[
        Decimal, Meta(description="In `unit`: above 0, with at most three decimals.")
    ]
    unit: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=20,
            description="Of mass, volume or count, as packages are labeled: `lb`, `fl oz`, `ct`.",
        ),
    ]
    product_ids: Annotated[
        tuple[str, ...],
        Meta(max_length=100, description="The `productId` of each, as `search` gives it."),
    ] = ()
    query: Query | None = None


class PlannedLine(Wire, frozen=True, kw_only=True):
    """So many packages of one product; `stated` says who said the price."""

    product_id: str
    name: str
    packages: int
    price: Decimal
    total: Decimal
    stated: PriceShape | None


class PlanAnswer(Wire, frozen=True, kw_only=True):
    """The cheapest packages that hold what is needed, and what they leave over, in `unit`.

    `isExact`: no cheaper combination exists among what was offered. `notOffered` were looked at
    and have no price, no comparable size, or no stock.
    """

    success: bool
    packages: tuple[PlannedLine, ...]
    total: Decimal
    amount: Quantity
    leftover: Quantity
    unit: str
    is_exact: bool
    not_offered: tuple[str, ...]


@router.query("planPacks", needs=Grant.READ, is_tool=True)
async def plan_packs(ctx: Context, wanted: PlanInput) -> PlanAnswer:
    """The cheapest combination of package sizes for a needed amount."""
    try:
        needed = thousandths(wanted.quantity)
    except Unfit as unfit:
        raise InvalidInput.at("quantity", unfit.problem) from unfit
    planned = await ctx.plan_packs.plan(
        product_ids=wanted.product_ids,
        query=wanted.query,
        needed=Fraction(needed, 1000),
        unit=wanted.unit,
    )
    return _answer(planned)


def _answer(planned: PlannedPacks) -> PlanAnswer:
    plan = planned.plan
    lines = []
    for product_id, count in plan.packages:
        product = planned.products[product_id]
        cents = product.price.cents if product.price is not None else 0
        lines.append(
            PlannedLine(
                product_id=product_id,
                name=product.name,
                packages=count,
                price=dollars(cents),
                total=dollars(line_cents(cents, count * 1000)),
                stated=price_shape(product.price) if product.price else None,
            )
        )
    return PlanAnswer(
        success=True,
        packages=tuple(lines),
        total=dollars(plan.cents),
        amount=_in_unit(plan.amount, planned),
        leftover=_in_unit(plan.leftover, planned),
        unit=planned.unit.symbol,
        is_exact=plan.is_exact,
        not_offered=planned.not_offered,
    )


def _in_unit(amount: Fraction, planned: PlannedPacks) -> Decimal:
    """A base amount in the unit that was asked for, to thousandths."""
    return Decimal(half_up(amount / planned.unit.factor * 1000)).scaleb(-3).normalize() + 0
