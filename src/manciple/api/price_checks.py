"""What to make of a price: honest offers, shrinking packages, seasons. What a client can ask."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.api.amounts import cents
from manciple.api.context import Context
from manciple.api.shapes_prices import ProductInput
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.observe_prices import MAX_OBSERVATIONS
from manciple.grocery.domain.price_honesty import LOOKED_BACK, Verdict, check_offer
from manciple.grocery.domain.seasons import Verdict as SeasonVerdict
from manciple.grocery.domain.seasons import seasons
from manciple.grocery.domain.shrinkage import SizedLook, shrinkage
from manciple.grocery.domain.shrinkage import Verdict as ShrinkVerdict
from manciple.kit.errors import InvalidInput
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartPrice")


class OfferInput(ProductInput, frozen=True, kw_only=True):
    """Which product, and the former price that its offer names."""

    was: Annotated[Decimal, Meta(description="In dollars, above 0.")]


class OfferAnswer(Wire, frozen=True, kw_only=True):
    """Whether the former price is `borne_out` by what was seen in 90 days, and the evidence.

    `atFormer` of `looks` found that price or a higher one. With too few looks the verdict is
    `unknown`; sample prices do not count.
    """

    verdict: Verdict
    reason: str
    looks: int
    at_former: int
    first_at: datetime | None
    last_at: datetime | None
    highest: PriceShape | None


@router.query("checkOffer", needs=Grant.READ, is_tool=True)
async def check(ctx: Context, wanted: OfferInput) -> OfferAnswer:
    """Whether a "was" price is honest, by what was seen."""
    was_cents = cents("was", wanted.was)
    if was_cents <= 0:
        raise InvalidInput.at("was", "must be above 0")
    found = await ctx.prices.history(
        wanted.product_id, days=LOOKED_BACK.days, limit=MAX_OBSERVATIONS
    )
    done = check_offer(was_cents, found.days, ctx.now())
    return OfferAnswer(
        verdict=done.verdict,
        reason=done.reason,
        looks=done.looks,
        at_former=done.at_former,
        first_at=done.first_at,
        last_at=done.last_at,
        highest=price_shape(done.highest) if done.highest else None,
    )


class SizedLookShape(Wire, frozen=True, kw_only=True):
    """One look of the evidence: the size that was read, and the price with who stated it."""

    size: str
    price: PriceShape
    unit_price: str | None


class ShrinkAnswer(Wire, frozen=True, kw_only=True):
    """Whether a package shrank while its price did not, with the two looks that show it.

    `shrank`: less in it for the same price or more; `dearer_by_size`: the price fell by less than
    the size. `sizePercent` and `pricePercent` are changes, negative for less.
    """

    verdict: ShrinkVerdict
    reason: str
    before: SizedLookShape | None
    after: SizedLookShape | None
    size_percent: int | None
    price_percent: int | None


class MonthShape(Wire, frozen=True, kw_only=True):
    """A month of the year against what is usual, in percent: 93 is 7 % cheaper."""

    month: int
    percent: int
    years: int


class SeasonsAnswer(Wire, frozen=True, kw_only=True):
    """Whether a product is cheaper in some months, said only where enough was seen.

    `cheap` and `dear` are months (1 to 12) that were so in every year seen. With `not_enough`,
    `missing` says what more must be seen.
    """

    verdict: SeasonVerdict
    months: tuple[MonthShape, ...]
    cheap: tuple[int, ...]
    dear: tuple[int, ...]
    missing: str | None


@router.query("checkSize", needs=Grant.READ, is_tool=True)
async def check_size(ctx: Context, wanted: ProductInput) -> ShrinkAnswer:
    """Whether a product shrank while its price did not, by the sizes and prices that were seen."""
    found = await ctx.prices.history(wanted.product_id, days=None, limit=1)
    done = shrinkage(found.days)
    return ShrinkAnswer(
        verdict=done.verdict,
        reason=done.reason,
        before=_look(done.before) if done.before else None,
        after=_look(done.after) if done.after else None,
        size_percent=done.size_percent,
        price_percent=done.price_percent,
    )


@router.query("seasons", needs=Grant.READ, is_tool=True)
async def price_seasons(ctx: Context, wanted: ProductInput) -> SeasonsAnswer:
    """In which months of the year a product was cheaper or dearer than usual."""
    found = await ctx.prices.history(wanted.product_id, days=None, limit=1)
    done = seasons(found.days)
    return SeasonsAnswer(
        verdict=done.verdict,
        months=tuple(
            MonthShape(month=one.month, percent=one.percent, years=one.years) for one in done.months
        ),
        cheap=done.cheap,
        dear=done.dear,
        missing=done.missing,
    )


def _look(look: SizedLook) -> SizedLookShape:
    each = look.unit_price
    return SizedLookShape(
        size=look.size_text, price=price_shape(look.price), unit_price=each.text if each else None
    )
