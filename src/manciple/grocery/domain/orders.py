"""Orders that were placed at a shop: what was bought, when, and what it cost."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

_BACK = re.compile(r"(?:refund|return)", re.IGNORECASE)
_REPLACED = re.compile(r"(?:substituted|replaced|original)\b", re.IGNORECASE)


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One item of an order.

    `quantity_thousandths` counts pieces, or weight where the item is sold by weight.
    `total_cents` is what the line cost; None where the source does not say, never zero for unknown.
    A canceled line was not paid for and counts in no sum. What was given back is a line of its own
    with `is_refund` and a total below zero.
    """

    name: str
    product_id: str | None = None
    quantity_thousandths: int
    total_cents: int | None
    unit_price_cents: int | None = None
    is_weighed: bool = False
    is_canceled: bool = False
    is_refund: bool = False
    seller: str | None = None
    status: str | None = None
    fulfillment: str | None = None
    image_url: str | None = None

    @property
    def was_bought(self) -> bool:
        """Whether somebody took it home by this line."""
        return not (self.is_canceled or self.is_refund)


class Fee(msgspec.Struct, frozen=True, kw_only=True):
    """One named charge beside the goods."""

    label: str
    cents: int


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One means that paid a part of an order; `cents` is None where only the means is named."""

    method: str
    cents: int | None


class OrderTotals(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt's own sums, in cents; None where the receipt does not show one.

    `grand_total_cents` is without the tip. `refund_cents` came back afterwards.
    """

    subtotal_cents: int | None = None
    savings_cents: int | None = None
    tax_cents: int | None = None
    tip_cents: int | None = None
    donations_cents: int | None = None
    refund_cents: int | None = None
    grand_total_cents: int | None = None
    fees: tuple[Fee, ...] = ()


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order by the shop's own number; `kind` is `online` or `in_store`.

    `is_partial` is true of list pages, which show an order without its prices.
    """

    order_id: str
    ordered_at: datetime | None
    kind: str = "online"
    status: str | None = None
    store: str | None = None
    currency: str = "USD"
    lines: tuple[OrderLine, ...] = ()
    totals: OrderTotals = OrderTotals()
    payments: tuple[Payment, ...] = ()
    is_partial: bool = False
    source: str


class RefusedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was not taken, since a part of it is wrong, and everything wrong with it."""

    order_id: str
    problems: tuple[str, ...]


class OrderFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a page or an export yields: each order is whole or refused.

    `next_cursor` leads to the next page of a list.
    """

    orders: tuple[Order, ...]
    refused: tuple[RefusedOrder, ...] = ()
    next_cursor: str | None = None


def is_replaced(status: str | None) -> bool:
    """Whether a shop's words for an item may say that another was sent in its place."""
    return bool(_REPLACED.match(status or ""))


def settled(lines: Sequence[OrderLine], totals: OrderTotals) -> tuple[OrderLine, ...]:
    """The lines, with what was given back and what was replaced told apart from what was bought.

    Of two lines of a good of which one says that it was returned, that one gives it back; a line of
    its own that says so is what was bought, and when the money came back is not told by it.
    "Substituted" may mean either of two goods: the one that the receipt does not charge counts as
    canceled.
    """
    bought = {line.name for line in lines if line.was_bought and not _is_back(line)}
    told = tuple(
        msgspec.structs.replace(line, is_refund=True, total_cents=-line.total_cents)
        if line.total_cents and line.was_bought and _is_back(line) and line.name in bought
        else line
        for line in lines
    )
    without = tuple(
        msgspec.structs.replace(line, is_canceled=True) if is_replaced(line.status) else line
        for line in told
    )
    return without if adds_up(without, totals) and not adds_up(told, totals) else told


def _is_back(line: OrderLine) -> bool:
    return bool(_BACK.match(line.status or ""))


def adds_up(lines: Iterable[OrderLine], totals: OrderTotals) -> bool:
    """Whether the receipt's subtotal is what the lines add up to, with refunds or before them."""
    paid = [line for line in lines if not line.is_canceled]
    goods, bought = (
        sum(line.total_cents or 0 for line in some)
        for some in (paid, [line for line in paid if not line.is_refund])
    )
    saved = totals.savings_cents or 0
    subtotal = totals.subtotal_cents
    return subtotal is not None and bool({goods, bought} & {subtotal, subtotal + saved})


def goods_cents(order: Order) -> int | None:
    """The sum of the lines that were paid for; None for no lines, or where one has no price."""
    if not order.lines:
        return None
    total = 0
    for line in order.lines:
        if line.is_canceled:
            continue
        if line.total_cents is None:
            return None
        total += line.total_cents
    return total


def paid_cents(order: Order) -> int | None:
    """What the order cost in the end: the grand total with the tip and without the refund."""
    totals = order.totals
    if totals.grand_total_cents is None:
        return None
    return totals.grand_total_cents + (totals.tip_cents or 0) - (totals.refund_cents or 0)


def disagreement(order: Order) -> str | None:
    """Why the receipt does not add up, in one sentence; None where it does or cannot be checked.

    The subtotal of a receipt already has the savings taken off.
    """
    totals, goods = order.totals, goods_cents(order)
    if totals.subtotal_cents is None or goods is None or not order.lines:
        return None
    if adds_up(order.lines, totals):
        return None
    return f"the lines add up to {goods} cents and the subtotal says {totals.subtotal_cents}"
