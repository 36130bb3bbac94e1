"""Orders that were placed at the shop: taking them in, and looking them up."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.api.amounts import Quantity, optional_dollars
from manciple.api.context import Context
from manciple.api.shapes_lists import quantity_of
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.orders import Order, OrderLine, RefusedOrder, goods_cents, paid_cents
from manciple.grocery.domain.purchases import RECEIPT_CONFIDENCE
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

grocery_router = Router("walmartGrocery")
router = Router("orders")

# The wire's own bound on a body is 1 MiB; twenty years of weekly orders fit the command line.
MAX_CHARS = 900_000


class ImportInput(Wire, frozen=True, kw_only=True):
    """One saved page or export as text; the ending of `fileName` tells its format."""

    file_name: Annotated[str, Meta(min_length=1, max_length=200)]
    content: Annotated[str, Meta(min_length=1, max_length=MAX_CHARS)]


class RefusedShape(Wire, frozen=True, kw_only=True):
    """An order, and what is wrong with it."""

    order_id: str
    problems: tuple[str, ...]


class ImportAnswer(Wire, frozen=True, kw_only=True):
    """What is kept now of the file, and what had to be written for it.

    `remarks` are receipts that do not add up: they are kept as they are printed.
    """

    success: bool
    orders_imported: int
    products_imported: int
    line_items_imported: int
    added: int
    changed: int
    unchanged: int
    new_products: int
    refused: tuple[RefusedShape, ...]
    remarks: tuple[RefusedShape, ...]


class OrderLineShape(Wire, frozen=True, kw_only=True):
    """One item; `paid` is what the line cost, null where the source does not say.

    `source` is what it was read from, `observedAt` the instant of the order.
    """

    name: str
    product_id: str | None
    quantity: Quantity
    is_weighed: bool
    is_canceled: bool
    paid_each: Decimal | None
    paid: Decimal | None
    seller: str | None
    status: str | None
    source: str
    observed_at: datetime | None
    store: str | None
    confidence: float


class OrderSummary(Wire, frozen=True, kw_only=True):
    """One order by the shop's own number; sums are null where the receipt does not show them.

    `source` says what it was read from; an `isPartial` order came from a list without prices.
    """

    order_id: str
    ordered_at: datetime | None
    kind: str
    status: str | None
    store: str | None
    currency: str
    line_count: int
    goods: Decimal | None
    paid: Decimal | None
    is_partial: bool
    source: str


class OrdersAnswer(Wire, frozen=True, kw_only=True):
    """A page of orders, newest first; `nextCursor` asks for the next one."""

    orders: tuple[OrderSummary, ...]
    next_cursor: str | None


class FeeShape(Wire, frozen=True, kw_only=True):
    """One named charge beside the goods."""

    label: str
    amount: Decimal


class OrderAnswer(Wire, frozen=True, kw_only=True):
    """One order with its lines and the receipt's own sums."""

    order: OrderSummary
    lines: tuple[OrderLineShape, ...]
    subtotal: Decimal | None
    savings: Decimal | None
    tax: Decimal | None
    tip: Decimal | None
    refund: Decimal | None
    grand_total: Decimal | None
    fees: tuple[FeeShape, ...]


class OrdersInput(Wire, frozen=True, kw_only=True):
    """How many, and where to go on."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: Annotated[str, Meta(max_length=100)] | None = None


class OrderInput(Wire, frozen=True, kw_only=True):
    """Which order."""

    order_id: Annotated[str, Meta(min_length=1, max_length=100)]


@grocery_router.mutation("importOrders", needs=Grant.WRITE)
async def import_orders(ctx: Context, wanted: ImportInput) -> ImportAnswer:
    """What a saved page or an export of orders held; asked again, nothing changes."""
    done = await ctx.orders.take_file(
        ctx.principal.acting_for(), wanted.content.encode(), name=wanted.file_name
    )
    return ImportAnswer(
        success=not done.refused,
        orders_imported=done.orders,
        products_imported=done.products,
        line_items_imported=done.lines,
        added=done.added,
        changed=done.changed,
        unchanged=done.unchanged,
        new_products=done.new_products,
        refused=tuple(_refused(one) for one in done.refused),
        remarks=tuple(_refused(one) for one in done.remarks),
    )


@router.query("list", needs=Grant.READ)
async def list_orders(ctx: Context, wanted: OrdersInput) -> OrdersAnswer:
    """What was bought, newest first; orders without a date come last."""
    found = await ctx.orders.of(
        ctx.principal.acting_for(), after=wanted.cursor, limit=wanted.limit + 1
    )
    page = found[: wanted.limit]
    return OrdersAnswer(
        orders=tuple(_summary(order) for order in page),
        next_cursor=page[-1].order_id if len(found) > wanted.limit else None,
    )


@router.query("get", needs=Grant.READ)
async def get_order(ctx: Context, wanted: OrderInput) -> OrderAnswer:
    """One order with everything on its receipt."""
    order = await ctx.orders.one(ctx.principal.acting_for(), wanted.order_id)
    totals = order.totals
    return OrderAnswer(
        order=_summary(order),
        lines=tuple(_line(line, order) for line in order.lines),
        subtotal=optional_dollars(totals.subtotal_cents),
        savings=optional_dollars(totals.savings_cents),
        tax=optional_dollars(totals.tax_cents),
        tip=optional_dollars(totals.tip_cents),
        refund=optional_dollars(totals.refund_cents),
        grand_total=optional_dollars(totals.grand_total_cents),
        fees=tuple(FeeShape(label=fee.label, amount=dollars(fee.cents)) for fee in totals.fees),
    )


def _summary(order: Order) -> OrderSummary:
    return OrderSummary(
        order_id=order.order_id,
        ordered_at=order.ordered_at,
        kind=order.kind,
        status=order.status,
        store=order.store,
        currency=order.currency,
        line_count=len(order.lines),
        goods=optional_dollars(goods_cents(order)),
        paid=optional_dollars(paid_cents(order)),
        is_partial=order.is_partial,
        source=order.source,
    )


def _line(line: OrderLine, order: Order) -> OrderLineShape:
    return OrderLineShape(
        name=line.name,
        product_id=line.product_id,
        quantity=quantity_of(line.quantity_thousandths),
        is_weighed=line.is_weighed,
        is_canceled=line.is_canceled,
        paid_each=optional_dollars(line.unit_price_cents),
        paid=optional_dollars(line.total_cents),
        seller=line.seller,
        status=line.status,
        source=order.source,
        observed_at=order.ordered_at,
        store=order.store,
        confidence=RECEIPT_CONFIDENCE,
    )


def _refused(one: RefusedOrder) -> RefusedShape:
    return RefusedShape(order_id=one.order_id, problems=one.problems)
