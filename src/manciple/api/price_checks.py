"""What to make of an offer: what a client can ask."""

from datetime import datetime
from decimal import Decimal

from manciple.api.amounts import cents
from manciple.api.context import Context
from manciple.api.prices import ProductInput
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.observe_prices import MAX_OBSERVATIONS
from manciple.grocery.domain.price_honesty import LOOKED_BACK, Verdict, check_offer
from manciple.kit.errors import InvalidInput
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartPrice")


class OfferInput(ProductInput, frozen=True, kw_only=True):
    """Which product, and the former price that its offer names, in dollars."""

    was: Decimal


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
    done = check_offer(was_cents, found.prices, ctx.now())
    return OfferAnswer(
        verdict=done.verdict,
        reason=done.reason,
        looks=done.looks,
        at_former=done.at_former,
        first_at=done.first_at,
        last_at=done.last_at,
        highest=price_shape(done.highest) if done.highest else None,
    )
