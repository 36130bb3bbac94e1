"""What to buy next, from your own orders and nobody else's."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.api.context import Context
from manciple.api.ids import ListId
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.recommend import Recommendations, Recommended
from manciple.grocery.domain.money import dollars
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("recommendations")

Limit = Annotated[int, Meta(ge=1, le=50)]


class UsualsInput(Wire, frozen=True, kw_only=True):
    """How many at most."""

    limit: Limit = 10


class ForListInput(Wire, frozen=True, kw_only=True):
    """One of your lists."""

    list_id: ListId
    limit: Limit = 10


class RunningOutInput(Wire, frozen=True, kw_only=True):
    """How many days to look ahead."""

    within_days: Annotated[int, Meta(ge=0, le=60)] = 7
    limit: Limit = 10


class RunningOutShape(Wire, frozen=True, kw_only=True):
    """When it is used up: four times in five between `earliestAt` and `latestAt`.

    `confidence` is the chance that `likelyAt` is right within half as long again.
    """

    last_bought_at: datetime
    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime
    confidence: float
    purchases: int


class RecommendedShape(Wire, frozen=True, kw_only=True):
    """One product and why; `currentPrice` is null where the shop's price is not known."""

    product_id: str
    name: str
    current_price: Decimal | None
    price: PriceShape | None
    in_stock: bool | None
    reason: str
    times_bought: int
    score: float
    running_out: RunningOutShape | None


class RecommendationsAnswer(Wire, frozen=True, kw_only=True):
    """Products, best first.

    `basis` is "history", "few orders" or "nothing"; `tooLittle` says what is missing, if anything.
    """

    success: bool
    recommendations: tuple[RecommendedShape, ...]
    count: int
    basis: str
    orders_seen: int
    too_little: str | None


@router.query("usuals", needs=Grant.READ, is_tool=True)
async def usuals(ctx: Context, wanted: UsualsInput) -> RecommendationsAnswer:
    """What you will probably buy next, by frequency, recency and what goes together."""
    owner = ctx.principal.acting_for()
    return _answer(await ctx.recommend.usuals(owner, limit=wanted.limit))


@router.query("forList", needs=Grant.READ, is_tool=True)
async def for_list(ctx: Context, wanted: ForListInput) -> RecommendationsAnswer:
    """What you usually buy along with a list and is not on it yet."""
    owner = ctx.principal.acting_for()
    return _answer(await ctx.recommend.for_list(owner, wanted.list_id, limit=wanted.limit))


@router.query("runningOut", needs=Grant.READ, is_tool=True)
async def running_out(ctx: Context, wanted: RunningOutInput) -> RecommendationsAnswer:
    """What you are about to run out of, by your own rhythm of buying, with an interval."""
    within = timedelta(days=wanted.within_days)
    owner = ctx.principal.acting_for()
    return _answer(await ctx.recommend.running_out(owner, within=within, limit=wanted.limit))


def _answer(found: Recommendations) -> RecommendationsAnswer:
    return RecommendationsAnswer(
        success=True,
        recommendations=tuple(_shape(each) for each in found.found),
        count=len(found.found),
        basis=found.basis,
        orders_seen=found.orders_seen,
        too_little=found.too_little,
    )


def _shape(each: Recommended) -> RecommendedShape:
    product, estimate = each.product, each.estimate
    price = product.price if product else None
    return RecommendedShape(
        product_id=each.product_id,
        name=product.name if product else each.name,
        current_price=dollars(price.cents) if price else None,
        price=price_shape(price) if price else None,
        in_stock=product.in_stock if product else None,
        reason=each.reason,
        times_bought=each.times_bought,
        score=round(each.score, 6),
        running_out=None
        if estimate is None
        else RunningOutShape(
            last_bought_at=estimate.last_bought_at,
            earliest_at=estimate.earliest_at,
            likely_at=estimate.likely_at,
            latest_at=estimate.latest_at,
            confidence=round(estimate.confidence, 4),
            purchases=estimate.purchases,
        ),
    )
