"""Orders out of the exports that people already have: sheets of items, flat CSV, bare lists.

Exports do not say whether a price is for one piece or for the line. The receipt decides: whichever
reading adds up to the order's subtotal is taken.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from manciple.grocery.connectors.order_columns import amount, fees, has, payments, quantity, said
from manciple.grocery.connectors.order_dates import read_instant
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

_ID_IN_LINK = re.compile(r"/ip/(?:[^/?\"]+/)?(\d+)")
_CANCELED = re.compile(r"cancel|unavailable|out of stock", re.IGNORECASE)
_IN_STORE = re.compile(r"\bin[\s_-]?store\b|^store(?:\s+purchase)?$|\bregister\b", re.IGNORECASE)
# A spreadsheet keeps fifteen digits and writes longer numbers like this: the order is lost.
_ROUNDED = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
# What programs put around a number so that spreadsheets leave it alone; and a float's tail.
_WRAPPED = re.compile(r"^(?:=?\"|')?(?P<id>.*?)\"?(?:\.0)?$")


def read_export(body: bytes, *, name: str) -> OrderFile:
    """The orders of an export file; `name` tells its format by its ending.

    Raises:
        InvalidInput: the file as a whole cannot be read.
    """
    by_order: dict[str, list[tuple[int, Row]]] = {}
    order_id = "file-" + hashlib.sha256(body).hexdigest()[:16]
    for number, row in rows_of(body, name=name):
        # Merged cells name the order beside its first item only.
        order_id = _order_id(row) or order_id
        by_order.setdefault(order_id, []).append((number, row))
    if not by_order:
        raise InvalidInput.at("file", "holds no items")
    orders, refused = [], []
    for order_id, rows in by_order.items():
        try:
            orders.append(_order(order_id, rows))
        except InvalidInput as error:
            problems = tuple(str(problem) for problem in error.problems)
            refused.append(RefusedOrder(order_id=order_id, problems=problems))
    return OrderFile(orders=tuple(orders), refused=tuple(refused))


def _order_id(row: Row) -> str:
    found = _WRAPPED.match(said(row, "order"))
    return found["id"].strip().removeprefix("#") if found else ""


def _order(order_id: str, rows: Sequence[tuple[int, Row]]) -> Order:
    if _ROUNDED.fullmatch(order_id):
        problem = "a spreadsheet has rounded it; export the numbers as text"
        raise InvalidInput.at("order", problem)
    lines, problems = [], []
    for number, row in rows:
        try:
            lines.append(_line(row))
        except InvalidInput as error:
            problems += [Problem((f"line {number}", *p.where), p.problem) for p in error.problems]
    if problems:
        raise InvalidInput(*problems)
    head = _head([row for _, row in rows])
    totals = _totals(head)
    return Order(
        order_id=order_id,
        ordered_at=_date(head),
        kind=_kind(said(head, "kind")),
        status=said(head, "status") or None,
        store=said(head, "store") or None,
        lines=_priced(lines, totals, is_unit=not has(head, "line_price")),
        totals=totals,
        payments=payments(head),
        source=SOURCE,
    )


def _head(rows: Sequence[Row]) -> Row:
    """What the rows of an order say of it together: of each column the first that is filled."""
    together: dict[str, str] = {}
    for row in rows:
        for column, cell in row.items():
            together[column] = together.get(column) or cell
    return together


def _totals(head: Row) -> OrderTotals:
    tip, whole = amount(head, "tip"), amount(head, "total")
    parts = [amount(head, fact) or 0 for fact in ("subtotal", "tax", "donation")]
    charged, saved = sum(parts) + sum(fee.cents for fee in fees(head)), amount(head, "discount")
    # Whether the total has the tip in it is told by what it adds up to.
    if tip and whole is not None and whole - tip in (charged, charged - abs(saved or 0)):
        whole -= tip
    return OrderTotals(
        subtotal_cents=amount(head, "subtotal"),
        savings_cents=None if saved is None else abs(saved),
        tax_cents=amount(head, "tax"),
        tip_cents=tip,
        donations_cents=amount(head, "donation"),
        refund_cents=_unsigned(amount(head, "refund")),
        grand_total_cents=whole,
        fees=fees(head),
    )


def _unsigned(cents: int | None) -> int | None:
    return None if cents is None else abs(cents)


def _kind(printed: str) -> str:
    is_there = _IN_STORE.search(printed) and "pickup" not in printed.lower()
    return "in_store" if is_there else "online"


def _date(head: Row) -> datetime | None:
    return read_instant(said(head, "date"))


def _line(row: Row) -> OrderLine:
    """The line of a row, its price still as printed; what was given back is below zero."""
    problems: list[Problem] = []
    pieces, is_weight, line, each = None, False, None, None
    try:
        pieces, is_weight = quantity(row)
    except InvalidInput as error:
        problems += error.problems
    try:
        line, each = amount(row, "line_price"), amount(row, "unit_price")
    except InvalidInput as error:
        problems += error.problems
    name = said(row, "name")
    if not name:
        problems.append(Problem(("name",), "is empty"))
    if problems or pieces is None:
        raise InvalidInput(*problems)
    is_refund = pieces < 0 or (line or 0) < 0 or (each or 0) < 0
    printed = each if line is None else line
    link, status = _ID_IN_LINK.search(said(row, "link")), said(row, "status")
    return OrderLine(
        name=name,
        product_id=said(row, "product_id") or (link[1] if link else None),
        quantity_thousandths=int((abs(pieces) * 1000).to_integral_value()),
        total_cents=None if printed is None else (-abs(printed) if is_refund else printed),
        unit_price_cents=None if line is None else _unsigned(each),
        is_weighed=is_weight or pieces != pieces.to_integral_value(),
        is_canceled=bool(_CANCELED.search(status)),
        is_refund=is_refund,
        seller=said(row, "seller") or None,
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
    if line.total_cents is None or line.unit_price_cents is not None:
        return line
    total = line_cents(line.total_cents, line.quantity_thousandths)
    each = abs(line.total_cents)
    return msgspec.structs.replace(line, unit_price_cents=each, total_cents=total)


def _sum(lines: Iterable[OrderLine]) -> int:
    return sum(line.total_cents or 0 for line in lines if not line.is_canceled)
