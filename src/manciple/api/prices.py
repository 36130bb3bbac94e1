"""Prices that were seen: what a client can ask."""

from manciple.api.amounts import cents
from manciple.api.context import Context
from manciple.api.instants import instant
from manciple.api.shapes_prices import (
    MAX_DAYS,
    CompareAnswer,
    ManyPrices,
    PriceHistoryAnswer,
    PriceHistoryInput,
    ProductsInput,
    RecordAnswer,
    RecordInput,
    StatisticsAnswer,
    StatisticsInput,
    compared_prices,
    current_price,
    price_day,
    price_figures,
)
from manciple.api.shapes_products import price_shape
from manciple.grocery.actions.observe_prices import MAX_OBSERVATIONS
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartPrice")


@router.query("many", needs=Grant.READ)
async def many(ctx: Context, wanted: ProductsInput) -> ManyPrices:
    """The newest prices of many products."""
    found = await ctx.prices.current(wanted.product_ids)
    ids = dict.fromkeys(wanted.product_ids)
    return ManyPrices(
        prices=tuple(current_price(found[one]) for one in ids if one in found),
        unknown=tuple(one for one in ids if one not in found),
    )


@router.query("history", needs=Grant.READ)
async def history(ctx: Context, wanted: PriceHistoryInput) -> PriceHistoryAnswer:
    """What was seen of a product's price, newest first: look by look of late, all of it by day."""
    found = await ctx.prices.history(wanted.product_id, days=wanted.days, limit=wanted.limit)
    return PriceHistoryAnswer(
        product_id=wanted.product_id,
        observations=tuple(price_shape(one) for one in found.prices),
        days=tuple(price_day(day) for day in found.days[:MAX_DAYS]),
    )


@router.query("stats", needs=Grant.READ, is_tool=True)
async def stats(ctx: Context, wanted: StatisticsInput) -> StatisticsAnswer:
    """What is usual for a product: least, most, mean, median and percentiles of what was seen."""
    found = await ctx.prices.history(wanted.product_id, days=wanted.days, limit=MAX_OBSERVATIONS)
    return StatisticsAnswer(
        product_id=wanted.product_id,
        figures=price_figures(found.figures) if found.figures else None,
    )


@router.query("compare", needs=Grant.READ, is_tool=True)
async def compare(ctx: Context, wanted: ProductsInput) -> CompareAnswer:
    """Products side by side by their unit prices."""
    found = await ctx.prices.current(wanted.product_ids)
    ids = dict.fromkeys(wanted.product_ids)
    return CompareAnswer(
        products=compared_prices([found[one] for one in ids if one in found]),
        unknown=tuple(one for one in ids if one not in found),
    )


@router.mutation("record", needs=Grant.WRITE, is_tool=True)
async def record(ctx: Context, wanted: RecordInput) -> RecordAnswer:
    """The product after a price that you saw; one that differs is told to whoever listens."""
    recorded = await ctx.prices.record(
        wanted.product_id,
        cents=cents("price", wanted.price),
        store=wanted.store,
        observed_at=instant("observedAt", wanted.observed_at),
    )
    return RecordAnswer(
        success=True,
        is_new_price=recorded.is_new_price,
        product=current_price(recorded.product),
    )
