"""Orders out of the exports that people already have: sheets of items, flat CSV, bare lists.

Exports do not say whether a price is for one piece or for the line. The receipt decides: whichever
reading adds up to the order's subtotal is taken.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import msgspec

from manciple.grocery.connectors.order_money import amount_cents
from manciple.grocery.connectors.order_tables import Row, rows_of
from manciple.grocery.domain.money import line_cents
from manciple.grocery.domain.orders import (
    Order,
    OrderFile,
    OrderLine,
    OrderTotals,
    RefusedOrder,
)
from manciple.kit.errors import InvalidInput, Problem

SOURCE = "order-export"

# What each fact may be headed with, the most telling first.
_COLUMNS = {
    "order": ("ordernumber", "orderid", "order"),
    "date": ("orderdate", "purchasedate", "date"),
    "name": ("productname", "itemname", "item", "product", "name"),
    "quantity": ("qty", "quantity"),
    "line_price": ("price", "lineprice", "linetotal", "itemtotal"),
    "unit_price": ("itemprice", "unitprice"),
    "status": ("status", "deliverystatus"),
    "kind": ("ordertype", "type"),
    "link": ("productlink", "link", "url"),
    "product_id": ("usitemid", "productid", "itemid"),
    "subtotal": ("subtotal",),
    "tax": ("tax",),
    "total": ("ordertotal", "total"),
    "discount": ("associatediscount", "discount", "savings"),
    "tip": ("tip", "drivertip"),
    "store": ("storelocation", "store"),
}
_DATES = ("%b %d, %Y", "%B %d, %Y", "%m/%d/%Y", "%m/%d/%y", "%Y/%m/%d", "%d %b %Y", "%b %d %Y")
_ID_IN_LINK = re.compile(r"/ip/(?:[^/?]+/)?(\d+)")
_CANCELED = re.compile(r"cancel|unavailable", re.IGNORECASE)
# A line of more pieces is a broken file.
_MAX_QUANTITY = Decimal(100_000)


def read_export(body: bytes, *, name: str) -> OrderFile:
    """The orders of an export file; `name` tells its format by its ending.

    Raises:
        InvalidInput: the file as a whole cannot be read.
    """
    by_order: dict[str, list[tuple[int, Row]]] = {}
    nameless = "file-" + hashlib.sha256(body).hexdigest()[:16]
    for number, row in rows_of(body, name=name):
        by_order.setdefault(_fact(row, "order") or nameless, []).append((number, row))
    orders, refused = [], []
    for order_id, rows in by_order.items():
        try:
            orders.append(_order(order_id, rows))
        except InvalidInput as error:
            problems = tuple(str(problem) for problem in error.problems)
            refused.append(RefusedOrder(order_id=order_id, problems=problems))
    return OrderFile(orders=tuple(orders), refused=tuple(refused))


def _order(order_id: str, rows: list[tuple[int, Row]]) -> Order:
    lines, problems = [], []
    for number, row in rows:
        try:
            lines.append(_line(row))
        except InvalidInput as error:
            problems += [Problem((f"line {number}", *p.where), p.problem) for p in error.problems]
    if problems:
        raise InvalidInput(*problems)
    head = rows[0][1]
    totals = OrderTotals(
        subtotal_cents=_amount(head, "subtotal"),
        savings_cents=_amount(head, "discount"),
        tax_cents=_amount(head, "tax"),
        tip_cents=_amount(head, "tip"),
        grand_total_cents=_amount(head, "total"),
    )
    kind = _fact(head, "kind").lower()
    return Order(
        order_id=order_id,
        ordered_at=_date(_fact(head, "date")),
        kind="in_store" if "store" in kind and "pickup" not in kind else "online",
        status=_fact(head, "status") or None,
        store=_fact(head, "store") or None,
        lines=_priced(lines, totals, is_unit=_has(head, "unit_price")),
        totals=totals,
        source=SOURCE,
    )


def _line(row: Row) -> OrderLine:
    """The line of a row, its price still as printed."""
    name, quantity = _fact(row, "name"), _quantity(row)
    if not name:
        raise InvalidInput.at("name", "is empty")
    link = _ID_IN_LINK.search(_fact(row, "link"))
    status = _fact(row, "status")
    return OrderLine(
        name=name,
        product_id=_fact(row, "product_id") or (link[1] if link else None),
        quantity_thousandths=int((quantity * 1000).to_integral_value()),
        total_cents=_amount(row, "unit_price" if _has(row, "unit_price") else "line_price"),
        is_weighed=quantity != quantity.to_integral_value(),
        is_canceled=bool(_CANCELED.search(status)),
        status=status or None,
    )


def _priced(
    printed: list[OrderLine], totals: OrderTotals, *, is_unit: bool
) -> tuple[OrderLine, ...]:
    """The lines with unit price and line price told apart by the receipt, else by the heading."""
    as_units = tuple(_as_unit(line) for line in printed)
    goal = {totals.subtotal_cents, (totals.subtotal_cents or 0) + (totals.savings_cents or 0)}
    if totals.subtotal_cents is not None:
        if _sum(as_units) in goal:
            return as_units
        if _sum(printed) in goal:
            return tuple(printed)
    return as_units if is_unit else tuple(printed)


def _as_unit(line: OrderLine) -> OrderLine:
    if line.total_cents is None:
        return line
    total = line_cents(line.total_cents, line.quantity_thousandths)
    return msgspec.structs.replace(line, unit_price_cents=line.total_cents, total_cents=total)


def _sum(lines: Iterable[OrderLine]) -> int:
    return sum(line.total_cents or 0 for line in lines if not line.is_canceled)


def _has(row: Row, fact: str) -> bool:
    return any(column in row for column in _COLUMNS[fact])


def _fact(row: Row, fact: str) -> str:
    return next((row[column] for column in _COLUMNS[fact] if row.get(column)), "")


def _amount(row: Row, fact: str) -> int | None:
    printed = _fact(row, fact)
    if not printed:
        return None
    has_sign = any(mark in printed for mark in "$¢") or printed.lower() == "free"
    found = amount_cents(printed if has_sign else f"${printed.lstrip('-')}")
    if found is None:
        raise InvalidInput.at(fact, f"{printed!r} is no amount of money")
    return found


def _quantity(row: Row) -> Decimal:
    printed = _fact(row, "quantity").replace(",", "")
    try:
        quantity = Decimal(printed)
    except InvalidOperation as error:
        raise InvalidInput.at("quantity", f"{printed!r} is no number") from error
    if not quantity.is_finite() or not 0 <= quantity <= _MAX_QUANTITY:
        raise InvalidInput.at("quantity", f"{printed} is out of range")
    return quantity


def _date(printed: str) -> datetime | None:
    """The instant in UTC; a date alone is its midnight.

    Raises:
        InvalidInput: it is no date of a known writing.
    """
    if not printed:
        return None
    try:
        instant = datetime.fromisoformat(printed)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError:
        for writing in _DATES:
            try:
                return datetime.strptime(printed, writing).replace(tzinfo=UTC)
            except ValueError:
                continue
    raise InvalidInput.at("date", f"{printed!r} is no date")
