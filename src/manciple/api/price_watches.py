"""Live prices and watched ones: what a client can ask."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.api.amounts import OwnDollars, optional_cents, optional_dollars
from manciple.api.context import Context
from manciple.api.numbered import RowId
from manciple.api.shapes_prices import CurrentPrice, ProductIds, ProductInput, current_price
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.live_prices import Refresh
from manciple.grocery.actions.watch_prices import WatchedProduct
from manciple.grocery.domain.alerts import MAX_PRIORITY, AlertKind, Rules
from manciple.grocery.domain.watches import ToldAlert
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartPrice")

DropPercent = Annotated[
    int,
    Meta(ge=1, le=99, description="Tells when it fell so many percent below the highest seen."),
]


class LiveInput(ProductInput, frozen=True, kw_only=True):
    """Which product, and whether to ask the shop; a price that is fresh is not asked again."""

    refresh: Annotated[
        Refresh,
        Meta(
            description="`now` waits for the shop, `behind` answers with what is known and asks "
            "meanwhile, `never` spares the outside request."
        ),
    ] = "behind"


class LivePrice(CurrentPrice, frozen=True, kw_only=True):
    """A price; `isLive` if the shop just said it, else `liveMissing` says why it did not."""

    is_live: bool
    live_missing: str | None
    is_refreshing: bool


class RefreshInput(Wire, frozen=True, kw_only=True):
    """Which products to ask the shop about now."""

    product_ids: ProductIds


class NotRefreshed(Wire, frozen=True, kw_only=True):
    """A product of which the shop said no price, and why."""

    product_id: str
    reason: str


class RefreshAnswer(Wire, frozen=True, kw_only=True):
    """What the shop said just now; `success` if it said a price of every product."""

    success: bool
    prices: tuple[CurrentPrice, ...]
    missing: tuple[NotRefreshed, ...]


class WatchInput(ProductInput, frozen=True, kw_only=True):
    """What to tell of a product; at least one of `below`, `dropPercent` and `backInStock`."""

    below: Annotated[
        Decimal | None, Meta(description="Tells when it costs so many dollars or less.")
    ] = None
    drop_percent: DropPercent | None = None
    back_in_stock: Annotated[bool, Meta(description="Tells when it can be had again.")] = False
    priority: Annotated[
        int,
        Meta(ge=0, le=MAX_PRIORITY, description="9 is the highest and is looked at most often."),
    ] = 5


class WatchShape(Wire, frozen=True, kw_only=True):
    """One watch; `product` is null if it is no longer sold."""

    product_id: str
    below: OwnDollars | None
    drop_percent: int | None
    back_in_stock: bool
    priority: int
    last_look_at: datetime | None
    created_at: datetime
    product: CurrentPrice | None


class WatchesAnswer(Wire, frozen=True, kw_only=True):
    """Everything that you watch, the newest first; `isLive` if there is a source to look at."""

    watches: tuple[WatchShape, ...]
    is_live: bool


class UnwatchAnswer(Wire, frozen=True, kw_only=True):
    """The watch is gone."""

    success: bool


class AlertShape(Wire, frozen=True, kw_only=True):
    """Something you were told; `before` is your threshold, or the price that it fell from."""

    id: int
    product_id: str
    name: str
    kind: AlertKind
    price: PriceShape | None
    before: Decimal | None
    at: datetime


class AlertsInput(Wire, frozen=True, kw_only=True):
    """How many, and where to go on."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: RowId | None = None


class AlertsAnswer(Wire, frozen=True, kw_only=True):
    """A page of what you were told, newest first."""

    alerts: tuple[AlertShape, ...]
    next_cursor: int | None


@router.query("current", needs=Grant.READ, is_tool=True)
async def current(ctx: Context, wanted: LiveInput) -> LivePrice:
    """A product's price, with who stated it and when; asked of the shop where one is set up."""
    found = await ctx.live.product(wanted.product_id, refresh=wanted.refresh)
    shown = current_price(found.product)
    return LivePrice(
        product_id=shown.product_id,
        name=shown.name,
        current_price=shown.current_price,
        price=shown.price,
        price_missing=shown.price_missing,
        unit_price=shown.unit_price,
        in_stock=shown.in_stock,
        is_live=found.is_live,
        live_missing=found.missing,
        is_refreshing=found.is_refreshing,
    )


@router.mutation("refresh", needs=Grant.READ)
async def refresh(ctx: Context, wanted: RefreshInput) -> RefreshAnswer:
    """What the shop says of many products now; every price it says is kept."""
    done = await ctx.live.refresh(wanted.product_ids)
    return RefreshAnswer(
        success=not done.missing,
        prices=tuple(current_price(one) for one in done.found.values()),
        missing=tuple(
            NotRefreshed(product_id=id_, reason=why) for id_, why in done.missing.items()
        ),
    )


@router.mutation("watch", needs=Grant.WRITE, is_tool=True)
async def watch(ctx: Context, wanted: WatchInput) -> WatchShape:
    """The watch; what happens is told by the event `product.price_alert` and by `alerts`."""
    rules = Rules(
        below_cents=optional_cents("below", wanted.below),
        drop_percent=wanted.drop_percent,
        back_in_stock=wanted.back_in_stock,
    )
    return _watch(
        await ctx.price_watches.watch(
            ctx.principal.acting_for(), wanted.product_id, rules=rules, priority=wanted.priority
        )
    )


@router.mutation("unwatch", needs=Grant.WRITE)
async def unwatch(ctx: Context, wanted: ProductInput) -> UnwatchAnswer:
    """That you are told of the product no more."""
    await ctx.price_watches.unwatch(ctx.principal.acting_for(), wanted.product_id)
    return UnwatchAnswer(success=True)


@router.query("watches", needs=Grant.READ)
async def watches(ctx: Context) -> WatchesAnswer:
    """What you watch, with the newest prices."""
    found = await ctx.price_watches.watches(ctx.principal.acting_for())
    return WatchesAnswer(watches=tuple(_watch(one) for one in found), is_live=ctx.live.is_set_up)


@router.query("alerts", needs=Grant.READ)
async def alerts(ctx: Context, wanted: AlertsInput) -> AlertsAnswer:
    """What you were told of the products you watch."""
    found = await ctx.price_watches.alerts(
        ctx.principal.acting_for(), limit=wanted.limit + 1, before=wanted.cursor
    )
    page = found[: wanted.limit]
    return AlertsAnswer(
        alerts=tuple(_alert(one) for one in page),
        next_cursor=page[-1].alert_id if len(found) > wanted.limit else None,
    )


def _watch(one: WatchedProduct) -> WatchShape:
    kept = one.watch
    return WatchShape(
        product_id=kept.product_id,
        below=optional_dollars(kept.rules.below_cents),
        drop_percent=kept.rules.drop_percent,
        back_in_stock=kept.rules.back_in_stock,
        priority=kept.priority,
        last_look_at=kept.tried_at,
        created_at=kept.created_at,
        product=current_price(one.product) if one.product else None,
    )


def _alert(one: ToldAlert) -> AlertShape:
    return AlertShape(
        id=one.alert_id,
        product_id=one.product_id,
        name=one.name,
        kind=one.kind,
        price=price_shape(one.price) if one.price else None,
        before=optional_dollars(one.before_cents),
        at=one.at,
    )
