"""The cache warmer: what a client can ask of it."""

from datetime import datetime

from manciple.api.context import Context
from manciple.grocery.actions.warm import Round
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("cacheWarmer")


class RoundShape(Wire, frozen=True, kw_only=True):
    """One round: the most used `searches` and `products`, asked at so many `places`.

    `isCut` if its budget of calls and seconds ended it early; `tookS` is seconds.
    """

    began_at: datetime
    took_s: float
    places: int
    searches: int
    products: int
    calls: int
    failed: int
    is_cut: bool


class WarmerStatus(Wire, frozen=True, kw_only=True):
    """How the warmer does since it started; `last` is null before its first round."""

    is_warming: bool
    rounds: int
    every_s: float
    last: RoundShape | None


@router.query("status", needs=Grant.READ)
async def status(ctx: Context) -> WarmerStatus:
    """Whether a round is under way, how many there were, and what the last one did."""
    warmer = ctx.warmer
    return WarmerStatus(
        is_warming=warmer.is_warming,
        rounds=warmer.rounds,
        every_s=warmer.every_s,
        last=_shape(warmer.last) if warmer.last else None,
    )


@router.mutation("warmNow", needs=Grant.ADMIN)
async def warm_now(ctx: Context) -> RoundShape:
    """Goes a round now, and tells what it did; one under way is waited for instead."""
    return _shape(await ctx.warmer.warm())


def _shape(done: Round) -> RoundShape:
    return RoundShape(
        began_at=done.began_at,
        took_s=done.took_s,
        places=done.places,
        searches=done.searches,
        products=done.products,
        calls=done.calls,
        failed=done.failed,
        is_cut=done.is_cut,
    )
